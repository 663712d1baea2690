import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { LineprofApi } from '../../../../src/extension.ts';
import { suite } from '../../host/suite.ts';
import { simulatorProfile } from '../../support/profile.ts';

export const run = suite('a workspace that is not trusted', () => {
  const root = vscode.workspace.workspaceFolders![0]!.uri.fsPath;
  const source = join(root, 'src', 'simulator.ts');
  let api: LineprofApi;

  before(async () => {
    assert.equal(vscode.workspace.isTrusted, false, 'the workspace is trusted: nothing is tested here');
    api = await vscode.extensions.getExtension<LineprofApi>('lineprof.lineprof')!.activate();
  });

  it('runs nothing, whatever it is asked', async () => {
    const proof = join(root, 'it-ran');
    const place = { file: source, name: 'ParticleSimulator.evolve', line: 26 };
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(source));
    for (const command of ['profileFunction', 'profileMemory']) {
      await vscode.commands.executeCommand(`lineprof.${command}`, place, {
        kind: 'command',
        command: `node -e "require('fs').writeFileSync('it-ran', '')"`,
        cwd: root,
      });
    }
    await vscode.commands.executeCommand('lineprof.memoryOf', source, 30);
    for (const command of ['profileFile', 'profileTest', 'profileCommand', 'changeHow', 'again']) {
      await vscode.commands.executeCommand(`lineprof.${command}`);
    }
    await assert.rejects(
      async () =>
        vscode.lm.invokeTool('profile_function', {
          input: {
            file: 'src/simulator.ts',
            function: 'ParticleSimulator.evolve',
            command: `node -e "require('fs').writeFileSync('it-ran', '')"`,
          },
          toolInvocationToken: undefined,
        }),
      /not trusted/,
    );
    assert.equal(existsSync(proof), false);
    assert.equal(api.profile, null);
  });

  it('does not load the add-on of its folder to tell what works', async () => {
    const proof = join(root, 'addon-ran');
    const addon = join(root, 'node_modules', 'v8-profiler-next');
    mkdirSync(addon, { recursive: true });
    writeFileSync(
      join(addon, 'package.json'),
      JSON.stringify({ name: 'v8-profiler-next', version: '1.10.0' }),
    );
    writeFileSync(join(addon, 'index.js'), `require('fs').writeFileSync(${JSON.stringify(proof)}, '');`);
    await vscode.commands.executeCommand('lineprof.doctor');
    assert.equal(existsSync(proof), false);
  });

  it('shows saved profiles', async () => {
    const result = join(root, 'result.json');
    writeFileSync(result, JSON.stringify(simulatorProfile(root, readFileSync(source, 'utf8'))));
    await vscode.commands.executeCommand('lineprof.openProfile', vscode.Uri.file(result));
    assert.equal(api.profile?.functions[0]?.name, 'ParticleSimulator.evolve');
  });
});
