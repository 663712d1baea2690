import { closeSync, fstatSync, openSync, statSync } from 'node:fs';
import { createCallSites } from './callees.ts';
import { createCodeEvents } from './code-events.ts';
import { decimalField, fieldEnd, hexField, textField } from './fields.ts';
import { createFrameTable, type Frame } from './frames.ts';
import { createLineReader } from './lines.ts';
import { createLostFrames } from './lost-frames.ts';
import { type MachineCode, openMachineCode } from './machine-code.ts';
import { createLogScript, type LogScript } from './scripts.ts';
import { createSymbols } from './symbols.ts';
import { createTickReader, type LostCounts, type Tick, type TickCounts } from './ticks.ts';

/** What a sink may look up while a log is being read; both grow as it goes. */
export interface LogTables {
  /** `frames[id]`. */
  readonly frames: readonly Frame[];
  readonly scripts: ReadonlyMap<number, LogScript>;
}

/** What a whole log said. */
export interface LogFacts extends LogTables {
  /** `13.6.233.17-node.53`, or '' when the log does not say. */
  readonly v8: string;
  readonly counts: Readonly<TickCounts>;
  /** Of the samples, those with a function's frame missing, and how well it was found. */
  readonly lost: Readonly<LostCounts>;
  /** The mean interval between consecutive ticks, pauses left out; 0 with fewer than two ticks. */
  readonly intervalMicros: number;
  /** Lines that made no sense and were skipped; a cut last line is not among them. */
  readonly badLines: number;
  /** The last line had no end: the process was killed, or still runs. */
  readonly cutOff: boolean;
}

/** One isolate's log, read once while it is being written. */
export interface LogReader {
  /**
   * Takes what has been written since and ends before the file position `until` (bytes). Where it comes to code
   * whose machine code has not been written yet, it stops; when `pastUnknown` it goes on without.
   */
  advance(until: number, pastUnknown: boolean): Promise<void>;
  /** Takes the rest, and closes the file. What was written is all there will be. */
  finish(): Promise<LogFacts>;
  /** What the log has said so far. */
  facts(): LogFacts;
  /** Bytes of the file that have been taken, and that are there beside them. */
  taken(): number;
  behind(): number;
  /** Closes the file without taking the rest. */
  close(): void;
}

/**
 * Opens one isolate's log, made by `node --prof --log-source-position --detailed-line-info`. `begin` gets the
 * tables and returns what takes each sample. Memory grows with the code, not with the ticks. Throws, as `advance`
 * and `finish` reject, when the file cannot be read; a garbled line is only counted.
 */
export function openLog(path: string, begin: (tables: LogTables) => (tick: Tick) => void): LogReader {
  const descriptor = openSync(path, 'r');
  const machineCode = openMachineCode(path);
  const lines = createLineReader(descriptor);
  const log = createLog(path, machineCode, begin);
  let open = true;
  const close = (): void => {
    if (!open) return;
    open = false;
    machineCode?.close();
    closeSync(descriptor);
  };
  const facts = (): LogFacts => ({ ...log.facts(), cutOff: lines.left > 0 });
  return {
    facts,
    close,
    taken: () => lines.position,
    behind: () => (open ? fstatSync(descriptor).size - lines.position : 0),
    async advance(until, pastUnknown) {
      machineCode?.readMore();
      await lines.read(until, (bytes, from, to, position) =>
        log.line(bytes, from, to, position, pastUnknown),
      );
    },
    async finish() {
      try {
        machineCode?.readMore();
        const all = Number.POSITIVE_INFINITY;
        await lines.read(all, (bytes, from, to, position) => log.line(bytes, from, to, position, true));
        return facts();
      } finally {
        close();
      }
    },
  };
}

/** Bytes of a log that has surely begun: V8's own builtins alone take more. */
const BEGUN = 1 << 16;

/** Whether a log that is being written has come far enough to be opened, the machine code beside it too. */
export function hasBegun(path: string): boolean {
  const sizeOf = (file: string): number | null => statSync(file, { throwIfNoEntry: false })?.size ?? null;
  return (sizeOf(path) ?? 0) > BEGUN && sizeOf(`${path}.ll`) !== 0;
}

/** Reads a log that is whole; see `openLog`. */
export async function readLog(
  path: string,
  begin: (tables: LogTables) => (tick: Tick) => void,
): Promise<LogFacts> {
  return await openLog(path, begin).finish();
}

interface Log {
  /** Takes a line; false, unless it is `final`, when its machine code is not there yet. */
  line(bytes: Buffer, from: number, to: number, position: number, final: boolean): boolean;
  facts(): Omit<LogFacts, 'cutOff'>;
}

