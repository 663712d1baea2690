import type { FunctionProfile, LineCall, LineStats, WhereCounts } from '../model/profile.ts';
import { WHERES } from '../model/profile.ts';
import type { SourceFunction } from '../model/source.ts';
import type { IsolateCounts } from './accumulate.ts';
import type { Edges } from './edges.ts';
import { type AnalysedFile, lineText } from './files.ts';
import { shownPath } from './kinds.ts';
import type { PlacedFunction, Places } from './places.ts';
import { wilson } from './wilson.ts';

/** A function to make a profile of. */
export interface ChosenFunction {
  /** Absolute path of the original file. */
  readonly path: string;
  readonly function: SourceFunction;
  readonly file: Pick<AnalysedFile, 'text' | 'lineStarts'>;
}

/** Profiles of the chosen functions over some isolates, each with its own sampling interval; hits are null. */
export function buildFunctions(
  chosen: readonly ChosenFunction[],
  places: Places,
  edges: Edges,
  isolates: readonly IsolateCounts[],
  cwd: string,
): FunctionProfile[] {
  const ids = chosen.map(({ path, function: fn }) => places.find(path, fn));
  const callsOf = edgesBySlot(edges, new Set(ids), places);
  return chosen.map((one, index) => buildFunction(one, ids[index]!, places, callsOf, isolates, cwd));
}

interface Edge {
  readonly id: number;
  readonly callee: PlacedFunction;
}

function edgesBySlot(
  edges: Edges,
  functionIds: ReadonlySet<number>,
  places: Places,
): (slot: number) => Edge[] {
  const wanted = new Map<number, Edge[]>();
  for (const place of places.list) {
    place.chain.forEach((fn, i) => {
      const slot = place.slots[i];
      if (slot !== undefined && functionIds.has(fn)) wanted.set(slot, []);
    });
  }
  edges.slots.forEach((slot, id) => {
    wanted.get(slot)?.push({ id, callee: places.functions[edges.callees[id]!]! });
  });
  return (slot) => wanted.get(slot) ?? [];
}

function buildFunction(
  chosen: ChosenFunction,
  id: number,
  places: Places,
  callsOf: (slot: number) => Edge[],
  isolates: readonly IsolateCounts[],
  cwd: string,
): FunctionProfile {
  const { function: fn, file, path } = chosen;
  const sum = (count: (isolate: IsolateCounts) => number): number =>
    isolates.reduce((total, isolate) => total + count(isolate), 0);
  const micros = (count: (isolate: IsolateCounts) => number): number =>
    isolates.reduce((total, isolate) => total + count(isolate) * isolate.intervalMicros, 0);
  const known = id >= 0;
  const samples = known ? sum(({ totals }) => totals.get(id)) : 0;
  const lines: LineStats[] = [];
  for (let line = fn.line; line <= fn.endLine; line++) {
    const slot = known ? places.slots.find(id, line) : -1;
    const lineSamples = slot < 0 ? 0 : sum((isolate) => linePresence(isolate, slot));
    const interval = samples > 0 ? wilson(lineSamples, samples) : null;
    lines.push({
      line,
      text: lineText(file, line),
      hits: null,
      selfSamples: slot < 0 ? 0 : sum(({ lineSelfs }) => lineSelfs.get(slot)),
      samples: lineSamples,
      selfMicros: samples === 0 ? null : slot < 0 ? 0 : micros(({ lineSelfs }) => lineSelfs.get(slot)),
      totalMicros: samples === 0 ? null : slot < 0 ? 0 : micros((isolate) => linePresence(isolate, slot)),
      percent: samples === 0 ? null : (lineSamples / samples) * 100,
      percentMargin: interval === null ? null : interval.margin * 100,
      percentLow: interval === null ? null : interval.low * 100,
      percentHigh: interval === null ? null : interval.high * 100,
      where: slot < 0 ? {} : wheresOf(slot, sum),
      calls: slot < 0 ? [] : lineCalls(callsOf(slot), lineSamples, sum, cwd),
      memory: null,
    });
  }
  return {
    name: fn.name,
    file: shownPath(path, cwd),
    line: fn.line,
    column: fn.column,
    endLine: fn.endLine,
    calls: null,
    callsInTimedRun: null,
    selfMicros: samples === 0 ? null : micros(({ selfs }) => selfs.get(id)),
    totalMicros: samples === 0 ? null : micros(({ totals }) => totals.get(id)),
    samples,
    selfSamples: known ? sum(({ selfs }) => selfs.get(id)) : 0,
    lines,
    notes:
      samples === 0 ? ['No sample fell in this function: it was not called, or its time was too short.'] : [],
  };
}

function linePresence({ lines }: IsolateCounts, slot: number): number {
  let samples = 0;
  for (let where = 0; where < WHERES.length; where++) samples += lines.get(slot, where);
  return samples;
}

type Sum = (count: (isolate: IsolateCounts) => number) => number;

function wheresOf(slot: number, sum: Sum): WhereCounts {
  const counts = WHERES.map((where, index) => [where, sum(({ lines }) => lines.get(slot, index))] as const);
  return Object.fromEntries(counts.filter(([, samples]) => samples > 0));
}

function lineCalls(edges: readonly Edge[], lineSamples: number, sum: Sum, cwd: string): LineCall[] {
  return edges
    .map(({ id, callee }) => ({ callee, samples: sum((isolate) => isolate.edges.get(id)) }))
    .filter(({ samples }) => samples > 0)
    .sort((a, b) => b.samples - a.samples || a.callee.id - b.callee.id)
    .map(({ callee, samples }) => ({
      name: callee.name,
      file: callee.path === null ? null : shownPath(callee.path, cwd),
      line: callee.line,
      column: callee.column,
      samples,
      percent: (samples / lineSamples) * 100,
    }));
}
