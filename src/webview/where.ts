import { html, nothing, type TemplateResult } from 'lit';
import { WHERES, type WhereCounts } from '../model/profile.ts';
import { percentage } from '../report/numbers.ts';
import { WHERE_WORDS } from '../report/where.ts';

// Styles are set as properties everywhere: the page's policy allows no style attributes.

/** A bar of where samples fell, told in words as its tooltip and to screen readers. */
export function whereBar(counts: WhereCounts): TemplateResult | typeof nothing {
  const parts = sharesOf(counts);
  if (parts.length === 0) return nothing;
  const words = parts.map(({ where, share }) => `${WHERE_WORDS[where]} ${percentage(share)} %`).join(', ');
  return html`<span class="where" role="img" aria-label=${words} title=${words}>${parts.map(
    ({ where, share }) => html`<i class="w-${where}" .style=${`width: ${share}%`}></i>`,
  )}</span>`;
}

/** The colors of the bars that are in use, with their names. */
export function whereLegend(counts: WhereCounts): TemplateResult | typeof nothing {
  const parts = sharesOf(counts);
  if (parts.length === 0) return nothing;
  return html`<span class="legend">${parts.map(
    ({ where, share }) =>
      html`<span><i class="w-${where}"></i>${WHERE_WORDS[where]} <span class="dim">${percentage(share)} %</span></span>`,
  )}</span>`;
}

function sharesOf(counts: WhereCounts) {
  const all = WHERES.reduce((sum, where) => sum + (counts[where] ?? 0), 0);
  // In the fixed order of WHERES, so that a color is found in the same place in each row.
  return [...WHERES]
    .reverse()
    .flatMap((where) => (counts[where] ? [{ where, share: (counts[where] / all) * 100 }] : []));
}
