import { execFile } from 'node:child_process';
import {
  closeSync,
  constants,
  createWriteStream,
  fstatSync,
  openSync,
  readFileSync,
  readSync,
  writeSync,
} from 'node:fs';
import { stat, writeFile } from 'node:fs/promises';
import { Socket } from 'node:net';
import { promisify } from 'node:util';
import type { StdinPolicy } from '../model/launch.ts';

/** A program's stdin: what to give to `spawn`, and what to do once it has started and when it has ended. */
export interface ProgramStdin {
  readonly stdio: 'inherit' | 'ignore' | number;
  readonly started: () => void;
  readonly ended: () => Promise<void>;
}

const run = promisify(execFile);
const nothing = async (): Promise<void> => {};
const INHERITED: ProgramStdin = { stdio: 'inherit', started: () => {}, ended: nothing };
/** Beside the recorded bytes: where in the file on stdin the program began to read. */
const POSITION = '.from';

/** Opens what a plan says the program shall read. */
export async function openStdin(policy: StdinPolicy): Promise<ProgramStdin> {
  const kind = stdinKind();
  switch (policy.kind) {
    case 'inherit':
      return INHERITED;
    case 'record':
      if (kind === 'file') await writeFile(policy.file + POSITION, String(filePosition()));
      return kind === 'pipe' && process.platform !== 'win32' ? record(policy.file) : INHERITED;
    case 'replay':
      if (kind === 'file') await copyFileOnStdin(policy.file);
      return replay(policy.file);
  }
}

function stdinKind(): 'file' | 'pipe' | 'other' {
  try {
    const stats = fstatSync(0);
    if (stats.isFile()) return 'file';
    return stats.isFIFO() || stats.isSocket() ? 'pipe' : 'other';
  } catch {
    return 'other';
  }
}

/**
 * A pipe of our own between stdin and the program, so that every byte is kept too. It is a real FIFO: a program
 * may open /dev/stdin, which the socket that Node makes for `pipe` does not allow.
 */
async function record(file: string): Promise<ProgramStdin> {
  const path = `${file}.fifo`;
  try {
    await run('mkfifo', ['-m', '600', path]);
  } catch {
    return INHERITED;
  }
  // Opened for both, so that neither of the next two waits for the other end.
  const both = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
  const readEnd = openSync(path, constants.O_RDONLY);
  const writeEnd = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
  closeSync(both);
  const copy = createWriteStream(file, { mode: 0o600 });
  const copied = new Promise<void>((resolve) => {
    copy.once('close', resolve);
    // A full disk costs the second run its input, not the program.
    copy.once('error', () => resolve());
  });
  const toProgram = new Socket({ fd: writeEnd, readable: false, writable: true });
  // The program need not read to the end.
  toProgram.on('error', () => {});
  const { stdin } = process;
  return {
    stdio: readEnd,
    started() {
      closeSync(readEnd);
      stdin.on('error', () => toProgram.end());
      stdin.on('data', (bytes: Buffer) => copy.write(bytes));
      stdin.on('end', () => copy.end());
      stdin.pipe(toProgram);
    },
    async ended() {
      stdin.unpipe(toProgram);
      stdin.destroy();
      toProgram.destroy();
      copy.end();
      await copied;
    },
  };
}

async function replay(file: string): Promise<ProgramStdin> {
  try {
    await stat(file);
  } catch {
    return { stdio: 'ignore', started: () => {}, ended: nothing };
  }
  const fd = openSync(file, 'r');
  return { stdio: fd, started: () => closeSync(fd), ended: nothing };
}

/** Where the next read of a file on stdin would begin; Node has no call for it (format: man 5 proc_pid_fdinfo). */
function filePosition(): number {
  try {
    return Number(/^pos:\s*(\d+)/m.exec(readFileSync('/proc/self/fdinfo/0', 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

/** Copies the file on stdin from where the first run began, without moving its position. */
async function copyFileOnStdin(file: string): Promise<void> {
  let position = 0;
  try {
    position = Number(readFileSync(file + POSITION, 'utf8'));
  } catch {
    // Never recorded: from the start.
  }
  const to = openSync(file, 'w', 0o600);
  try {
    const bytes = Buffer.allocUnsafe(1 << 20);
    for (let n = readSync(0, bytes, 0, bytes.length, position); n > 0; ) {
      writeSync(to, bytes, 0, n);
      position += n;
      n = readSync(0, bytes, 0, bytes.length, position);
    }
  } finally {
    closeSync(to);
  }
}
