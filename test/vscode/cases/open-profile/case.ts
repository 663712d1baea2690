import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { suite } from '../../host/suite.ts';
import { simulatorProfile } from '../../support/profile.ts';

export const run = suite('open a profile', () => {
  const root = vscode.workspace.workspaceFolders![0]!.uri.fsPath;
  const source = join(root, 'src', 'simulator.ts');
  const result = join(root, 'result.json');

  before(() => {
    // Made on another machine, in a folder that is not here.
    const profile = simulatorProfile('/ci/build/particles', readFileSync(source, 'utf8'));
    writeFileSync(result, JSON.stringify(profile));
  });

  it('is not active before its first command, and does not load the engine with it', async () => {
    const extension = vscode.extensions.getExtension('lineprof.lineprof')!;
    assert.ok(extension, 'the extension is not there');
    const loaded = () => Object.keys(require.cache).filter((file) => /dist[\\/]engine\.cjs$/.test(file));
    await vscode.commands.executeCommand('lineprof.clear');
    assert.equal(extension.isActive, true);
    assert.deepEqual(loaded(), []);
  });

  it('opens the file of the first function at its header', async () => {
    await vscode.commands.executeCommand('lineprof.openProfile', vscode.Uri.file(result));
    const editor = vscode.window.activeTextEditor!;
    assert.equal(editor.document.uri.fsPath, source);
    assert.equal(editor.selection.active.line, 25);
  });

  it('goes from hot line to hot line and around', async () => {
    const lines: number[] = [];
    for (let k = 0; k < 6; k++) {
      await vscode.commands.executeCommand('lineprof.nextHotLine');
      lines.push(vscode.window.activeTextEditor!.selection.active.line + 1);
    }
    assert.deepEqual(lines, [32, 33, 34, 37, 32, 33]);
    await vscode.commands.executeCommand('lineprof.previousHotLine');
    assert.equal(vscode.window.activeTextEditor!.selection.active.line + 1, 32);
  });

  it('tells a line in its hover', async () => {
    const text = await hover(source, 32);
    assert.match(text, /\*\*Line 32\*\* of `ParticleSimulator\.evolve`/);
    assert.match(
      text,
      /\| 1,000,000&nbsp; \| 220 ms&nbsp; \| 220 ns&nbsp; \| 55\.0 ± 1\.5&nbsp; \| 54\.5&nbsp; \|/,
    );
    assert.match(text, /Self 120 ms \(54\.5 %\), in calls 100 ms \(45\.5 %\)/);
    assert.match(text, /optimised \(turbofan\) 63\.6 %.*builtin 31\.8 %.*GC 4\.5 %/);
    assert.match(text, /\[Particle\]\(command:lineprof\.goTo\?/);
    // A callee that is not on this machine is no link, and its name stays inside its code span.
    assert.ok(text.includes('- `` evil](command:x) `<b>` ¦ name `` 18.2 %'), text);
  });

  it('follows lines that move, and says what was changed', async () => {
    const editor = vscode.window.activeTextEditor!;
    await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), '// one\n// two\n'));
    assert.match(await hover(source, 34), /\*\*Line 32\*\*/);
    await editor.edit((edit) =>
      edit.replace(
        editor.document.lineAt(33).range,
        '        const norm = Math.hypot(particle.x, particle.y);',
      ),
    );
    assert.match(await hover(source, 34), /Changed since it was measured/);
    await vscode.commands.executeCommand('undo');
    assert.doesNotMatch(await hover(source, 34), /Changed since it was measured/);
  });

  it('hides and shows again', async () => {
    await vscode.commands.executeCommand('lineprof.toggleAnnotations');
    assert.equal(await hover(source, 34), '');
    await vscode.commands.executeCommand('lineprof.toggleAnnotations');
    assert.match(await hover(source, 34), /Line 32/);
    await vscode.commands.executeCommand('lineprof.clear');
    assert.equal(await hover(source, 34), '');
  });
});

/** The text of our hovers on a line (1-based). */
async function hover(path: string, line: number): Promise<string> {
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
    'vscode.executeHoverProvider',
    vscode.Uri.file(path),
    new vscode.Position(line - 1, 8),
  );
  return hovers
    .flatMap(({ contents }) => contents)
    .map((content) => (typeof content === 'string' ? content : content.value))
    .filter((text) => text.includes('Line ') || text.includes('sample'))
    .join('\n');
}
