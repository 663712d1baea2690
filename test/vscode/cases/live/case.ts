import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { LineprofApi } from '../../../../src/extension.ts';
import type { Profile } from '../../../../src/model/profile.ts';
import { suite } from '../../host/suite.ts';

export const run = suite('live', () => {
  const root = vscode.workspace.workspaceFolders![0]!.uri.fsPath;
  const file = join(root, 'src', 'stubborn.js');
  const seen: Profile[] = [];
  let api: LineprofApi;
  let done: Thenable<unknown>;

  before(async () => {
    api = await vscode.extensions.getExtension<LineprofApi>('lineprof.lineprof')!.activate();
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(file));
  });

  it('shows the numbers so far while the program runs, again and again', async () => {
    done = vscode.commands.executeCommand('lineprof.profileFunction', {
      file,
      name: 'stubborn',
      line: 8,
    });
    await until(() => {
      if (api.profile !== null && api.profile !== seen.at(-1)) seen.push(api.profile);
      return seen.length >= 6;
    }, 'six profiles of a program that still runs');
    const samples = seen.map(({ functions }) => functions[0]!.samples);
    assert.deepEqual(
      samples,
      [...samples].sort((a, b) => a - b),
    );
    assert.ok(samples.at(-1)! > samples[0]!, `${samples}`);
    assert.ok(seen.every(({ functions }) => functions[0]!.name === 'stubborn'));
    assert.ok(seen.every(({ functions }) => functions[0]!.lines.every(({ hits }) => hits === null)));
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      vscode.Uri.file(file),
      new vscode.Position(13, 6),
    );
    const texts = hovers.flatMap(({ contents }) =>
      contents.map((one) => (typeof one === 'string' ? one : one.value)),
    );
    assert.match(texts.join('\n'), /Line 14.*stubborn/);
  });

  it('stops a program that handles every signal and its child within a second, and keeps what there was', async () => {
    const pids = readFileSync(join(root, 'pids.txt'), 'utf8').trim().split('\n').map(Number);
    assert.equal(pids.length, 2);
    assert.ok(pids.every(isRunning));
    const from = performance.now();
    await vscode.commands.executeCommand('lineprof.stop');
    await until(() => !pids.some(isRunning), 'the program and its child are gone');
    const millis = performance.now() - from;
    // A second, and more for a machine that does other things; the command line would take six.
    assert.ok(millis < 2500, `gone after ${millis} ms`);
    await done;
    const { run: facts, functions } = api.profile!;
    assert.equal(facts.stopped, 'cancelled');
    assert.ok(functions[0]!.samples >= seen.at(-1)!.functions[0]!.samples);
    assert.ok(functions[0]!.lines.some(({ percent }) => percent! > 50));
  });
});

async function until(condition: () => boolean, what: string): Promise<void> {
  const end = Date.now() + 60_000;
  while (!condition()) {
    if (Date.now() > end) throw new Error(`never came about: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Dead processes that nobody has reaped yet are gone too. */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !existsSync(`/proc/${pid}/stat`) || !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
