import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as vscode from 'vscode';
import type { LineprofApi } from '../../../../src/extension.ts';
import { suite } from '../../host/suite.ts';

export const run = suite('results of lineprof/register', () => {
  const root = vscode.workspace.workspaceFolders![0]!.uri.fsPath;
  const file = join(root, 'src', 'served.js');
  const extension = vscode.extensions.getExtension<LineprofApi>('lineprof.lineprof')!;
  const children: ChildProcess[] = [];
  let api: LineprofApi;

  /** A program that writes its result several times a second, until its stdin ends. */
  const start = (cwd: string, env: Readonly<Record<string, string>> = {}): ChildProcess => {
    const register = pathToFileURL(join(extension.extensionPath, 'dist', 'register.cjs')).href;
    const child = spawn('node', ['--import', register, join('src', 'served.js')], {
      cwd,
      env: { ...process.env, NODE_OPTIONS: '', LINEPROF_EVERY: '0.3', LINEPROF_SAMPLER: 'inspector', ...env },
      stdio: ['pipe', 'ignore', 'inherit'],
    });
    children.push(child);
    return child;
  };
  const end = async (child: ChildProcess): Promise<void> => {
    const exit = once(child, 'exit');
    child.stdin!.end();
    await exit;
  };
  const pidShown = () => api.profile?.run.processes[0]?.pid;

  before(async () => {
    // Written before the editor was there: nobody waits for it.
    await old(start(root));
    api = await extension.activate();
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(file));
  });
  const old = async (child: ChildProcess): Promise<void> => {
    await delay(1500);
    await end(child);
  };
  after(() => {
    for (const child of children) child.kill('SIGKILL');
  });

  it('are shown beside the code as they arrive, of one process as one run', async () => {
    await delay(1500);
    assert.equal(api.profile, null);
    const child = start(root);
    const seen: number[] = [];
    await until(() => {
      const samples = api.profile?.functions[0]?.samples;
      if (samples !== undefined && samples !== seen.at(-1)) seen.push(samples);
      return seen.length >= 4;
    }, 'four results of a program that runs');
    assert.deepEqual(
      seen,
      [...seen].sort((a, b) => a - b),
    );
    const { run, functions } = api.profile!;
    assert.equal(run.processes[0]!.pid, child.pid);
    assert.deepEqual(
      functions.map(({ name }) => name),
      ['answer'],
    );
    const entries = await api.runs();
    assert.deepEqual(
      entries.map(({ title }) => title),
      [`${join('src', 'served.js')}, process ${child.pid}`],
    );
    await end(child);
    await until(() => api.profile?.run.exitCode === 0, 'the last result');
    assert.equal((await api.runs()).length, 1);
    assert.equal((await api.runs())[0]!.totalMicros, api.profile!.run.realMicros);
  });

  it('of another process come in place of them, those of programs elsewhere do not', async () => {
    const elsewhere = mkdtempSync(join(tmpdir(), 'elsewhere-'));
    cpSync(root, elsewhere, { recursive: true });
    const other = start(elsewhere);
    const before = pidShown();
    await delay(2000);
    assert.equal(pidShown(), before);
    const next = start(root);
    await until(() => pidShown() === next.pid, 'the next process');
    assert.equal((await api.runs()).length, 2);
    await Promise.all([end(other), end(next)]);
    await until(() => api.profile?.run.exitCode === 0, 'its last result');
  });

  it('are left alone while the user looks at something else, and when the setting says so', async () => {
    const child = start(root);
    await until(() => pidShown() === child.pid, 'the process');
    const [, older] = await api.runs();
    await vscode.commands.executeCommand('lineprof.openRun', { entry: older, fn: null });
    const shown = api.profile;
    assert.notEqual(pidShown(), child.pid);
    await delay(1500);
    assert.equal(api.profile, shown);
    await end(child);
    const config = vscode.workspace.getConfiguration('lineprof');
    await config.update('watchResults', false, vscode.ConfigurationTarget.Workspace);
    const unseen = start(root);
    await delay(2500);
    assert.equal(api.profile, shown);
    assert.equal((await api.runs()).length, 3);
    await end(unseen);
    await config.update('watchResults', undefined, vscode.ConfigurationTarget.Workspace);
  });

  it('arrive in the folder that LINEPROF_DIR names in the settings', async () => {
    const config = vscode.workspace.getConfiguration('lineprof');
    mkdirSync(join(root, 'results'), { mode: 0o700 });
    await config.update('env', { LINEPROF_DIR: 'results' }, vscode.ConfigurationTarget.Workspace);
    await delay(1000);
    const child = start(root, { LINEPROF_DIR: 'results' });
    await until(() => pidShown() === child.pid, 'the process');
    await end(child);
    await config.update('env', undefined, vscode.ConfigurationTarget.Workspace);
  });

  it('need a Node that can do it: the doctor says what this one can', async () => {
    await vscode.commands.executeCommand('lineprof.doctor');
    const output = () =>
      vscode.workspace.textDocuments
        .filter(({ uri }) => uri.scheme === 'output')
        .map((document) => document.getText())
        .join('\n');
    await until(() => /works {2}folder of lineprof\/register/.test(output()), 'what the doctor says');
    assert.match(output(), /Node v\d+[\s\S]*works {2}inside the program: node:inspector: \d+ samples/);
  });
});

const delay = (millis: number) => new Promise((done) => setTimeout(done, millis));

async function until(holds: () => boolean, what: string): Promise<void> {
  const last = Date.now() + 30_000;
  while (!holds()) {
    assert.ok(Date.now() < last, `${what} never came`);
    await delay(50);
  }
}
