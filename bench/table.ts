import type { Interval } from './statistics.ts';

/** One measured thing: what, how much, and what it may be at most (or at least). */
export interface Row {
  readonly what: string;
  readonly value: string;
  readonly limit: string;
  /** Null: there is no limit, the row is for comparison; `open`: the measurement is not sharp enough to say. */
  readonly passed: boolean | 'open' | null;
  /** What other tools need for the same. */
  readonly peers: string;
}

/** A ratio that may be `limit` at most; its whole interval decides. Null: there is no limit. */
export function intervalRow(what: string, value: Interval, limit: number | null, peers: string): Row {
  const { low, high } = value;
  return {
    what,
    value:
      high === Number.POSITIVE_INFINITY
        ? `${value.median.toFixed(3)} × (of 6 rounds and more, its interval)`
        : `${value.median.toFixed(3)} × (${low.toFixed(3)} to ${high.toFixed(3)})`,
    limit: limit === null ? '' : `≤ ${limit} ×`,
    passed: limit === null ? null : high <= limit ? true : low > limit ? false : 'open',
    peers,
  };
}

/** A ratio that may be `limit` at most. */
export function ratioRow(what: string, value: number, limit: number, peers = ''): Row {
  return { what, value: `${value.toFixed(2)} ×`, limit: `≤ ${limit} ×`, passed: value <= limit, peers };
}

/** The rows as a Markdown table. */
export function markdown(rows: readonly Row[]): string {
  const cells = rows.map(({ what, value, limit, passed, peers }) => [
    what,
    value,
    limit,
    passed === null ? '' : passed === 'open' ? 'not settled' : passed ? 'yes' : '**no**',
    peers,
  ]);
  return [
    '| What | Measured | Limit | Kept | Others |',
    '|---|--:|--:|---|---|',
    ...cells.map((row) => `| ${row.join(' | ')} |`),
  ].join('\n');
}