function createLog(
  path: string,
  machineCode: MachineCode | null,
  begin: (tables: LogTables) => (tick: Tick) => void,
): Log {
  const frames = createFrameTable();
  const scripts = new Map<number, LogScript>();
  const symbols = createSymbols(frames, machineCode?.architecture ?? '');
  const calls = createCallSites();
  const lostFrames = createLostFrames(symbols, frames, calls, machineCode?.architecture ?? '');
  const code = createCodeEvents(symbols, scripts, machineCode, lostFrames.note);
  const sink = begin({ frames: frames.list, scripts });
  const ticks = createTickReader(symbols, frames, code.callbacks, calls, lostFrames, sink);
  let v8 = '';
  let badLines = 0;

  const scriptSource = (bytes: Buffer, from: number, to: number, position: number): boolean => {
    const idEnd = fieldEnd(bytes, from, to);
    const urlEnd = fieldEnd(bytes, idEnd + 1, to);
    const id = decimalField(bytes, from, idEnd);
    if (!(id >= 0) || urlEnd >= to + 1) return false;
    const textFrom = Math.min(urlEnd + 1, to);
    scripts.set(
      id,
      createLogScript(id, textField(bytes, idEnd + 1, urlEnd), path, position + textFrom, to - textFrom),
    );
    return true;
  };

  /** `shared-library,path,start,end,slide`, the path escaped. */
  const sharedLibrary = (bytes: Buffer, from: number, to: number): boolean => {
    const pathEnd = fieldEnd(bytes, from, to);
    const startEnd = fieldEnd(bytes, pathEnd + 1, to);
    const start = hexField(bytes, pathEnd + 1, startEnd);
    const end = hexField(bytes, startEnd + 1, fieldEnd(bytes, startEnd + 1, to));
    if (!(start >= 0 && end >= 0)) return false;
    symbols.addLibrary(start, end);
    return true;
  };

  /** `new,CodeRange,start,0`: where V8 puts the code it makes; other allocations say nothing here. */
  const codeRange = (bytes: Buffer, from: number, to: number): void => {
    const typeEnd = fieldEnd(bytes, from, to);
    if (bytes.toString('latin1', from, typeEnd) !== 'CodeRange') return;
    symbols.embedded.codeRange(hexField(bytes, typeEnd + 1, fieldEnd(bytes, typeEnd + 1, to)));
  };

  const handlers: Readonly<Record<string, (bytes: Buffer, from: number, to: number) => boolean>> = {
    'code-source-info': code.sourceInfo,
    'code-move': code.move,
    'code-delete': code.remove,
    'sfi-move': code.sfiMove,
  };

  return {
    facts: () => ({
      frames: frames.list,
      scripts,
      v8,
      counts: ticks.counts,
      lost: ticks.lost,
      intervalMicros: ticks.intervalMicros(),
      badLines,
    }),
    line(bytes, from, to, position, final) {
      // `tick,` is nearly every line.
      if (bytes[from] === 0x74 && bytes[from + 1] === 0x69 && bytes[from + 4] === 0x2c) {
        if (!ticks.read(bytes, from + 5, to)) badLines++;
        return true;
      }
      if (from === to) return true;
      const nameEnd = fieldEnd(bytes, from, Math.min(to, from + 40));
      const name = bytes.toString('latin1', from, nameEnd);
      const rest = Math.min(nameEnd + 1, to);
      const handler = handlers[name];
      if (name === 'code-creation') {
        const taken = code.creation(bytes, rest, to, final);
        if (taken === 'early') return false;
        if (taken === 'bad') badLines++;
      } else if (handler !== undefined) {
        if (!handler(bytes, rest, to)) badLines++;
      } else if (name === 'script-source') {
        if (!scriptSource(bytes, rest, to, position - from)) badLines++;
      } else if (name === 'new') {
        codeRange(bytes, rest, to);
      } else if (name === 'shared-library') {
        if (!sharedLibrary(bytes, rest, to)) badLines++;
      } else if (name === 'v8-version') {
        v8 = versionText(bytes, rest, to);
      } else if (!/^[a-z][a-z0-9-]*$/.test(name)) badLines++;
      return true;
    },
  };
}

/** `v8-version,major,minor,build,patch,embedder,candidate` → as `process.versions.v8`. */
function versionText(bytes: Buffer, from: number, to: number): string {
  const [major, minor, build, patch, embedder] = textField(bytes, from, to).split(',');
  return `${major}.${minor}.${build}.${patch}${embedder ?? ''}`;
}
