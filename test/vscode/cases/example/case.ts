import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { LineprofApi } from '../../../../src/extension.ts';
import { suite } from '../../host/suite.ts';
import { withMessages } from '../../support/messages.ts';

export const run = suite('the walkthrough and its example', () => {
  const root = vscode.workspace.workspaceFolders![0]!.uri;
  const extension = vscode.extensions.getExtension<LineprofApi>('lineprof.lineprof')!;
  const particles = join(root.fsPath, 'lineprof-example', 'particles.ts');
  let api: LineprofApi;

  before(async () => {
    api = await extension.activate();
  });

  it('names pictures, texts and commands that exist', async () => {
    const [{ steps }] = extension.packageJSON.contributes.walkthroughs;
    const commands = await vscode.commands.getCommands(true);
    for (const { description, media } of steps) {
      assert.ok(
        existsSync(join(extension.extensionPath, media.svg ?? media.markdown)),
        JSON.stringify(media),
      );
      for (const [, command] of description.matchAll(/\(command:([\w.]+)\)/g)) {
        assert.ok(commands.includes(command), command);
      }
    }
  });

  it('copies the example where the user wants it, never over another', async () => {
    await vscode.commands.executeCommand('lineprof.openExample', root);
    const editor = vscode.window.activeTextEditor!;
    assert.equal(editor.document.uri.fsPath, particles);
    assert.match(editor.document.lineAt(editor.selection.active.line).text, /^function evolve/);
    assert.ok(statSync(particles).mode & 0o200, 'it cannot be changed');
    await vscode.commands.executeCommand('lineprof.openExample', root);
    assert.match(vscode.window.activeTextEditor!.document.uri.fsPath, /lineprof-example-2/);
  });

  it('is profiled by its mark, and again when it was fixed as the walkthrough says', async () => {
    const document = await vscode.workspace.openTextDocument(particles);
    const editor = await vscode.window.showTextDocument(document);
    const profile = async () => {
      const messages = await withMessages(() =>
        vscode.commands.executeCommand('lineprof.profileFunction', {
          file: particles,
          name: 'evolve',
          line: 1,
        }),
      );
      assert.deepEqual(messages, []);
      return api.profile!.functions[0]!;
    };
    const before = await profile();
    const text = document.getText();
    const fix = readFileSync(join(extension.extensionPath, 'media', 'walkthrough', 'fix.md'), 'utf8');
    const body = /```ts\n([\s\S]*?)```/.exec(fix)![1]!;
    const from = text.indexOf('    for (const particle of');
    const to = text.indexOf('  }\n}\n\n/** Particles with');
    const range = new vscode.Range(document.positionAt(from), document.positionAt(to));
    await editor.edit((edit) => edit.replace(range, body));
    const after = await profile();
    const hits = (fn: typeof before, code: string) => fn.lines.find(({ text }) => text.includes(code))?.hits;
    // A thousand particles, ten thousand steps a call; how fast it is depends on the machine.
    assert.equal(hits(before, 'const norm')! / before.calls!, 10_000_000);
    assert.equal(hits(after, 'const scale')! / after.calls!, 10_000_000);
    assert.equal(hits(after, 'const norm'), undefined);
  });
});
