import { Writable } from 'node:stream';

/**
 * Does something that makes Node start a thread. Node pipes a thread's output to `process.stdout` and `.stderr`, and
 * merely to look at these makes a pipe non-blocking: `fs.writeSync(1, …)` would then fail once the pipe is full. So
 * they are stand-ins meanwhile, which open the real ones when the thread writes something.
 */
export function withoutStdio(work: () => void): void {
  const names = ['stdout', 'stderr'] as const;
  const before = names.map((name) => Object.getOwnPropertyDescriptor(process, name)!);
  for (const name of names) {
    const standIn = new Writable({
      write: (chunk, encoding, done) => void process[name].write(chunk as Buffer, encoding, done),
    });
    Object.defineProperty(process, name, { configurable: true, enumerable: true, get: () => standIn });
  }
  try {
    work();
  } finally {
    for (const [index, name] of names.entries()) Object.defineProperty(process, name, before[index]!);
  }
}
