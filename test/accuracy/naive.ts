import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import type { LineSamples, Measured } from './compare.ts';
import type { Range } from './truth.ts';

/** https://chromedevtools.github.io/devtools-protocol/tot/Profiler/#type-ProfileNode; callFrame lines are 0-based. */
interface ProfileNode {
  readonly id: number;
  readonly callFrame: { readonly url: string; readonly lineNumber: number };
  readonly hitCount: number;
  readonly children?: readonly number[];
  readonly positionTicks?: readonly { readonly line: number; readonly ticks: number }[];
}

const PRELOAD = fileURLToPath(new URL('naive-preload.cjs', import.meta.url));

/** A program's profile by node:inspector, which knows the line a function was running itself, and no other. */
export async function inspectorProfile(
  entry: string,
  millis: number,
  folder: string,
  node: string,
): Promise<readonly ProfileNode[]> {
  const file = join(folder, 'naive.json');
  await promisify(execFile)(node, ['--require', PRELOAD, entry, String(millis)], {
    env: { ...process.env, ACCURACY_NAIVE: file },
  });
  const { nodes } = JSON.parse(await readFile(file, 'utf8')) as { nodes: ProfileNode[] };
  return nodes;
}

/**
 * A function's lines as `positionTicks` has them: its self ticks for both metrics, since it has nothing for the
 * line of a call. The function's samples are those with any of its frames on the stack.
 */
export function naiveMeasured(nodes: readonly ProfileNode[], name: string, range: Range): Measured {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const url = pathToFileURL(range.file).href;
  const lines = new Map<number, LineSamples>();
  const inside = ({ callFrame }: ProfileNode) =>
    (callFrame.url === url || callFrame.url === range.file) &&
    callFrame.lineNumber + 1 >= range.line &&
    callFrame.lineNumber + 1 <= range.endLine;
  let samples = 0;
  const walk = (node: ProfileNode, below: boolean): void => {
    const within = below || inside(node);
    if (within) samples += node.hitCount;
    if (inside(node)) {
      for (const { line, ticks } of node.positionTicks ?? []) {
        if (line < range.line || line > range.endLine) continue;
        const count = (lines.get(line)?.self ?? 0) + ticks;
        lines.set(line, { inclusive: count, self: count });
      }
    }
    for (const child of node.children ?? []) walk(byId.get(child)!, within);
  };
  walk(nodes[0]!, false);
  return { ...range, name, samples, lines };
}
