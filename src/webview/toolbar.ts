import '@vscode-elements/elements/dist/vscode-icon/index.js';
import '@vscode-elements/elements/dist/vscode-textfield/index.js';
import '@vscode-elements/elements/dist/vscode-toolbar-button/index.js';
import * as l10n from '@vscode/l10n';
import type { VscodeTextfield } from '@vscode-elements/elements/dist/vscode-textfield/index.js';
import { html, nothing, type TemplateResult } from 'lit';
import { classMap } from 'lit/directives/class-map.js';
import { live } from 'lit/directives/live.js';
import type { Measure } from '../model/request.ts';
import { PANEL_TABLES, type PanelProfile, type PanelTable } from '../protocol/panel.ts';
import { headline } from '../report/comparison.ts';
import { commandText } from '../report/facts.ts';
import { memorySummary } from '../report/memory-words.ts';
import { count, duration, percentage } from '../report/numbers.ts';
import type { Kept } from './kept.ts';

/** What the toolbar does. */
export interface ToolbarEvents {
  change(changes: Partial<Kept>): void;
  select(fn: number): void;
  /** Shows the last profile of that kind. */
  show(measure: Measure): void;
  copy(): void;
  /** From the filter down into the table. */
  down(): void;
}

const TABS: Readonly<Record<PanelTable, string>> = {
  lines: l10n.t('Lines'),
  functions: l10n.t('Functions'),
};

/** The row above the table: which table, which function, its totals, the filter, and what can be done. */
export function toolbar(profile: PanelProfile, kept: Kept, events: ToolbarEvents): TemplateResult {
  const { table, follow, details } = kept;
  return html`<header class="toolbar">
    <div class="tabs" role="tablist" aria-label=${l10n.t('Table')}>
      ${PANEL_TABLES.map((tab) => tabButton(tab, table, profile, events))}
    </div>
    ${measureSwitch(profile, events)}
    ${table === 'lines' ? chosenFunction(profile, events) : nothing}
    <div class="summary">${table === 'lines' ? functionSummary(profile) : runSummary(profile)}</div>
    <vscode-textfield
      class="filter"
      placeholder=${l10n.t('Filter')}
      label=${table === 'lines' ? l10n.t('Filter lines') : l10n.t('Filter functions')}
      .value=${live(kept.filter[table])}
      @input=${(event: Event) =>
        events.change({ filter: { ...kept.filter, [table]: (event.target as VscodeTextfield).value } })}
      @keydown=${(event: KeyboardEvent) => {
        if (event.key === 'ArrowDown') {
          event.preventDefault();
          events.down();
        }
        if (event.key === 'Escape') events.change({ filter: { ...kept.filter, [table]: '' } });
      }}
    >
      <vscode-icon slot="content-before" name="filter"></vscode-icon>
    </vscode-textfield>
    <div class="actions">
      <vscode-toolbar-button
        icon="target"
        label=${l10n.t('Follow the cursor')}
        title=${l10n.t('Follow the cursor: the row of its line is marked and in sight')}
        toggleable
        .checked=${live(follow)}
        @change=${() => events.change({ follow: !follow })}
      ></vscode-toolbar-button>
      <vscode-toolbar-button
        icon="info"
        label=${l10n.t('Facts about the run')}
        title=${l10n.t('Facts about the run')}
        toggleable
        .checked=${live(details)}
        @change=${() => events.change({ details: !details })}
      ></vscode-toolbar-button>
      <vscode-toolbar-button
        icon="copy"
        label=${l10n.t('Copy the table')}
        title=${l10n.t('Copy the table as text, Markdown or CSV')}
        @click=${() => events.copy()}
      ></vscode-toolbar-button>
    </div>
  </header>`;
}

function tabButton(tab: PanelTable, now: PanelTable, { functions }: PanelProfile, events: ToolbarEvents) {
  const badge = tab === 'functions' ? html`<span class="badge">${functions.length}</span>` : nothing;
  return html`<button
    type="button"
    role="tab"
    id="tab-${tab}"
    aria-selected=${tab === now ? 'true' : 'false'}
    aria-controls="table"
    tabindex=${tab === now ? 0 : -1}
    class=${classMap({ active: tab === now })}
    @click=${() => events.change({ table: tab })}
    @keydown=${(event: KeyboardEvent) => {
      if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
      const other = tab === 'lines' ? 'functions' : 'lines';
      events.change({ table: other });
      document.getElementById(`tab-${other}`)?.focus();
    }}
  >${TABS[tab]}${badge}</button>`;
}

/** Of what: times, or memory. A switch where both were measured. */
function measureSwitch({ memory, hasOther }: PanelProfile, events: ToolbarEvents) {
  if (!hasOther)
    return memory === null ? nothing : html`<span class="measure"><b>${l10n.t('Memory')}</b></span>`;
  const button = (measure: Measure, words: string) => {
    const isShown = (memory !== null) === (measure === 'memory');
    return html`<button
      type="button"
      aria-pressed=${isShown ? 'true' : 'false'}
      title=${measure === 'memory' ? l10n.t('The last memory run') : l10n.t('The last run of times')}
      @click=${() => isShown || events.show(measure)}
    >${words}</button>`;
  };
  return html`<div class="measure switch" role="group" aria-label=${l10n.t('What is shown')}>
    ${button('time', l10n.t('Time'))}${button('memory', l10n.t('Memory'))}
  </div>`;
}

/** Native on purpose: its list may be longer than a low panel is high. */
function chosenFunction({ functions, shown }: PanelProfile, events: ToolbarEvents) {
  const profiled = functions.filter(({ kind }) => kind === 'profiled');
  if (profiled.length < 2)
    return html`<span class="function" title=${profiled[0]?.name ?? nothing}>${profiled[0]?.name}</span>`;
  return html`<span class="select"
    ><select
      aria-label=${l10n.t('Function')}
      .value=${live(String(shown))}
      @change=${(event: Event) => events.select(Number((event.target as HTMLSelectElement).value))}
    >
      ${profiled.map(
        ({ name }, index) => html`<option value=${index} ?selected=${index === shown}>${name}</option>`,
      )}</select
    ><vscode-icon name="chevron-down"></vscode-icon
  ></span>`;
}

function functionSummary({ lines, run, comparison, memory }: PanelProfile) {
  if (lines === null) return nothing;
  if (comparison !== null) return parts([headline(comparison.fn)]);
  if (memory !== null) return parts([memorySummary(lines)]);
  const { totalMicros, selfMicros, calls, samples } = lines;
  if (run.times !== undefined) {
    return parts([
      selfMicros === null ? '' : l10n.t('self {0}', duration(selfMicros)),
      l10n.t('self time only'),
      count(lines.selfSamples, 'sample'),
    ]);
  }
  const share =
    run.samples > 0 && samples > 0
      ? l10n.t('{0} % of the run', percentage((samples / run.samples) * 100))
      : '';
  return parts([
    totalMicros === null || samples === 0 ? '' : duration(totalMicros),
    calls === null ? '' : count(calls, 'call'),
    share,
    count(samples, 'sample'),
  ]);
}

function runSummary({ run, memory }: PanelProfile) {
  return parts([
    commandText(run),
    l10n.t('real {0}', duration(run.realMicros)),
    memory === null ? count(run.samples, 'sample') : count(memory.readings, 'reading'),
    `Node ${run.node}`,
  ]);
}

function parts(texts: readonly string[]) {
  const text = texts.filter((one) => one !== '').join(' · ');
  return html`<span title=${text}>${text}</span>`;
}
