import * as vscode from 'vscode';
import type { Comparison } from '../../model/comparison.ts';
import type { FunctionProfile, Profile } from '../../model/profile.ts';
import type { Annotations } from '../annotations.ts';
import { loaded } from '../lazy.ts';
import { revealFunction } from '../reveal.ts';
import { nodesOf, told } from '../runs/commands.ts';
import type { Runs } from '../runs/runs.ts';
import type { RunEntry } from '../runs/storage.ts';
import type { RunNode } from '../runs/tree.ts';
import { describe, measured, nameOf, whenOf } from '../runs/words.ts';
import { measureOf, type Store } from '../store.ts';

/** One side of a comparison: a profile, and one of its functions or all of them. */
interface Chosen {
  readonly profile: Profile;
  readonly fn: FunctionProfile | null;
}

interface Choice extends vscode.QuickPickItem {
  readonly make?: () => Promise<Chosen>;
}

/** "Compare with…" on the profile that is shown or on rows of the tree, and its end. */
export function compareCommands(runs: Runs, store: Store, annotations: Annotations) {
  const chosenOf = async ({ entry, fn }: RunNode): Promise<Chosen> => {
    const profile =
      store.profile !== null && !store.running && runs.idOf(store.profile) === entry.id
        ? store.profile
        : await runs.read(entry);
    return { profile, fn: fn === null ? null : (profile.functions[fn] ?? null) };
  };
  return told({
    compare: async (...args) => {
      const nodes = nodesOf(args);
      if (nodes.length > 2) {
        vscode.window.showInformationMessage(
          vscode.l10n.t('Lineprof: select two runs or functions to compare.'),
        );
        return;
      }
      const [first, second] = await Promise.all(nodes.map(chosenOf));
      const after = first ?? shownNow(store, annotations);
      if (after === null) {
        vscode.window.showInformationMessage(
          vscode.l10n.t('Lineprof: there is no profile to compare. Profile a function first.'),
        );
        return;
      }
      const other = second ?? (await pickOther(after, runs, chosenOf));
      if (other === undefined) return;
      if (measureOf(other.profile) !== measureOf(after.profile)) return tellNotComparable();
      // Which of two rows was clicked first says nothing.
      const swap = second !== undefined && isBefore(after, other);
      const [one, two] = swap ? [after, other] : [other, after];
      const comparison = await compared(one, two);
      if (comparison === null) return;
      store.compare(comparison, two.profile);
      await revealFunction(two.profile, comparison.functions[0]!.after.fn);
    },
    stopComparing: async () => store.show(store.profile),
  });
}

/** Of two runs the older one is what was before, of two functions of one run the one that took (or kept) more. */
function isBefore(one: Chosen, other: Chosen): boolean {
  const [a, b] = [one.profile.run.startedAt, other.profile.run.startedAt];
  return a === b ? takes(one) > takes(other) : a < b;
}

function takes({ fn }: Chosen): number {
  return fn?.memory ? (fn.memory.incrementBytes ?? fn.memory.allocatedBytes) : (fn?.samples ?? 0);
}

function tellNotComparable(): void {
  vscode.window.showInformationMessage(
    vscode.l10n.t(
      'Lineprof: a run of times and a memory run have nothing in common to compare: one says how long lines take, the other what they allocate and keep. Choose two of the same kind.',
    ),
  );
}

/** The profile that is shown, and its function at the cursor. */
function shownNow({ profile, running }: Store, annotations: Annotations): Chosen | null {
  if (profile === null || running) return null;
  const editor = vscode.window.activeTextEditor;
  const at = editor && annotations.at(editor.document, editor.selection.active.line);
  const fn = at
    ? at.shown.functions[at.annotation.fn]!
    : profile.functions.length === 1
      ? profile.functions[0]!
      : null;
  return { profile, fn };
}

