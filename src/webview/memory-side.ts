import * as l10n from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import { classMap } from 'lit/directives/class-map.js';
import type { FunctionProfile } from '../model/profile.ts';
import type { PanelComparison, PanelProfile } from '../protocol/panel.ts';
import { heatStep } from '../report/heat.ts';
import { comparedObjectRows } from '../report/memory-comparison-grid.ts';
import { objectRows } from '../report/memory-grid.ts';
import { timelinePlot } from './plot.ts';

/** Constructors listed; the rest is small. */
const MOST_OBJECTS = 40;

type Side = TemplateResult | typeof nothing;

/**
 * What stands beside the lines of a memory run: what the function left by constructor, and memory over time; of a
 * comparison, both before and after. Nothing where neither was measured.
 * @param pointed key of the row that is under the mouse or selected: its line's intervals are marked in the plot
 * @param goTo goes to a line of the function, by its index
 */
export function memorySide(
  profile: PanelProfile,
  pointed: number | null,
  goTo: (line: number) => void,
): Side {
  const { lines, memory, comparison } = profile;
  if (lines === null || memory === null) return nothing;
  const plots = comparison === null ? onePlot(profile, pointed) : twoPlots(comparison, pointed);
  const objects = comparison === null ? objectsTable(lines, goTo) : comparedObjects(comparison);
  if (plots.length === 0 && objects === nothing) return nothing;
  return html`<aside class="side" aria-label=${l10n.t('Memory of {0}', lines.name)} tabindex="0">${plots} ${objects}</aside>`;
}

function onePlot({ lines, memory }: PanelProfile, pointed: number | null): TemplateResult[] {
  const line = lines?.lines[pointed ?? -1]?.line ?? null;
  return (memory?.timelines ?? []).map((timeline) => timelinePlot(timeline, { fn: lines!, line }));
}

/** Below each other and to one scale, of the first process each; a row's key is as in `comparisonGrid`. */
function twoPlots({ before, after, fn }: PanelComparison, pointed: number | null): TemplateResult[] {
  const at =
    pointed === null
      ? undefined
      : pointed < 0
        ? fn.lines[-1 - pointed]
        : fn.lines.find((one) => one.after?.line === fn.after.fn.lines[pointed]?.line);
  const sides = [
    { title: before, side: fn.before, line: at?.before?.line ?? null },
    { title: after, side: fn.after, line: at?.after?.line ?? null },
  ].flatMap(({ title, side, line }) => {
    const [timeline] = side.memory?.timelines ?? [];
    return timeline === undefined ? [] : [{ title, line, fn: side.fn, timeline }];
  });
  const most = Math.max(...sides.flatMap(({ timeline }) => timeline.rss));
  return sides.map(({ timeline, ...options }) => timelinePlot(timeline, { ...options, most }));
}

function objectsTable({ memory, lines }: FunctionProfile, goTo: (line: number) => void): Side {
  const rows = objectRows(memory?.objects?.slice(0, MOST_OBJECTS) ?? []);
  const madeBy = (line: number | null, where: string) => {
    const index = lines.findIndex((one) => one.line === line);
    return index === -1
      ? nothing
      : html`<button type="button" class="link" title=${l10n.t('Made by {0}: go there', where)} @click=${() => goTo(index)}>${line}</button>`;
  };
  if (rows.length === 0) return nothing;
  return html`<table class="objects" aria-label=${l10n.t('What stayed, by constructor')}>
    <thead>
      <tr>
        <th scope="col" title=${l10n.t('What its first call left behind, by constructor')}>${l10n.t('What stayed')}</th>
        <th scope="col">${l10n.t('Count')}</th>
        <th scope="col">MiB</th>
        <th scope="col" title=${l10n.t('The line that made most of them, where it is known')}>${l10n.t('Line')}</th>
        <td></td>
      </tr>
    </thead>
    <tbody>
      ${rows.map(
        ({
          name,
          count,
          bytes,
          share,
          where,
          line,
        }) => html`<tr class=${classMap({ [`heat-${heatStep(share)}`]: true })}>
          <td title=${name}>${name}</td>
          <td>${count}</td>
          <td>${bytes}</td>
          <td>${madeBy(line, where)}</td>
          <td aria-hidden="true"><span class="bar"><i .style=${`width: ${share <= 0 ? 0 : Math.max(3, share)}%`}></i></span></td>
        </tr>`,
      )}
    </tbody>
  </table>`;
}

/** Where both have heap snapshots. */
function comparedObjects({ fn: { memory } }: PanelComparison): Side {
  if (memory?.objects == null) return nothing;
  const rows = comparedObjectRows(memory).slice(0, MOST_OBJECTS);
  return html`<table class="objects compared" aria-label=${l10n.t('What stayed, by constructor, compared')}>
    <thead>
      <tr>
        <th scope="col" title=${l10n.t('What a first call of each left behind, by constructor')}>${l10n.t('What stayed')}</th>
        <th scope="col">Δ ${l10n.t('Count')}</th>
        <th scope="col">Δ MiB</th>
      </tr>
    </thead>
    <tbody>
      ${rows.map(
        ({ name, count, bytes, title, verdict }) => html`<tr title=${title}>
          <td>${name}</td>
          <td class=${verdict ?? ''}>${count}</td>
          <td class=${verdict ?? ''}>${bytes}</td>
        </tr>`,
      )}
      ${rows.length === 0 ? html`<tr><td colspan="3">${l10n.t('The same as before.')}</td></tr>` : nothing}
    </tbody>
  </table>`;
}
