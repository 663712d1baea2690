import * as vscode from 'vscode';
import type { FunctionComparison } from '../model/comparison.ts';
import { speedWords } from '../report/comparison.ts';
import { memoryChangeWords } from '../report/memory-comparison.ts';
import { memoryChange } from '../report/memory-words.ts';
import { duration } from '../report/numbers.ts';
import { COMMANDS } from './contributions.ts';
import { shortProgressWords } from './run/progress.ts';
import type { Runner } from './run/runner.ts';
import type { Store } from './store.ts';
import { processTitle } from './watch/words.ts';

function difference({ speed, memory }: FunctionComparison): string {
  if (memory !== null) return memoryChangeWords(memory) || vscode.l10n.t('compared');
  return speed === null ? vscode.l10n.t('compared') : speedWords(speed);
}

/** The item in the status bar: what runs (a click stops it), else what is shown (a click hides it). */
export function createStatus(store: Store, runner: Runner): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('lineprof.status', vscode.StatusBarAlignment.Left, 0);
  item.name = 'Lineprof';
  const update = () => {
    const [first, ...others] = store.profile?.functions ?? [];
    if (runner.running !== null) {
      const progress =
        runner.progress === null ? '' : `: ${shortProgressWords(runner.progress, runner.measuring)}`;
      item.text = `$(loading~spin) ${vscode.l10n.t('Profiling {0}', runner.running)}${progress}`;
      item.tooltip = vscode.l10n.t('Stop profiling');
      item.command = COMMANDS.stop;
    } else if (store.comparison !== null) {
      const [compared] = store.comparison.functions;
      item.text = `$(arrow-swap) ${compared!.after.fn.name}: ${difference(compared!)}`;
      item.tooltip = vscode.l10n.t(
        'Stop comparing {0} with {1}',
        store.comparison.before,
        store.comparison.after,
      );
      item.command = COMMANDS.stopComparing;
    } else if (first !== undefined) {
      const time = first.totalMicros === null ? '' : ` ${duration(first.totalMicros)}`;
      const self = store.profile?.run.times === undefined ? '' : ` (${vscode.l10n.t('self time only')})`;
      const kept =
        first.memory?.incrementBytes == null
          ? ''
          : ` ${memoryChange(first.memory.incrementBytes, first.memory.isEstimated)}`;
      const icon = store.profile?.memory === undefined ? 'flame' : 'chip';
      item.text = `$(${store.visible ? icon : 'eye-closed'}) ${first.name}${time}${kept}${others.length > 0 ? ` +${others.length}` : ''}${self}`;
      item.tooltip = store.visible
        ? vscode.l10n.t('Hide the numbers beside the code')
        : vscode.l10n.t('Show the numbers beside the code');
      const { run } = store.profile!;
      if (run.times === 'self' && run.processes.length === 1) item.tooltip += `\n${processTitle(run)}`;
      item.command = COMMANDS.toggleAnnotations;
    } else {
      item.hide();
      return;
    }
    item.show();
  };
  const subscriptions = [item, store.onDidChange(update), runner.onDidChange(update)];
  return vscode.Disposable.from(...subscriptions);
}
