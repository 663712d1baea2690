import { join } from 'node:path';
import type { NodeInfo } from './node.ts';

/**
 * V8's flags for a log that says which source offset every sample was at (docs: V8's own `--prof` log).
 * Sparkplug code has no position table, and Maglev gives the calls of a peeled loop's body to its header,
 * so both are off. `--ll-prof` writes the machine code beside the log, for code that has no positions at all
 * (v8log/out-of-line.ts); it touches a file when code moves, which else lies in /tmp. One file an isolate: `isolate-<address>-<pid>-v8-<millis>-<pid>.log`.
 */
export function logFlags(folder: string, intervalMicros: number, node: NodeInfo): readonly string[] {
  return [
    '--prof',
    // V8 expands %p (process id) and %t (milliseconds since 1970) in the name, and %% is a percent sign. A
    // worker's isolate may come to lie where an earlier worker's was: only the time tells them apart.
    `--logfile=${join(folder.replaceAll('%', '%%'), 'v8-%t-%p.log')}`,
    '--logfile-per-isolate',
    '--log-source-position',
    '--detailed-line-info',
    // The preload has them logged from then on (collect/preload.ts).
    '--no-log-source-code',
    `--prof-sampling-interval=${Math.max(1, Math.round(intervalMicros))}`,
    '--no-sparkplug',
    ...(node.machineCodeLog ? ['--ll-prof', `--gc-fake-mmap=${join(folder, 'moved')}`] : []),
    ...(node.maglevLoopPeeling ? ['--no-maglev-loop-peeling'] : []),
  ];
}
