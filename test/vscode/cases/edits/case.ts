import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { suite } from '../../host/suite.ts';
import { simulatorProfile } from '../../support/profile.ts';

const CHANGED = '$(warning) Changed since it was measured: Profile Again';

export const run = suite('a file that is edited after it was measured', () => {
  const root = vscode.workspace.workspaceFolders![0]!.uri.fsPath;
  const source = join(root, 'src', 'simulator.ts');
  const measured = readFileSync(source, 'utf8');
  let editor: vscode.TextEditor;

  before(async () => {
    const result = join(root, 'result.json');
    writeFileSync(result, JSON.stringify(simulatorProfile(root, measured)));
    await vscode.commands.executeCommand('lineprof.openProfile', vscode.Uri.file(result));
    editor = vscode.window.activeTextEditor!;
  });

  it('offers Profile Again above each function as it was', async () => {
    assert.deepEqual(await againLenses(), ['26: Profile Again', '47: Profile Again']);
  });

  it('asks for it louder above a function that was changed, and no other; undo takes that back', async () => {
    await replaceLine(32, '        const norm = Math.hypot(particle.x, particle.y);');
    assert.deepEqual(await againLenses(), [`26: ${CHANGED}`, '47: Profile Again']);
    assert.match(await hover(32), /Changed since it was measured; it read.*Math\.sqrt/);
    assert.doesNotMatch(await hover(33), /Changed since/);
    await vscode.commands.executeCommand('undo');
    assert.deepEqual(await againLenses(), ['26: Profile Again', '47: Profile Again']);
    assert.doesNotMatch(await hover(32), /Changed since/);
  });

  it('sees lines that are gone and lines that are new', async () => {
    await editor.edit((edit) => edit.delete(new vscode.Range(32, 0, 33, 0)));
    assert.deepEqual(await againLenses(), [`26: ${CHANGED}`, '46: Profile Again']);
    assert.match(await hover(33), /\*\*Line 34\*\*/);
    await vscode.commands.executeCommand('undo');
    await editor.edit((edit) => edit.insert(new vscode.Position(47, 0), '    if (dt === 0) return;\n'));
    assert.deepEqual(await againLenses(), ['26: Profile Again', `47: ${CHANGED}`]);
    await vscode.commands.executeCommand('undo');
    assert.equal(editor.document.getText(), measured);
  });

  it('knows its lines after a formatter has gone over them', async () => {
    const tabs = measured.replaceAll(/^( +)/gm, (spaces) => '\t'.repeat(spaces.length / 2));
    const whole = new vscode.Range(0, 0, editor.document.lineCount, 0);
    await editor.edit((edit) => edit.replace(whole, `// formatted\n\n${tabs}`));
    assert.match(editor.document.lineAt(33).text, /^\t+const norm/);
    assert.match(await hover(34), /\*\*Line 32\*\* of `ParticleSimulator\.evolve`/);
    assert.doesNotMatch(await hover(34), /Changed since/);
    assert.deepEqual(await againLenses(), ['28: Profile Again', '49: Profile Again']);
    await vscode.commands.executeCommand('undo');
    await editor.document.save();
  });

  it('leaves no number on a wrong line when another branch is checked out, and has them back after', async () => {
    const lines = measured.split('\n');
    const methods = [lines.slice(24, 44), lines.slice(45, 62)];
    const other = [...lines.slice(0, 24), ...methods[1]!, '', ...methods[0]!, ...lines.slice(62)].join('\n');
    await onDisk(other.replace('const dx = TIMESTEP', 'const dx = 2 * TIMESTEP'));
    const at =
      editor.document
        .getText()
        .split('\n')
        .findIndex((line) => line.includes('const norm')) + 1;
    assert.match(await hover(at), /\*\*Line 32\*\*/);
    assert.match(await hover(at + 5), /\*\*Line 37\*\*[\s\S]*Changed since/);
    await onDisk('export const nothing = 0;\n'.repeat(60));
    for (const line of [26, 32, 40]) assert.equal(await hover(line), '');
    assert.deepEqual(await againLenses(), []);
    await onDisk(measured);
    assert.match(await hover(32), /\*\*Line 32\*\*/);
    assert.deepEqual(await againLenses(), ['26: Profile Again', '47: Profile Again']);
  });

  it('has lenses above all functions, the marked ones or none, by setting', async () => {
    const configuration = () => vscode.workspace.getConfiguration('lineprof');
    const set = (value: string | undefined) =>
      configuration().update('codeLens', value, vscode.ConfigurationTarget.Workspace);
    await set('all');
    assert.deepEqual(
      (await lenses()).filter((lens) => / Profile$/.test(lens)),
      ['7: Profile', '21: Profile'],
    );
    await set('off');
    assert.deepEqual(await lenses(), []);
    await set(undefined);
    assert.deepEqual(await againLenses(), ['26: Profile Again', '47: Profile Again']);
    assert.deepEqual(
      (await lenses()).filter((lens) => / Profile$/.test(lens)),
      [],
    );
  });

  async function replaceLine(line: number, text: string): Promise<void> {
    await editor.edit((edit) => edit.replace(editor.document.lineAt(line - 1).range, text));
  }

  /** Writes the file as git would, and waits until the editor has seen it. */
  async function onDisk(text: string): Promise<void> {
    writeFileSync(source, text);
    for (let tries = 0; editor.document.getText() !== text && tries < 300; tries++) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      if (tries % 50 === 49) await vscode.commands.executeCommand('workbench.action.files.revert');
    }
    assert.equal(editor.document.getText(), text, 'the editor did not take the file from the disk');
  }

  async function againLenses(): Promise<string[]> {
    return (await lenses()).filter((lens) => lens.includes('Profile Again'));
  }

  async function lenses(): Promise<string[]> {
    const found = await vscode.commands.executeCommand<vscode.CodeLens[]>(
      'vscode.executeCodeLensProvider',
      vscode.Uri.file(source),
      50,
    );
    return found
      .filter(({ command }) => command?.command.startsWith('lineprof.'))
      .map(({ range, command }) => `${range.start.line + 1}: ${command!.title}`);
  }

  async function hover(line: number): Promise<string> {
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      vscode.Uri.file(source),
      new vscode.Position(line - 1, 8),
    );
    return hovers
      .flatMap(({ contents }) => contents)
      .map((content) => (typeof content === 'string' ? content : content.value))
      .filter((text) => text.includes('**Line ') || text.includes(' sample'))
      .join('\n');
  }
});
