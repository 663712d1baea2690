import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { suite } from '../../host/suite.ts';
import { functionProfile, profileOf } from '../../support/profile.ts';

const LINES = 10_000;

export const run = suite('a function of 10,000 lines', () => {
  const root = vscode.workspace.workspaceFolders![0]!.uri.fsPath;
  const source = join(root, 'large.ts');
  const result = join(root, 'result.json');

  before(() => {
    const body = Array.from({ length: LINES }, (_, k) => `  step(${k});`);
    const text = ['export function large() {', ...body, '}'].join('\n');
    writeFileSync(source, text);
    const numbers = Object.fromEntries(
      body.map((_, k) => [k + 2, { hits: k + 1, samples: 1 + ((k * 7919) % 400) }]),
    );
    const place = { name: 'large', file: 'large.ts', line: 1, endLine: LINES + 2 };
    writeFileSync(result, JSON.stringify(profileOf(root, [functionProfile(place, text, 500, 1, numbers)])));
  });

  it('is drawn without holding up the extension host', async () => {
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(source));
    await vscode.commands.executeCommand('lineprof.openProfile', vscode.Uri.file(result));
    const millis: number[] = [];
    for (let k = 0; k < 9; k++) {
      await vscode.commands.executeCommand('lineprof.toggleAnnotations');
      // CPU time: the machine may be busy with other things.
      const from = process.cpuUsage();
      await vscode.commands.executeCommand('lineprof.toggleAnnotations');
      const { user, system } = process.cpuUsage(from);
      millis.push((user + system) / 1000);
    }
    const [middle] = millis.sort((a, b) => a - b).slice(4);
    assert.ok(middle! < 50, `${millis.map((one) => one.toFixed(1)).join(', ')} ms`);
  });
});
