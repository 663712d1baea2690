import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { LineprofApi } from '../../../../src/extension.ts';
import type { RunNode } from '../../../../src/vscode/runs/tree.ts';
import { suite } from '../../host/suite.ts';

export const run = suite('runs', () => {
  const root = vscode.workspace.workspaceFolders![0]!.uri.fsPath;
  const file = join(root, 'src', 'sums.js');
  const text = readFileSync(file, 'utf8');
  let api: LineprofApi;

  before(async () => {
    api = await vscode.extensions.getExtension<LineprofApi>('lineprof.lineprof')!.activate();
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(file));
    assert.deepEqual(await api.runs(), []);
  });

  it('keeps every run: what, how long, when and which Node', async () => {
    await profile('slow');
    await profile('fast');
    await until(async () => (await api.runs()).length === 2, 'two runs are kept');
    const [newest, oldest] = await api.runs();
    assert.deepEqual([newest!.title, oldest!.title], ['fast', 'slow']);
    assert.ok(newest!.totalMicros! > 1e5);
    assert.match(newest!.node, /^v\d+\./);
    assert.ok(newest!.startedAt > oldest!.startedAt);
    assert.equal(newest!.pinned, false);
    assert.equal(api.profile!.functions[0]!.name, 'fast');
  });

  it('opens one again, its numbers beside its lines', async () => {
    await vscode.commands.executeCommand('lineprof.openRun', await node('slow'));
    assert.equal(api.profile!.functions[0]!.name, 'slow');
    await until(
      async () => vscode.window.activeTextEditor!.selection.active.line === 1,
      'the cursor is at the function',
    );
    assert.match(await hover(5), /Line 5.*slow/);
  });

  it('pins and unpins', async () => {
    await vscode.commands.executeCommand('lineprof.pinRun', await node('slow'));
    assert.deepEqual(
      (await api.runs()).map(({ title, pinned }) => [title, pinned]),
      [
        ['slow', true],
        ['fast', false],
      ],
    );
    await vscode.commands.executeCommand('lineprof.unpinRun', await node('slow'));
    assert.equal((await api.runs())[0]!.title, 'fast');
  });

  it('compares one function in two runs, through an edit in between', async () => {
    const edited = text
      .replace('sum += roots(k, 4000);', 'sum += roots(k, 1000);')
      .replace('export function slow', '// Above it all.\nexport function slow');
    writeFileSync(file, edited);
    await until(async () => document().getText() === edited, 'the editor has the edit');
    await profile('slow');
    await until(async () => (await api.runs()).length === 3, 'a third run is kept');
    const [after, , before] = await api.runs();
    const pair = [
      { entry: after, fn: null },
      { entry: before, fn: null },
    ];
    await vscode.commands.executeCommand('lineprof.compare', pair[0], pair);
    const [slow] = api.comparison!.functions;
    assert.equal(api.comparison!.functions.length, 1);
    assert.ok(slow!.speed!.value > 2 && !slow!.speed!.noise, JSON.stringify(slow!.speed));
    assert.equal(slow!.basis, 'evaluation');
    const line = slow!.lines.find(({ after: now }) => now?.text.includes('+= roots'))!;
    assert.equal(line.changed, true);
    assert.ok(line.time!.value < 0 && !line.time!.noise);
    const same = slow!.lines.find(({ after: now }) => now?.text.includes('-= roots'))!;
    assert.equal(same.changed, false);
    assert.match(await hover(6), /Less than before, beyond noise/);
    assert.match(await hover(3), /× faster/);
  });

  it('goes back to the numbers', async () => {
    await vscode.commands.executeCommand('lineprof.stopComparing');
    assert.equal(api.comparison, null);
    assert.match(await hover(6), /Line 6.*slow/);
    assert.doesNotMatch(await hover(6), /beyond noise/);
  });

  it('compares two functions, older against newer', async () => {
    const fast = await node('fast');
    const slow = { entry: (await api.runs()).at(-1)!, fn: 0 };
    await vscode.commands.executeCommand('lineprof.compare', fast, [fast, slow]);
    const { before, after, functions } = api.comparison!;
    assert.deepEqual([before, after], ['slow', 'fast']);
    assert.ok(functions[0]!.speed!.value > 2, JSON.stringify(functions[0]!.speed));
    assert.equal(functions[0]!.basis, 'call');
    assert.match(await hover(13), /× faster/);
  });

  it('compares two functions of one run, whichever was selected first: the hotter one is before', async () => {
    writeFileSync(file, text);
    await until(async () => document().getText() === text, 'the editor has the old text');
    const main = join(root, 'src', 'main.js');
    const how = { kind: 'file', file: main, cwd: root };
    await vscode.commands.executeCommand('lineprof.profileFile', vscode.Uri.file(file), how);
    await until(async () => (await api.runs())[0]!.title.endsWith('sums.js'), 'the run is kept');
    const [entry] = await api.runs();
    assert.ok(entry!.totalMicros! >= 1e5, 'of a file: the whole run');
    const names = entry!.functions.map(({ name }) => name);
    const [slow, fast] = ['slow', 'fast'].map((name) => ({ entry: entry!, fn: names.indexOf(name) }));
    for (const pair of [
      [slow, fast],
      [fast, slow],
    ]) {
      await vscode.commands.executeCommand('lineprof.compare', pair[0], pair);
      const { before, after, functions } = api.comparison!;
      assert.deepEqual([before, after], ['slow', 'fast']);
      assert.equal(functions[0]!.basis, 'call');
      assert.ok(functions[0]!.speed!.value > 2, JSON.stringify(functions[0]!.speed));
    }
    assert.match(await hover(12), /× faster[\s\S]*Compared with `slow`/);
  });

  async function profile(name: string): Promise<void> {
    await vscode.commands.executeCommand('lineprof.profileFunction', { file, name, line: 1 });
  }

  async function node(title: string): Promise<RunNode> {
    return { entry: (await api.runs()).find((one) => one.title === title)!, fn: null };
  }

  function document(): vscode.TextDocument {
    return vscode.workspace.textDocuments.find(({ uri }) => uri.fsPath === file)!;
  }

  async function hover(line: number): Promise<string> {
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      vscode.Uri.file(file),
      new vscode.Position(line - 1, 4),
    );
    return hovers
      .flatMap(({ contents }) => contents)
      .map((content) => (typeof content === 'string' ? content : content.value))
      .join('\n');
  }
});

async function until(condition: () => Promise<boolean>, what: string): Promise<void> {
  const end = Date.now() + 30_000;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`never came about: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
