import * as l10n from '@vscode/l10n';
import type { FunctionProfile, Profile } from '../../model/profile.ts';
import { neverRead } from '../../report/memory-words.ts';
import { ENOUGH_SAMPLES, neverCalled } from '../../report/notes.ts';
import { count } from '../../report/numbers.ts';

/** What a finished profile is worth to the one who asked for it. */
export interface Outcome {
  /** `good` says nothing; `note` tells of something odd; `poor` has numbers that are missing or not to be trusted. */
  readonly kind: 'good' | 'note' | 'poor';
  /** Why a `poor` one is; null for the others. */
  readonly why: 'empty' | 'never-called' | 'unseen' | 'short' | null;
  /** One or two sentences; empty when all is well. */
  readonly text: string;
}

/** Judges a profile; `focus` is the function that was asked for, null when any would do. */
export function outcomeOf({ run, functions, memory }: Profile, focus: FunctionProfile | null): Outcome {
  const ending = endingOf(run);
  const poor = (why: Outcome['why'], text: string): Outcome => ({
    kind: 'poor',
    why,
    text: ending ? `${text} ${ending}` : text,
  });
  const [first] = functions;
  if (first === undefined) {
    return poor(
      'empty',
      memory !== undefined
        ? l10n.t('No function was read in this run.')
        : l10n.t(
            'No function of your own code was seen at work: the run was too short, or ran something else.',
          ),
    );
  }
  const one = focus ?? first;
  if (memory !== undefined) {
    if (neverRead(one)) {
      return poor(
        'never-called',
        l10n.t('{0} was never called in this run: there is no memory to read.', one.name),
      );
    }
    return noteOr(ending, one.notes, run.notes);
  }
  if (neverCalled(one)) return poor('never-called', l10n.t('{0} was never called in this run.', one.name));
  if (one.samples === 0)
    return poor('unseen', l10n.t('{0} was too quick to be seen: no sample fell into it.', one.name));
  if (one.samples < ENOUGH_SAMPLES) {
    return poor(
      'short',
      l10n.t('Too short to trust: only {0} fell into {1}.', count(one.samples, 'sample'), one.name),
    );
  }
  return noteOr(ending, one.notes, run.notes);
}

function noteOr(ending: string | null, own: readonly string[], ofRun: readonly string[]): Outcome {
  const [note] = [ending, ...own, ...ofRun].filter((text) => text !== null);
  return note === undefined ? { kind: 'good', why: null, text: '' } : { kind: 'note', why: null, text: note };
}

function endingOf({ stopped, signal, exitCode }: Profile['run']): string | null {
  if (stopped === 'timeout')
    return l10n.t('It was stopped at its timeout: these are the numbers until then.');
  if (stopped === 'cancelled') return l10n.t('It was stopped: these are the numbers until then.');
  if (signal !== null) return l10n.t('It was ended by {0}.', signal);
  return exitCode === null || exitCode === 0 ? null : l10n.t('It exited with code {0}.', exitCode);
}

/** Leaves of the functions that a selector matched only the one meant, by its place. */
export function focused(
  profile: Profile,
  focus: { readonly name: string; readonly line: number } | null,
): Profile {
  if (focus === null) return profile;
  const meant = profile.functions.filter(({ name, line }) => name === focus.name && line === focus.line);
  return meant.length === 0 ? profile : { ...profile, functions: meant };
}
