import type { Comparison } from '../../model/comparison.ts';
import type { FunctionProfile, Profile } from '../../model/profile.ts';
import type { PanelComparison, PanelProfile } from '../../protocol/panel.ts';
import { summaries } from '../../report/functions.ts';
import { memoryRunNotes } from '../../report/memory-words.ts';
import { runNotes } from '../../report/notes.ts';
import { outcomeOf } from '../run/outcome.ts';
import type { Store } from '../store.ts';
import type { Places } from './places.ts';

/** The profile that the panel is about. */
export function profileOf(store: Store): Profile | null {
  return store.profile;
}

/** What the panel shows of a profile, with the lines of one of its functions. */
export function contentOf(
  profile: Profile,
  shown: number | null,
  places: Places,
  comparison: Comparison | null,
  hasOther: boolean,
): PanelProfile {
  const lines = shown === null ? null : (profile.functions[shown] ?? null);
  const warning = lines === null ? null : warningOf(profile, lines);
  const notes = [
    ...(lines?.notes ?? []),
    ...(profile.memory === undefined ? runNotes(profile.run) : memoryRunNotes(profile)),
  ];
  return {
    memory: profile.memory ?? null,
    hasOther,
    run: profile.run,
    functions: summaries(profile),
    shown: lines === null ? null : shown,
    lines,
    places: lines === null ? null : places.linesOf(profile, lines),
    comparison: lines && comparison && comparisonOf(comparison, lines),
    warning,
    notes: [...new Set(notes)].filter((note) => note !== warning),
  };
}

/** What a function of the profile is compared with; null: nothing. */
export function comparisonOf(comparison: Comparison, shown: FunctionProfile): PanelComparison | null {
  const { before, after, functions } = comparison;
  const fn = functions.find(({ after }) => after.fn === shown);
  return fn === undefined ? null : { before, after, fn };
}

/** In words, why the numbers of a function are missing or not to be trusted. */
function warningOf(profile: Profile, fn: FunctionProfile): string | null {
  const { kind, text } = outcomeOf(profile, fn);
  return kind === 'poor' ? text : null;
}
