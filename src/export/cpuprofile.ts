import { lineText } from '../analyze/files.ts';
import type { InputScriptMap } from '../analyze/input.ts';
import { scriptKind, shownPath } from '../analyze/kinds.ts';
import { wilson } from '../analyze/wilson.ts';
import type { CallTree, FunctionProfile, LineStats, Profile, TreeFrame } from '../model/profile.ts';
import type { SourceFile } from '../model/source.ts';
import { type CpuProfile, readCpuProfile } from './cpuprofile-file.ts';
import { type CpuPlaces, createCpuPlaces, type OwnFunction, type TickPlace } from './cpuprofile-places.ts';
import { type TickNode, type Ticks, ticksOf } from './cpuprofile-ticks.ts';

/** What a .cpuprofile does not hold itself. */
export interface CpuProfileContext {
  /** What the file is called in messages. */
  readonly name: string;
  /** Absolute; paths below it are shown relative to it. */
  readonly cwd: string;
  /** When it was recorded, as far as is known. */
  readonly startedAt: Date;
  /** At most so many functions, those with most self time. */
  readonly most: number;
  /** The script of a URL as it is on this machine; null when it is not there. */
  readonly open: (url: string) => InputScriptMap | null;
  /** Throws for text that is no JavaScript or TypeScript. */
  readonly parse: (text: string, file: string) => SourceFile;
}

/**
 * A profile from the text of a .cpuprofile: self time of the user's own functions and, where the file has position
 * ticks, of their lines. Such a file does not know on which lines calls stood, so a line's `totalMicros` is null,
 * and `samples` and `percent` are of its self samples (`run.times`).
 * @throws ProfileError `bad-result-file`
 */
export function importCpuProfile(text: string, context: CpuProfileContext): Profile {
  return buildCpuProfile(readCpuProfile(text, context.name), context, hottest);
}

/** The same from a checked profile, with the functions that `choose` chooses from those on this machine. */
export function buildCpuProfile(
  profile: CpuProfile,
  context: CpuProfileContext,
  choose: (counts: Counts, most: number, places: CpuPlaces) => readonly OwnFunction[],
): Profile {
  const ticks = ticksOf(profile);
  const places = createCpuPlaces(context.open, context.parse);
  const counts = count(ticks, places);
  const chosen = choose(counts, context.most, places);
  const all = ticks.nodes[0]!.ticks;
  const of = (names: RegExp) =>
    sum(ticks.nodes, ({ callFrame }) => isNameless(callFrame) && names.test(callFrame.functionName));
  const idle = of(/^\(idle\)$/);
  const { intervalMicros } = ticks;
  return {
    format: 'lineprof/1',
    run: {
      command: [context.name],
      cwd: context.cwd,
      node: 'unknown',
      v8: 'unknown',
      startedAt: context.startedAt.toISOString(),
      realMicros: ticks.realMicros,
      userMicros: null,
      systemMicros: null,
      maxRssBytes: null,
      exitCode: null,
      signal: null,
      stopped: null,
      requestedIntervalMicros: intervalMicros,
      intervalMicros,
      samples: all - idle,
      unplacedSamples: counts.unplaced,
      outsideSamples: of(/^\((?:root|program|garbage collector)\)$/),
      cutSamples: 0,
      overheadSamples: 0,
      repeats: null,
      hits: 'none',
      times: ticks.hasLines ? 'self' : 'functions',
      processes: [],
      notes: notesOf(ticks, counts, places),
    },
    functions: chosen.map((owner) => functionProfile(owner, counts, ticks, context.cwd)),
    tree: treeOf(ticks.nodes, places, context.cwd),
  };
}

/** Samples by function, with those of functions written inside it. */
interface OwnCounts {
  total: number;
  self: number;
  /** Self, those of other named functions inside it left out: what it is chosen by. */
  own: number;
  /** Self samples on a line that is not known. */
  lineless: number;
  readonly lines: Map<number, number>;
}

/** What was counted, by function. */
export interface Counts {
  readonly functions: Map<OwnFunction, OwnCounts>;
  unplaced: number;
  /** Samples that went to another function than their frame's. */
  moved: number;
}

function count({ nodes, hasLines }: Ticks, places: CpuPlaces): Counts {
  const counts: Counts = { functions: new Map(), unplaced: 0, moved: 0 };
  const stacks: ReadonlySet<OwnFunction>[] = [];
  nodes.forEach((node, index) => {
    const { callFrame, parent, selfTicks, ticks } = node;
    const above = stacks[parent] ?? new Set<OwnFunction>();
    const owner = places.functionOf(callFrame);
    const fresh = (owner?.chain ?? []).filter((one) => !above.has(one));
    for (const one of fresh) countsOf(counts, one).total += ticks;
    const stack = fresh.length === 0 ? above : new Set([...above, ...fresh]);
    stacks[index] = stack;
    let left = selfTicks;
    for (const [line, number] of node.lines) {
      const place = places.placeOf(callFrame, line);
      const taken = Math.min(left, number);
      left -= taken;
      if (place === null) {
        if (places.isOwn(callFrame)) counts.unplaced += taken;
        continue;
      }
      if (place.owner !== owner && owner !== null) counts.moved += taken;
      addSelf(counts, place, taken, stack);
    }
    if (owner !== null) addSelf(counts, { owner, line: null }, left, stack);
    if (owner !== null && hasLines) for (const one of owner.chain) countsOf(counts, one).lineless += left;
  });
  return counts;
}

