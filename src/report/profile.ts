import type { ProcessFacts, Profile } from '../model/profile.ts';
import { runNotes } from './notes.ts';
import { count, percentage } from './numbers.ts';
import { makePaint } from './paint.ts';
import { renderTable, type TableOptions } from './table.ts';
import { cleanText } from './text.ts';

/** How a whole profile is laid out. */
export interface ProfileOptions extends TableOptions {
  /** Tables for each process and thread, instead of those of all together. */
  readonly byProcess: boolean;
  /** Leave out what is said about the whole run. */
  readonly quiet: boolean;
}

/** Everything `lineprof` prints about a profile; ends with a line end, or is empty. */
export function renderProfile(profile: Profile, options: ProfileOptions): string {
  const { run } = profile;
  const paint = makePaint(options.color);
  const notes = options.quiet ? [] : runNotes(run).map((note) => paint.warn(`Note: ${cleanText(note)}`));
  const parts = options.byProcess
    ? run.processes.flatMap((process) => renderProcess(profile, process, options))
    : [...profile.functions.map((fn) => renderTable(run, fn, options)), ...processList(profile, options)];
  const text = [...parts, ...(notes.length > 0 ? [`${notes.join('\n')}\n`] : [])].join('\n');
  return text === '' ? '' : text;
}

function processTitle({ pid, thread, command, samples }: ProcessFacts, all: number): string {
  const share = all > 0 ? ` (${percentage((samples / all) * 100)} %)` : '';
  const who = thread === 0 ? `Process ${pid}` : `Process ${pid}, worker ${thread}`;
  return `${who}: ${count(samples, 'sample')}${share}   ${cleanText(command)}`;
}

function renderProcess({ run }: Profile, process: ProcessFacts, options: ProfileOptions): string[] {
  const title = makePaint(options.color).title(processTitle(process, run.samples));
  const functions = (process.functions ?? []).filter((fn) => fn.samples > 0 || (fn.calls ?? 0) > 0);
  if (functions.length === 0) return [`${title}\nNone of the functions ran here.\n`];
  const own = { ...run, samples: process.samples };
  return [`${title}\n`, ...functions.map((fn) => renderTable(own, fn, options))];
}

/** Which processes the numbers were put together from, when there were several. */
function processList({ run }: Profile, options: ProfileOptions): string[] {
  if (options.quiet || run.processes.length < 2) return [];
  const lines = run.processes.map((process) => `  ${processTitle(process, run.samples)}`);
  return [
    `Together, of ${run.processes.length} processes and threads (apart: --by-process):\n${lines.join('\n')}\n`,
  ];
}
