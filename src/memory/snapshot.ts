import type { ObjectsMemory } from '../model/memory.ts';

/** So many objects. */
export interface Amount {
  count: number;
  bytes: number;
}

/** Objects of one constructor. */
export interface Kind extends Readonly<Amount> {
  /** Of these, what was made in each stretch between two marks. */
  readonly made: readonly Readonly<Amount>[];
}

interface Header {
  readonly snapshot: {
    readonly meta: {
      readonly node_fields: readonly string[];
      readonly node_types: readonly [readonly string[], ...unknown[]];
      readonly edge_fields: readonly string[];
      readonly edge_types: readonly [readonly string[], ...unknown[]];
    };
    readonly node_count: number;
    readonly edge_count: number;
  };
}

/** What is V8's own: code, shapes, scopes. It makes them when it likes. */
export const SYSTEM = '(system)';

/** Nodes that are parts of an object where it alone holds them: boxed numbers, element and property stores, buffers. */
const PARTS = new Set(['number', 'array', 'native', 'hidden', 'object shape']);

/**
 * Objects by constructor of a heap snapshot as V8 writes it, the parts that an object alone holds counted in. The
 * file is read by its bytes, as it may be longer than a string can be.
 * @param marks ids that part stretches: objects above one and up to the next were made between them
 * @throws Error for what is no heap snapshot
 */
export function objectsOf(file: Uint8Array, marks: readonly number[] = []): ReadonlyMap<string, Kind> {
  const text = (from: number, to: number): string => new TextDecoder().decode(file.subarray(from, to));
  const nodesAt = find(file, '"nodes":[', 0);
  const header = JSON.parse(`${text(0, nodesAt).trim().replace(/,$/, '')}}`) as Header;
  const { meta, node_count: nodeCount, edge_count: edgeCount } = header.snapshot;
  const nodeSize = meta.node_fields.length;
  const edgeSize = meta.edge_fields.length;
  const nodes = numbersAfter(file, nodesAt + '"nodes":['.length, nodeCount * nodeSize);
  const edgesAt = find(file, '"edges":[', nodes.end);
  const edges = numbersAfter(file, edgesAt + '"edges":['.length, edgeCount * edgeSize);
  const stringsAt = find(file, '"strings":[', edges.end) + '"strings":'.length;
  const strings = JSON.parse(text(stringsAt, file.lastIndexOf(0x5d) + 1)) as string[];

  const field = (name: string): number => meta.node_fields.indexOf(name);
  const [type, name, id, size, degree] = ['type', 'name', 'id', 'self_size', 'edge_count'].map(field) as [
    number,
    number,
    number,
    number,
    number,
  ];
  const toNode = meta.edge_fields.indexOf('to_node');
  const weak = meta.edge_types[0].indexOf('weak');
  /** The one node that holds each; -1: none yet, -2: several. */
  const owner = new Int32Array(nodeCount).fill(-1);
  let edge = 0;
  for (let node = 0; node < nodeCount; node++) {
    const last = edge + nodes.values[node * nodeSize + degree]!;
    for (; edge < last; edge++) {
      if (edges.values[edge * edgeSize] === weak) continue;
      const to = edges.values[edge * edgeSize + toNode]! / nodeSize;
      owner[to] = owner[to] === -1 || owner[to] === node ? node : -2;
    }
  }
  const typeOf = (node: number): string => meta.node_types[0][nodes.values[node * nodeSize + type]!]!;
  /** Parts of parts belong to the whole; a few steps at most. */
  const whole = (node: number): number => {
    let at = node;
    for (let step = 0; step < 8 && PARTS.has(typeOf(at)) && owner[at]! >= 0; step++) at = owner[at]!;
    return at;
  };
  const idOf = (node: number): number => nodes.values[node * nodeSize + id]!;
  const last = marks.at(-1) ?? 0;
  const kinds = new Map<string, Amount & { readonly made: Amount[] }>();
  for (let node = 0; node < nodeCount; node++) {
    const of = whole(node);
    const label = labelOf(typeOf(of), strings[nodes.values[of * nodeSize + name]!] ?? '');
    let kind = kinds.get(label);
    if (kind === undefined) {
      kind = { count: 0, bytes: 0, made: marks.slice(1).map(() => ({ count: 0, bytes: 0 })) };
      kinds.set(label, kind);
    }
    // What lies outside of V8's heap (a buffer's bytes) gets its id from the snapshot: it is as old as its object.
    const made = kind.made[stretchOf(idOf(node) > last ? idOf(of) : idOf(node), marks)];
    for (const amount of made === undefined ? [kind] : [kind, made]) {
      if (of === node) amount.count++;
      amount.bytes += nodes.values[node * nodeSize + size]!;
    }
  }
  return kinds;
}

/** Which stretch an id is of; -1: of none. */
function stretchOf(id: number, marks: readonly number[]): number {
  let [low, high] = [0, marks.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (marks[middle]! < id) low = middle + 1;
    else high = middle;
  }
  return low < marks.length ? low - 1 : -1;
}

function labelOf(type: string, name: string): string {
  switch (type) {
    case 'object':
      return name;
    case 'closure':
      return '(functions)';
    case 'string':
    case 'concatenated string':
    case 'sliced string':
      return '(strings)';
    case 'array':
      return '(arrays within V8)';
    case 'number':
      return '(numbers)';
    default:
      return SYSTEM;
  }
}

/** What there is more or less of after than before, most bytes first. */
export function objectsGained(
  before: ReadonlyMap<string, Readonly<Amount>>,
  after: ReadonlyMap<string, Readonly<Amount>>,
): ObjectsMemory[] {
  return [...new Set([...before.keys(), ...after.keys()])]
    .map((name) => ({
      name,
      count: (after.get(name)?.count ?? 0) - (before.get(name)?.count ?? 0),
      bytes: (after.get(name)?.bytes ?? 0) - (before.get(name)?.bytes ?? 0),
    }))
    .filter(({ count, bytes }) => count !== 0 || bytes !== 0)
    .sort((a, b) => Math.abs(b.bytes) - Math.abs(a.bytes));
}

/** Offset of an ASCII text in the file, from `from` on. */
function find(file: Uint8Array, wanted: string, from: number): number {
  const first = wanted.charCodeAt(0);
  for (let at = file.indexOf(first, from); at >= 0; at = file.indexOf(first, at + 1)) {
    let matched = 1;
    while (matched < wanted.length && file[at + matched] === wanted.charCodeAt(matched)) matched++;
    if (matched === wanted.length) return at;
  }
  throw new Error(`no ${wanted} in the heap snapshot`);
}

/** Whole numbers between commas and line ends, up to a bracket. */
function numbersAfter(
  file: Uint8Array,
  from: number,
  count: number,
): { readonly values: Float64Array; readonly end: number } {
  const values = new Float64Array(count);
  let at = from;
  for (let i = 0; i < count; i++) {
    while (file[at]! < 0x30 || file[at]! > 0x39) at++;
    let value = 0;
    for (; file[at]! >= 0x30 && file[at]! <= 0x39; at++) value = value * 10 + file[at]! - 0x30;
    values[i] = value;
  }
  return { values, end: at };
}
