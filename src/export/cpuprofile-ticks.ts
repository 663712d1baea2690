import type { InputScriptMap } from '../analyze/input.ts';
import type { CpuProfile, CpuProfileNode } from './cpuprofile-file.ts';

/** One node of the call tree: samples that ended in it, and the lines they were on. */
export interface TickNode {
  readonly callFrame: CpuProfileNode['callFrame'];
  /** Index of the caller's node, before its own; -1 for the root. */
  readonly parent: number;
  readonly selfTicks: number;
  /** With all nodes below. */
  readonly ticks: number;
  /** [1-based line of the script as V8 had it, ticks]; their sum may be less than `selfTicks`. */
  readonly lines: readonly (readonly [number, number])[];
}

/** The samples of a profile. */
export interface Ticks {
  /** In preorder, the root first. */
  readonly nodes: readonly TickNode[];
  /** Mean time between two samples; 0 when the file does not tell. */
  readonly intervalMicros: number;
  readonly realMicros: number;
  /** The file says on which lines its samples fell. */
  readonly hasLines: boolean;
}

/** The samples of a checked profile, counted by node. */
export function ticksOf(profile: CpuProfile): Ticks {
  const byId = new Map(profile.nodes.map((node) => [node.id, node]));
  const own = selfTicks(profile);
  const order: { readonly node: CpuProfileNode; readonly parent: number }[] = [];
  const waiting: (typeof order)[number][] = [{ node: profile.nodes[0]!, parent: -1 }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const index = order.push(next) - 1;
    for (const id of [...(next.node.children ?? [])].reverse()) {
      waiting.push({ node: byId.get(id)!, parent: index });
    }
  }
  const sums = order.map(({ node }) => own.get(node.id) ?? 0);
  for (let index = order.length - 1; index > 0; index--) sums[order[index]!.parent]! += sums[index]!;
  const nodes = order.map(({ node, parent }, index) => ({
    callFrame: node.callFrame,
    parent,
    selfTicks: own.get(node.id) ?? 0,
    ticks: sums[index]!,
    lines: (node.positionTicks ?? []).map(({ line, ticks }) => [line, ticks] as const),
  }));
  const realMicros = Math.max(0, profile.endTime - profile.startTime);
  return {
    nodes,
    intervalMicros: meanInterval(profile, sums[0]!, realMicros),
    realMicros,
    hasLines: nodes.some(({ lines }) => lines.length > 0),
  };
}

/** Hit counts, or where a file has none, its samples counted. */
function selfTicks({ nodes, samples }: CpuProfile): Map<number, number> {
  if (samples === undefined || nodes.some(({ hitCount }) => hitCount !== undefined)) {
    return new Map(nodes.map(({ id, hitCount }) => [id, hitCount ?? 0]));
  }
  const counts = new Map<number, number>();
  for (const id of samples) counts.set(id, (counts.get(id) ?? 0) + 1);
  return counts;
}

function meanInterval({ timeDeltas }: CpuProfile, ticks: number, realMicros: number): number {
  if (timeDeltas === undefined || timeDeltas.length < 2) return ticks === 0 ? 0 : realMicros / ticks;
  // The first delta is the time until sampling began. Samples may be written out of order: deltas below 0.
  const sum = timeDeltas.slice(1).reduce((total, delta) => total + delta, 0);
  return Math.max(0, sum) / (timeDeltas.length - 1);
}

/** The original lines that code on a line of a script was made from, each once, in the order of the code. */
export function originalLines(
  script: InputScriptMap,
  lineStarts: readonly number[],
  line: number,
): readonly { readonly file: string; readonly line: number }[] {
  const start = lineStarts[line - 1];
  if (start === undefined) return [];
  const end = lineStarts[line] ?? script.text.length;
  if (!script.mapped) {
    const position = script.atLoaded(start);
    return position === null ? [] : [{ file: position.file, line }];
  }
  const found = new Map<string, { readonly file: string; readonly line: number }>();
  // Maps have a segment at most for each token.
  for (const { index } of script.text
    .slice(start, end)
    .matchAll(/[\p{ID_Continue}$#]+|[^\s\p{ID_Continue}$#]/gu)) {
    const position = script.atLoaded(start + index);
    if (position !== null)
      found.set(`${position.line} ${position.file}`, { file: position.file, line: position.line });
  }
  return [...found.values()];
}