/** The other side, from a list: functions of the same profile, and runs, those with the same function first. */
async function pickOther(
  { profile, fn }: Chosen,
  runs: Runs,
  chosenOf: (node: RunNode) => Promise<Chosen>,
): Promise<Chosen | undefined> {
  const shown = runs.idOf(profile);
  const entries = (await runs.list()).filter(
    (one) => one.id !== shown && (one.memory === undefined) === (profile.memory === undefined),
  );
  const hasSame = ({ functions }: RunEntry) =>
    functions.some((one) =>
      profile.functions.some(({ name, file }) => one.name === name && one.file === file),
    );
  const runChoice = (entry: RunEntry): Choice => ({
    label: `$(history) ${nameOf(entry)}`,
    description: describe(entry),
    make: () => chosenOf({ entry, fn: null }),
  });
  const others = fn === null ? [] : profile.functions.filter((one) => one !== fn);
  const group = (label: string, choices: readonly Choice[]): Choice[] =>
    choices.length === 0 ? [] : [{ label, kind: vscode.QuickPickItemKind.Separator }, ...choices];
  const items = [
    ...group(vscode.l10n.t('Runs of the same function'), entries.filter(hasSame).map(runChoice)),
    ...group(
      vscode.l10n.t('Functions of this profile'),
      others.map((one) => ({
        label: `$(symbol-method) ${one.name}`,
        description: measuredOf(one),
        make: async () => ({ profile, fn: one }),
      })),
    ),
    ...group(vscode.l10n.t('Other runs'), entries.filter((entry) => !hasSame(entry)).map(runChoice)),
  ];
  if (items.length === 0) {
    vscode.window.showInformationMessage(
      profile.memory === undefined
        ? vscode.l10n.t('Lineprof: there is no other run of times yet. Profile it once more, then compare.')
        : vscode.l10n.t(
            'Lineprof: there is no other memory run yet. Profile its memory once more, then compare.',
          ),
    );
    return undefined;
  }
  const picked = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('Compare {0} with…', fn?.name ?? vscode.l10n.t('this profile')),
    placeHolder: vscode.l10n.t('What was before; the differences stand beside the code'),
    matchOnDescription: true,
  });
  return picked?.make?.();
}

/** Null: the user did not say which function. */
async function compared(before: Chosen, after: Chosen): Promise<Comparison | null> {
  const { compareFunctions, compareProfiles, sideOf } = loaded();
  const one = before.fn ?? sameIn(before.profile, after.fn);
  const two = after.fn ?? sameIn(after.profile, before.fn);
  if (one === null && two === null) {
    const names = {
      before: whenOf(before.profile.run.startedAt),
      after: whenOf(after.profile.run.startedAt),
    };
    const all = compareProfiles(before.profile, after.profile, names);
    if (all !== null) return all;
  }
  const first = one ?? (await pickFunction(before.profile, vscode.l10n.t('The function before')));
  const second = two ?? (first && (await pickFunction(after.profile, vscode.l10n.t('The function after'))));
  if (!first || !second) return null;
  const names =
    first.name === second.name
      ? { before: whenOf(before.profile.run.startedAt), after: whenOf(after.profile.run.startedAt) }
      : { before: first.name, after: second.name };
  const sides = [sideOf(before.profile, first), sideOf(after.profile, second)] as const;
  return { ...names, functions: [compareFunctions(...sides)] };
}

/** The function of that name and file in another profile. */
function sameIn({ functions }: Profile, fn: FunctionProfile | null): FunctionProfile | null {
  return (fn && functions.find(({ name, file }) => name === fn.name && file === fn.file)) ?? null;
}

async function pickFunction({ functions }: Profile, title: string): Promise<FunctionProfile | undefined> {
  if (functions.length <= 1) return functions[0];
  const items = functions.map((fn) => ({
    label: fn.name,
    description: measuredOf(fn),
    fn,
  }));
  return (await vscode.window.showQuickPick(items, { title }))?.fn;
}

function measuredOf({ totalMicros, memory }: FunctionProfile): string {
  if (memory !== undefined) return measured({ totalMicros, incrementBytes: memory?.incrementBytes ?? null });
  return totalMicros === null ? '' : measured({ totalMicros });
}