function addSelf(
  counts: Counts,
  { owner, line }: TickPlace,
  ticks: number,
  stack: ReadonlySet<OwnFunction>,
): void {
  if (ticks === 0) return;
  for (const one of owner.chain) {
    const own = countsOf(counts, one);
    own.self += ticks;
    // An inlined function was on the stack, though the file does not show it.
    if (!stack.has(one)) own.total += ticks;
    if (line !== null) own.lines.set(line, (own.lines.get(line) ?? 0) + ticks);
  }
  const named = owner.chain.find(({ fn }) => fn.kind === 'module' || !fn.name.endsWith('>'));
  if (named !== undefined) countsOf(counts, named).own += ticks;
}

function countsOf({ functions }: Counts, owner: OwnFunction): OwnCounts {
  let own = functions.get(owner);
  if (own === undefined) {
    own = { total: 0, self: 0, own: 0, lineless: 0, lines: new Map() };
    functions.set(owner, own);
  }
  return own;
}

function hottest({ functions }: Counts, most: number): OwnFunction[] {
  return [...functions]
    .filter(([, { own }]) => own > 0)
    .sort(([, a], [, b]) => b.own - a.own)
    .slice(0, most)
    .map(([owner]) => owner);
}

function functionProfile(owner: OwnFunction, counts: Counts, ticks: Ticks, cwd: string): FunctionProfile {
  const { file, fn } = owner;
  const { total, self, lineless, lines: byLine } = countsOf(counts, owner);
  const { intervalMicros, hasLines } = ticks;
  const lines: LineStats[] = [];
  for (let line = fn.line; line <= fn.endLine; line++) {
    const own = byLine.get(line) ?? 0;
    const interval = hasLines && total > 0 ? wilson(own, total) : null;
    lines.push({
      line,
      text: lineText(file, line),
      hits: null,
      selfSamples: own,
      samples: own,
      selfMicros: hasLines ? own * intervalMicros : null,
      totalMicros: null,
      percent: interval === null ? null : (own / total) * 100,
      percentMargin: interval === null ? null : interval.margin * 100,
      percentLow: interval === null ? null : interval.low * 100,
      percentHigh: interval === null ? null : interval.high * 100,
      where: {},
      calls: [],
      memory: null,
    });
  }
  return {
    name: fn.name,
    file: shownPath(file.path, cwd),
    line: fn.line,
    column: fn.column,
    endLine: fn.endLine,
    calls: null,
    callsInTimedRun: null,
    selfMicros: self * intervalMicros,
    totalMicros: total * intervalMicros,
    samples: total,
    selfSamples: self,
    lines,
    notes:
      lineless > 0
        ? [`${lineless} of its ${self} self samples are on lines that the file does not tell.`]
        : [],
  };
}

function notesOf({ nodes, hasLines }: Ticks, counts: Counts, places: CpuPlaces): string[] {
  return [
    hasLines
      ? 'Self time only: a .cpuprofile knows which line ran, not which lines called. The time of a call is in the function that was called.'
      : 'Functions only: this .cpuprofile has no line numbers of its samples.',
    ...(hasLines
      ? [
          'Recorded on Node 20 to 24, the time of callees that V8 had inlined may be on wrong lines: it wrote them down with the outer function and the inner line number.',
        ]
      : []),
    ...(counts.moved > 0
      ? [
          `${counts.moved} samples were on lines outside of their function: inlined calls. They count for the functions that hold those lines.`,
        ]
      : []),
    ...(nodes[0]!.ticks === 0 ? ['There is no sample in this file: the recording was too short.'] : []),
    ...places.notes(),
  ];
}

/** `(root)`, `(program)`, `(idle)` and `(garbage collector)` are no functions. */
function isNameless({ url, functionName }: TickNode['callFrame']): boolean {
  return url === '' && /^\(.*\)$/.test(functionName);
}

function sum(nodes: readonly TickNode[], which: (node: TickNode) => boolean): number {
  return nodes.reduce((total, node) => total + (which(node) ? node.selfTicks : 0), 0);
}

function treeOf(nodes: readonly TickNode[], places: CpuPlaces, cwd: string): CallTree {
  const frames: TreeFrame[] = [];
  const ids = new Map<string, number>();
  const idOf = (node: TickNode): number => {
    const frame = frameOf(node, places, cwd);
    const key = JSON.stringify(frame);
    const known = ids.get(key);
    if (known !== undefined) return known;
    ids.set(key, frames.length);
    return frames.push(frame) - 1;
  };
  return {
    frames,
    nodes: nodes.map((node) => ({
      frame: idOf(node),
      parent: node.parent,
      selfSamples: node.selfTicks,
      samples: node.ticks,
    })),
  };
}

function frameOf({ callFrame, parent }: TickNode, places: CpuPlaces, cwd: string): TreeFrame {
  if (parent < 0) return { name: '(root)', kind: 'root', file: null, line: null, column: null };
  const owner = places.functionOf(callFrame);
  if (owner !== null) {
    const { name, line, column } = owner.fn;
    return { name, kind: 'own', file: shownPath(owner.file.path, cwd), line, column };
  }
  const { url, functionName, lineNumber, columnNumber } = callFrame;
  const name = functionName === '' ? '(anonymous)' : functionName;
  if (url === '') {
    return { name, kind: isNameless(callFrame) ? 'native' : 'builtin', file: null, line: null, column: null };
  }
  const known = lineNumber >= 0 && columnNumber >= 0;
  return {
    name,
    kind: scriptKind(url.startsWith('node:') ? null : url, url),
    file: url,
    line: known ? lineNumber + 1 : null,
    column: known ? columnNumber : null,
  };
}
