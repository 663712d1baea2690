import type { Protocol } from 'devtools-protocol';
import { ProfileError } from '../model/error.ts';

/**
 * A profile as V8's inspector writes it (`node --cpu-prof`, VS Code's debugger, Chrome DevTools). Lines and columns
 * of call frames are 0-based, those of position ticks 1-based, times in microseconds.
 */
export type CpuProfile = Protocol.Profiler.Profile;
export type CpuProfileNode = Protocol.Profiler.ProfileNode;

/** Whether a parsed JSON value means to be such a profile, sound or not. */
export function looksLikeCpuProfile(value: unknown): boolean {
  return (
    isObject(value) && (Array.isArray(value['nodes']) || isObject(value['head'])) && 'startTime' in value
  );
}

/**
 * The text of a .cpuprofile, checked: nodes make one tree, samples name nodes, numbers are numbers.
 * `name` is what the file is called in messages.
 * @throws ProfileError `bad-result-file` with what is wrong and what to do.
 */
export function readCpuProfile(text: string, name: string): CpuProfile {
  const value = parse(text, name);
  const wrong = whatIsWrong(value);
  if (wrong !== null) throw bad(name, wrong);
  return value as CpuProfile;
}

function parse(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (text.trim() === '') throw bad(name, 'is empty');
    const why = text.trimStart().startsWith('{')
      ? 'is cut off or damaged: it is not JSON'
      : 'is no CPU profile';
    throw bad(name, why, error);
  }
}

function whatIsWrong(value: unknown): string | null {
  if (!isObject(value)) return 'is no CPU profile';
  if (isObject(value['head'])) return 'is of the old format that Chrome and Node wrote before 2017';
  if (Array.isArray(value['traceEvents'])) return 'is a trace of a whole page, not a CPU profile';
  const { nodes, startTime, endTime, samples, timeDeltas } = value;
  if (!Array.isArray(nodes)) return 'is no CPU profile: it has no nodes';
  if (nodes.length === 0) return 'holds no samples at all';
  if (!isNumber(startTime) || !isNumber(endTime))
    return 'is damaged: it does not say when it began and ended';
  const badNode = nodes.findIndex((node) => !isNode(node));
  if (badNode >= 0) return `is damaged: its node ${badNode} does not fit the format`;
  const ids = new Map((nodes as CpuProfileNode[]).map((node, index) => [node.id, index]));
  if (ids.size !== nodes.length) return 'is damaged: two of its nodes have the same id';
  if (!isTree(nodes as CpuProfileNode[], ids)) return 'is damaged: its nodes do not make a tree';
  if (samples !== undefined && !(isNumbers(samples) && samples.every((id) => ids.has(id)))) {
    return 'is damaged: a sample is of a node that it does not have';
  }
  if (timeDeltas !== undefined && !isNumbers(timeDeltas)) return 'is damaged: its times are not numbers';
  return null;
}

function isNode(node: unknown): node is CpuProfileNode {
  if (!isObject(node) || !isNumber(node['id']) || !isObject(node['callFrame'])) return false;
  const { functionName, url, lineNumber, columnNumber } = node['callFrame'];
  const { children, hitCount, positionTicks } = node;
  return (
    typeof functionName === 'string' &&
    typeof url === 'string' &&
    isNumber(lineNumber) &&
    isNumber(columnNumber) &&
    (children === undefined || isNumbers(children)) &&
    (hitCount === undefined || (isNumber(hitCount) && hitCount >= 0)) &&
    (positionTicks === undefined ||
      (Array.isArray(positionTicks) &&
        positionTicks.every((tick) => isObject(tick) && isNumber(tick['line']) && isNumber(tick['ticks']))))
  );
}

/** Every node but the first is the child of exactly one, and hangs below the first. */
function isTree(nodes: readonly CpuProfileNode[], ids: ReadonlyMap<number, number>): boolean {
  const reached = new Set<number>([nodes[0]!.id]);
  const waiting = [nodes[0]!];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    for (const id of node.children ?? []) {
      const index = ids.get(id);
      if (index === undefined || reached.has(id)) return false;
      reached.add(id);
      waiting.push(nodes[index]!);
    }
  }
  return reached.size === nodes.length;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function isNumbers(value: unknown): value is number[] {
  return Array.isArray(value) && value.every(isNumber);
}

function bad(name: string, why: string, cause?: unknown): ProfileError {
  return new ProfileError(
    'bad-result-file',
    `${name} ${why}`,
    'Open a .cpuprofile that VS Code, Chrome DevTools or node --cpu-prof has written.',
    { cause },
  );
}
