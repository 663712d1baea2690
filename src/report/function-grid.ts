import type { RunFacts } from '../model/profile.ts';
import type { FunctionSummary } from '../model/summary.ts';
import type { Cell, Grid, GridColumn, GridRow } from './grid.ts';
import { heatStep } from './heat.ts';
import { alignPoints, percentage } from './numbers.ts';
import { inUnit, type TimeUnit, timeDecimals, unitSymbol } from './units.ts';

const KINDS: Readonly<Record<FunctionSummary['kind'], string>> = {
  profiled: 'profiled',
  own: 'your code',
  package: 'package',
  node: 'Node',
  builtin: 'builtin',
  native: 'native',
};

/** The table of a run's functions. A row's key is its index in `functions`. */
export function functionGrid(run: RunFacts, functions: readonly FunctionSummary[]): Grid {
  const largest = functions.reduce((most, { totalMicros }) => Math.max(most, totalMicros ?? 0), 0);
  const unit: TimeUnit = largest < 1e4 ? 'us' : largest < 1e7 ? 'ms' : 's';
  const symbol = unitSymbol(unit);
  const decimals = timeDecimals(unit, run.intervalMicros);
  const columns: GridColumn[] = [
    { id: 'name', title: 'Function', kind: 'name', hint: 'Name as in the source.' },
    { id: 'calls', title: 'Calls', kind: 'number', hint: 'How often the function was called.' },
    {
      id: 'time',
      title: 'Time',
      unit: symbol,
      kind: 'number',
      hint: 'Time with the function on the stack, the functions it called included.',
    },
    { id: 'percent', title: '% Run', kind: 'share', hint: 'Time as a share of the run’s samples.' },
    {
      id: 'self',
      title: 'Self',
      unit: symbol,
      kind: 'number',
      hint: 'Time in the function itself, without the functions it called.',
    },
    {
      id: 'kind',
      title: 'Kind',
      kind: 'name',
      hint: 'Whose code it is, and whether its lines were profiled.',
    },
    { id: 'place', title: 'Place', kind: 'name', hint: 'File and line.' },
  ];
  const times = timeCells(
    functions.map(({ totalMicros, samples }) => (samples > 0 ? totalMicros : null)),
    unit,
    decimals,
  );
  const selves = timeCells(
    functions.map(({ selfMicros, selfSamples }) => (selfSamples > 0 ? selfMicros : null)),
    unit,
    decimals,
  );
  const shares = functions.map(({ samples }) =>
    samples > 0 && run.samples > 0 ? (samples / run.samples) * 100 : null,
  );
  const percents = alignPoints(shares.map((share) => (share === null ? '' : percentage(share))));
  return {
    columns,
    rows: functions.map((fn, key): GridRow => {
      const place = fn.file === null ? '' : `${shortPath(fn.file)}${fn.line === null ? '' : `:${fn.line}`}`;
      const share = shares[key]!;
      return {
        key,
        cells: [
          { text: fn.name, value: fn.name },
          { text: fn.calls === null ? '' : fn.calls.toLocaleString('en-US'), value: fn.calls },
          times[key]!,
          { text: percents[key]!, value: share },
          selves[key]!,
          { text: KINDS[fn.kind], value: KINDS[fn.kind] },
          { text: place, value: place === '' ? null : place },
        ],
        heat: heatStep(share),
        share: share ?? 0,
        state: fn.calls === 0 && fn.samples === 0 ? 'never' : fn.kind === 'profiled' ? 'numbers' : 'other',
        where: {},
      };
    }),
  };
}

function timeCells(micros: readonly (number | null)[], unit: TimeUnit, decimals: number): Cell[] {
  return micros.map((value) => ({
    text: value === null ? '' : inUnit(value, unit).toFixed(decimals),
    value,
  }));
}

/** Enough of a path to know the file by: all of one in the project, the end of one elsewhere. */
function shortPath(file: string): string {
  const parts = file.split(/[\\/]/);
  const elsewhere = /^([\\/]|\w:[\\/])/.test(file) || parts.includes('node_modules');
  return elsewhere && parts.length > 3 ? `…/${parts.slice(-3).join('/')}` : file;
}
