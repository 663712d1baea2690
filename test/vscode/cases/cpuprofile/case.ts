import assert from 'node:assert/strict';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as vscode from 'vscode';
import type { LineprofApi } from '../../../../src/extension.ts';
import { suite } from '../../host/suite.ts';
import { withMessages } from '../../support/messages.ts';

export const run = suite('a .cpuprofile', () => {
  const root = vscode.workspace.workspaceFolders![0]!.uri.fsPath;
  const shapes = join(root, 'shapes.mjs');
  const open = (name: string) =>
    vscode.commands.executeCommand('lineprof.openResource', vscode.Uri.file(join(root, name)));
  let api: LineprofApi;

  before(async () => {
    const extension = vscode.extensions.getExtension<LineprofApi>('lineprof.lineprof')!;
    api = await extension.activate();
    const fixtures = join(extension.extensionPath, 'test', 'export', 'fixtures');
    for (const folder of [root, join(root, 'sub')]) cpSync(fixtures, folder, { recursive: true });
    // Recorded in a folder that is not here, and one that is.
    const moved = readFileSync(join(root, 'main-node20.cpuprofile'), 'utf8');
    writeFileSync(
      join(root, 'here.cpuprofile'),
      moved.replaceAll('file:///project', pathToFileURL(root).href),
    );
    writeFileSync(
      join(root, 'moved.cpuprofile'),
      moved.replaceAll('file:///project', `file:///other/place/sub`),
    );
    writeFileSync(join(root, 'cut.cpuprofile'), moved.slice(0, 500));
    writeFileSync(join(root, 'foreign.cpuprofile'), moved);
  });

  it('is opened from the explorer and annotated as self time', async () => {
    assert.deepEqual(await withMessages(() => open('here.cpuprofile')), []);
    assert.equal(api.profile!.run.times, 'self');
    assert.equal(vscode.window.activeTextEditor!.document.uri.fsPath, shapes);
    const text = await hover(shapes, 5);
    assert.match(text, /\*\*Line 5\*\* of `length`/);
    assert.match(text, /\| Self&nbsp; \| % of function&nbsp; \| % of run&nbsp; \|/);
    assert.match(text, /39\.1 ms.*100\.0/);
    assert.match(text, /Self time only/);
    assert.doesNotMatch(text, /Hits|in calls/);
    assert.match(await hover(shapes, 9), /walk[\s\S]*Self time only/);
  });

  it('has totals above its functions that say so', async () => {
    const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
      'vscode.executeCodeLensProvider',
      vscode.Uri.file(shapes),
      20,
    );
    const titles = lenses.map(({ command }) => command?.title);
    assert.ok(titles.includes('50.6 ms, self 11.5 ms (self time only), 44 samples'), titles.join('; '));
  });

  it('says in one message what is wrong with a file, and keeps what is shown', async () => {
    const before = api.profile;
    const cut = await withMessages(() => open('cut.cpuprofile'));
    assert.deepEqual(
      cut.map(({ kind }) => kind),
      ['error'],
    );
    assert.match(cut[0]!.text, /cut\.cpuprofile is cut off or damaged/);
    assert.equal(api.profile, before);
  });

  it('says that the sources are not here', async () => {
    const [message, ...more] = await withMessages(() => open('foreign.cpuprofile'));
    assert.deepEqual(more, []);
    assert.match(message!.text, /shapes\.mjs is not on this machine/);
  });

  it('is found in the workspace when it was recorded elsewhere', async () => {
    assert.deepEqual(await withMessages(() => open('moved.cpuprofile')), []);
    assert.equal(api.profile!.run.command[0], 'moved.cpuprofile');
  });

  async function hover(path: string, line: number): Promise<string> {
    const at = new vscode.Position(line - 1, 4);
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      vscode.Uri.file(path),
      at,
    );
    return hovers
      .flatMap(({ contents }) => contents)
      .map((content) => (typeof content === 'string' ? content : content.value))
      .join('\n');
  }
});
