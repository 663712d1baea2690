import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { copyText } from '../../../../src/report/copy.ts';
import { createPlaces } from '../../../../src/vscode/panel/places.ts';
import { suite } from '../../host/suite.ts';
import { functionProfile, profileOf, simulatorProfile } from '../../support/profile.ts';

export const run = suite('the table of lines and functions', () => {
  const root = vscode.workspace.workspaceFolders![0]!.uri.fsPath;
  const source = join(root, 'src', 'simulator.ts');
  const result = join(root, 'result.json');
  const profile = simulatorProfile(root, readFileSync(source, 'utf8'));

  before(() => writeFileSync(result, JSON.stringify(profile)));

  it('opens without a profile, and without loading the engine', async () => {
    await vscode.commands.executeCommand('lineprof.showTable');
    const engine = Object.keys(require.cache).filter((file) => /dist[\\/]engine\.cjs$/.test(file));
    assert.deepEqual(engine, []);
  });

  it('has nothing to copy then', async () => {
    await vscode.env.clipboard.writeText('before');
    await vscode.commands.executeCommand('lineprof.copyTable', 'csv');
    assert.equal(await vscode.env.clipboard.readText(), 'before');
  });

  it('copies the lines of the function that is shown', async () => {
    await vscode.commands.executeCommand('lineprof.openProfile', vscode.Uri.file(result));
    for (const format of ['text', 'markdown', 'csv'] as const) {
      await vscode.commands.executeCommand('lineprof.copyTable', format);
      assert.equal(await vscode.env.clipboard.readText(), copyText(profile, 0, format));
    }
    // The cursor has gone to the first function, and the table follows it a moment later.
    await new Promise((resolve) => setTimeout(resolve, 500));
    await vscode.commands.executeCommand('lineprof.showTable', {
      name: 'ParticleSimulator.evolveFast',
      line: 47,
    });
    await vscode.commands.executeCommand('lineprof.copyTable', 'text');
    assert.equal(await vscode.env.clipboard.readText(), copyText(profile, 1, 'text'));
  });

  it('finds the lines as they are, and the function under the cursor', async () => {
    const places = createPlaces();
    const evolve = profile.functions[0]!;
    const document = await vscode.workspace.openTextDocument(source);
    const editor = await vscode.window.showTextDocument(document);
    assert.deepEqual(places.linesOf(profile, evolve)![6], { line: 32, stale: false });
    assert.deepEqual(places.at(profile, document, 31), { fn: 0, line: 6 });
    assert.deepEqual(places.at(profile, document, 50), { fn: 1, line: 4 });
    assert.equal(places.at(profile, document, 2), null);
    await editor.edit((edit) => {
      edit.insert(new vscode.Position(0, 0), '// one\n// two\n');
      edit.replace(document.lineAt(31).range, '        const norm = Math.hypot(particle.x, particle.y);');
      edit.delete(document.lineAt(36).rangeIncludingLineBreak);
    });
    const now = places.linesOf(profile, evolve)!;
    assert.deepEqual(
      [now[5], now[6], now[11], now[12]],
      [
        { line: 33, stale: false },
        { line: 34, stale: true },
        { line: null, stale: false },
        { line: 39, stale: false },
      ],
    );
    assert.deepEqual(places.at(profile, document, 33), { fn: 0, line: 6 });
    const whole = new vscode.Range(
      new vscode.Position(0, 0),
      document.lineAt(document.lineCount - 1).range.end,
    );
    await editor.edit((edit) => edit.replace(whole, readFileSync(source, 'utf8')));
    assert.deepEqual(places.linesOf(profile, evolve)![6], { line: 32, stale: false });
  });

  it('takes the innermost of functions inside each other', async () => {
    const text = readFileSync(source, 'utf8');
    const place = { file: 'src/simulator.ts', line: 26, endLine: 44 };
    const outer = functionProfile({ ...place, name: 'outer' }, text, 100, 1, {});
    const inner = functionProfile({ ...place, name: 'inner', line: 29, endLine: 43 }, text, 100, 1, {});
    const nested = profileOf(root, [outer, inner]);
    const document = await vscode.workspace.openTextDocument(source);
    assert.deepEqual(createPlaces().at(nested, document, 29), { fn: 1, line: 1 });
    assert.deepEqual(createPlaces().at(nested, document, 26), { fn: 0, line: 1 });
  });
});
