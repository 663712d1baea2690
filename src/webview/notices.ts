import '@vscode-elements/elements/dist/vscode-button/index.js';
import '@vscode-elements/elements/dist/vscode-progress-bar/index.js';
import * as l10n from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import type { PanelCommand, PanelProfile, PanelStatus } from '../protocol/panel.ts';
import { runFacts } from '../report/facts.ts';
import { memoryFacts } from '../report/memory-words.ts';
import { count } from '../report/numbers.ts';
import { whereLegend } from './where.ts';

type Run = (command: PanelCommand) => void;

const PHASES = {
  starting: l10n.t('Starting the program'),
  timing: l10n.t('The program runs and is sampled'),
  counting: l10n.t('The program runs again, hits are counted'),
  reading: l10n.t('The samples are read'),
} as const;
const MEMORY_PHASES: Partial<Record<keyof typeof PHASES, string>> = {
  timing: l10n.t('The program runs and its memory is read'),
  counting: l10n.t('The program runs again, to count objects or for memory over time'),
  reading: l10n.t('The readings are put together'),
};

/** What is shown while there is no profile: what to do, what runs, or what went wrong. */
export function emptyState(status: PanelStatus, run: Run): TemplateResult {
  const { running, failure, mayRun } = status;
  if (running !== null) return html`<div class="empty">${progress(status, run)}</div>`;
  if (failure !== null) {
    return html`<div class="empty">
      <vscode-icon name="error" size="24"></vscode-icon>
      <p class="lead">${l10n.t('{0} could not be profiled', failure.title)}</p>
      <p>${failure.text}</p>
      <p class="buttons">
        ${mayRun ? html`<vscode-button @click=${() => run('again')}>${l10n.t('Try Again')}</vscode-button>` : nothing}
        <vscode-button secondary @click=${() => run('showOutput')}>${l10n.t('Show Output')}</vscode-button>
      </p>
    </div>`;
  }
  return html`<div class="empty">
    <vscode-icon name="flame" size="28"></vscode-icon>
    <p class="lead">${l10n.t('No profile yet')}</p>
    <p>
      ${
        mayRun
          ? l10n.t(
              'Put the cursor into a function and profile it: its lines come here and beside the code, with hits, time and % time.',
            )
          : l10n.t('Nothing is run in a workspace that is not trusted. Saved profiles can be opened.')
      }
    </p>
    <p class="buttons">
      ${
        mayRun
          ? html`<vscode-button @click=${() => run('profileFunction')}>${l10n.t('Profile This Function')}</vscode-button>
              <vscode-button secondary @click=${() => run('profileMemory')}>${l10n.t('Profile Its Memory')}</vscode-button>`
          : nothing
      }
      <vscode-button secondary @click=${() => run('openProfile')}>${l10n.t('Open Profile…')}</vscode-button>
    </p>
  </div>`;
}

/** What stands above the table of a profile: a run that goes on, a failure, doubts, lines that were changed. */
export function notices(status: PanelStatus, profile: PanelProfile, run: Run): TemplateResult {
  const { running, failure, mayRun } = status;
  const { warning, notes, places, comparison } = profile;
  const changed = (places ?? []).filter(({ line, stale }) => stale || line === null).length;
  const gone = places?.every(({ line }) => line === null) === true && places.length > 0;
  const stale = gone
    ? l10n.t('The function is not found in the file any more: its lines are shown as they were.')
    : changed === 1
      ? l10n.t('1 line was changed since it was measured.')
      : l10n.t('{0} lines were changed since they were measured.', changed.toLocaleString('en-US'));
  const again = mayRun ? link(l10n.t('Profile Again'), () => run('again')) : nothing;
  return html`${running === null ? nothing : notice('', progress(status, run))}
    ${failure === null || running !== null ? nothing : notice('error', failed(status, run))}
    ${
      comparison === null
        ? nothing
        : notice(
            'arrow-swap',
            html`<span>${l10n.t('{0}, compared with {1}', comparison.after, comparison.before)}</span>${link(l10n.t('Stop Comparing'), () => run('stopComparing'))}`,
          )
    }
    ${
      warning === null || running !== null
        ? nothing
        : notice(
            'warning',
            html`<span>${warning}</span>${mayRun ? link(l10n.t('Run Another Way…'), () => run('anotherWay')) : nothing}${link(l10n.t('Show Output'), () => run('showOutput'))}`,
          )
    }
    ${changed === 0 || running !== null ? nothing : notice('history', html`<span>${stale}</span>${again}`)}
    ${notes.map((note) => notice('info', html`<span>${note}</span>`))}`;
}

function notice(
  icon: '' | 'error' | 'warning' | 'info' | 'history' | 'arrow-swap',
  content: TemplateResult,
): TemplateResult {
  return html`<div class="notice ${icon || 'running'}" role="status">
    ${icon === '' ? nothing : html`<vscode-icon name=${icon}></vscode-icon>`}
    <div>${content}</div>
  </div>`;
}

function link(words: string, act: () => void): TemplateResult {
  return html` <button type="button" class="link" @click=${act}>${words}</button>`;
}

function progress({ running }: PanelStatus, run: Run): TemplateResult {
  const now = running?.progress ?? null;
  const samples = now?.samples ?? null;
  const isMemory = running?.measure === 'memory';
  const title = running?.title ?? '';
  const phase = now && ((isMemory ? MEMORY_PHASES[now.phase] : undefined) ?? PHASES[now.phase]);
  return html`<vscode-progress-bar aria-label=${l10n.t('Profiling')}></vscode-progress-bar>
    <span class="lead">${isMemory ? l10n.t('Profiling memory of {0}', title) : l10n.t('Profiling {0}', title)}</span>
    <span class="live"
      >${phase ?? l10n.t('Starting')}${samples === null ? '' : `, ${count(samples, 'sample')}`}${now === null ? '' : `, ${(now.elapsedMillis / 1000).toFixed(1)} s`}</span
    >${link(l10n.t('Stop'), () => run('stop'))}`;
}

function failed({ failure, mayRun }: PanelStatus, run: Run): TemplateResult {
  return html`<span class="lead">${l10n.t('{0} could not be profiled.', failure?.title ?? '')}</span>
    <span>${failure?.text}</span>${mayRun ? link(l10n.t('Try Again'), () => run('again')) : nothing}${link(l10n.t('Show Output'), () => run('showOutput'))}`;
}

/** What was run, on what, and how well it was measured. */
export function details({ run, lines, memory }: PanelProfile): TemplateResult {
  const where = lines?.lines.reduce<Record<string, number>>((all, line) => {
    // Only their shares are shown: a sample may be on several lines (recursion, functions inside functions).
    for (const [name, samples] of Object.entries(line.where)) all[name] = (all[name] ?? 0) + samples;
    return all;
  }, {});
  return html`<dl class="details">
    ${(memory === null ? runFacts(run) : memoryFacts(run, memory)).map(({ label, value }) => html`<div><dt>${label}</dt><dd title=${value}>${value}</dd></div>`)}
    ${where === undefined || Object.keys(where).length === 0 ? nothing : html`<div class="wide"><dt>${l10n.t('Where')}</dt><dd>${whereLegend(where)}</dd></div>`}
  </dl>`;
}
