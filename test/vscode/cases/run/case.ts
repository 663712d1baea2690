import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import * as vscode from 'vscode';
import type { LineprofApi } from '../../../../src/extension.ts';
import type { FunctionProfile, Profile } from '../../../../src/model/profile.ts';
import type { HowToRun } from '../../../../src/vscode/run/ways.ts';
import { suite } from '../../host/suite.ts';
import { withMessages } from '../../support/messages.ts';

export const run = suite('run', () => {
  const root = vscode.workspace.workspaceFolders![0]!.uri.fsPath;
  const work = join(root, 'src', 'work.js');
  let api: LineprofApi;

  before(async () => {
    api = await vscode.extensions.getExtension<LineprofApi>('lineprof.lineprof')!.activate();
    mkdirSync(join(root, 'node_modules'));
    for (const name of ['mocha', 'vitest', 'jest']) {
      symlinkSync(dirname(require.resolve(`${name}/package.json`)), join(root, 'node_modules', name));
    }
  });

  it('calls the expression of a mark, and shows hits and time on the right lines', async () => {
    const profile = await profiled(work, 'crunch');
    const crunch = one(profile, 'crunch');
    assert.deepEqual(profile.functions.length, 1);
    const line = (number: number) => crunch.lines.find((each) => each.line === number)!;
    assert.ok(crunch.samples > 300, `${crunch.samples} samples`);
    assert.equal(line(4).hits! / crunch.calls!, 301);
    assert.equal(line(5).hits! / crunch.calls!, 300);
    assert.equal(line(8).hits, 0);
    assert.ok(line(5).percent! > 90, `${line(5).percent} %`);
    assert.match(await hover(work, 5), /Line 5.*crunch/);
    assert.match(await hover(work, 8), /Never ran/);
    assert.equal(vscode.window.activeTextEditor!.document.uri.fsPath, work);
  });

  it('simply runs a function that needs no argument, TypeScript that Node cannot strip included', async () => {
    const typed = join(root, 'src', 'typed.ts');
    const tally = one(await profiled(typed, 'tally'), 'tally');
    assert.equal(tally.lines.find(({ line }) => line === 8)!.hits! / tally.calls!, 2_000_001 / 1);
  });

  it('saves what is unsaved before it runs', async () => {
    const document = await vscode.workspace.openTextDocument(work);
    const editor = await vscode.window.showTextDocument(document);
    await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), '// typed in, not saved\n'));
    assert.equal(document.isDirty, true);
    const fn = one(await profiled(work, 'noArguments'), 'noArguments');
    assert.equal(document.isDirty, false);
    assert.equal(fn.line, 20);
    await vscode.commands.executeCommand('undo');
    await document.save();
  });

  it('asks about what is unsaved, or runs what is on the disk, by setting', async () => {
    const document = await vscode.workspace.openTextDocument(work);
    const editor = await vscode.window.showTextDocument(document);
    const set = (value: string | undefined) =>
      vscode.workspace
        .getConfiguration('lineprof')
        .update('saveBeforeRun', value, vscode.ConfigurationTarget.Workspace);
    const run = () => vscode.commands.executeCommand('lineprof.profileFunction', place(work, 'noArguments'));
    await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), '// typed in, not saved\n'));
    await set('ask');
    const before = api.profile;
    const [question] = await withMessages(run);
    assert.deepEqual(question!.buttons, ['Save All', 'Run As Saved']);
    assert.equal(api.profile, before, 'nothing runs without an answer');
    await withMessages(run, ['Run As Saved']);
    assert.deepEqual([document.isDirty, one(api.profile!, 'noArguments').line], [true, 19]);
    await withMessages(run, ['Save All']);
    assert.deepEqual([document.isDirty, one(api.profile!, 'noArguments').line], [false, 20]);
    await vscode.commands.executeCommand('undo');
    await set('never');
    assert.deepEqual(await withMessages(run), []);
    assert.deepEqual([document.isDirty, one(api.profile!, 'noArguments').line], [true, 20]);
    await document.save();
    await set(undefined);
  });

  it('runs a method in every way there is', async () => {
    const ways: readonly HowToRun[] = [
      { kind: 'call', file: work, expression: 'new Machine().run(200)', cwd: root },
      { kind: 'file', file: join(root, 'src', 'main.js'), cwd: root },
      { kind: 'script', manager: 'npm', script: 'work', cwd: root },
      { kind: 'command', command: 'node src/main.js | cat', cwd: root },
      { kind: 'launch', name: 'Main', folder: root },
      {
        kind: 'test',
        run: {
          runner: 'node:test',
          file: join(root, 'test', 'work.test.js'),
          name: null,
          bin: null,
          cwd: root,
        },
      },
    ];
    for (const how of ways) {
      const profile = await profiled(work, 'Machine.run', how);
      const { samples, calls } = one(profile, 'Machine.run');
      assert.ok(samples > 20, `${how.kind}: ${samples} samples`);
      assert.ok(calls! >= 1, `${how.kind}: ${calls} calls`);
    }
  }).timeout(120_000);

  it('remembers how, and does it again', async () => {
    await vscode.commands.executeCommand('lineprof.profileFunction', place(work, 'Machine.run'));
    assert.deepEqual(
      api.profile!.run.command.join(' ').includes('work.test.js'),
      true,
      api.profile!.run.command.join(' '),
    );
    const before = api.profile;
    await vscode.commands.executeCommand('lineprof.again');
    assert.notEqual(api.profile, before);
    assert.equal(api.profile!.functions[0]!.name, 'Machine.run');
  });

  it('profiles a whole file', async () => {
    const how: HowToRun = { kind: 'file', file: join(root, 'src', 'main.js'), cwd: root };
    await vscode.commands.executeCommand('lineprof.profileFile', vscode.Uri.file(work), how);
    assert.deepEqual(names(api.profile!).sort(), ['Machine.run', 'crunch', 'slow']);
  });

  for (const [runner, file, line, name, calls] of [
    ['node:test', 'work.test.js', 7, 'crunch', 60],
    ['mocha', 'mocha.test.js', 7, 'crunch', 60],
    // Chosen by its heat: what calls it may have no sample of its own.
    ['vitest', 'vitest.test.ts', 6, 'kindOf', 40_000_000],
    ['jest', 'jest.test.cjs', 6, 'pile', 20],
  ] as const) {
    it(`profiles the test at the cursor alone, in ${runner}`, async () => {
      await cursor(join(root, 'test', file), line);
      await vscode.commands.executeCommand('lineprof.profileTest');
      const fn = one(api.profile!, name);
      assert.equal(fn.calls, calls);
      assert.ok(fn.samples > 20, `${fn.samples} samples`);
      assert.equal(api.profile!.run.exitCode, 0, 'the failing test beside it did not run');
    });
  }

  it('stops within seconds, shows what was measured and leaves nothing behind', async () => {
    const done = vscode.commands.executeCommand('lineprof.profileFunction', place(work, 'forEver'));
    const seen = () => api.profile?.functions.find(({ name }) => name === 'forEver')?.samples ?? 0;
    for (let tries = 0; !(api.running && seen() > 20) && tries < 600; tries++) {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    const from = performance.now();
    await vscode.commands.executeCommand('lineprof.stop');
    await done;
    const millis = performance.now() - from;
    assert.ok(millis < 10_000, `took ${millis} ms`);
    assert.equal(api.profile!.run.stopped, 'cancelled');
    assert.ok(one(api.profile!, 'forEver').samples > 20);
    assert.deepEqual(leftovers(), []);
  });

  it('queues a second run behind the first', async () => {
    const order: string[] = [];
    const first = vscode.commands
      .executeCommand('lineprof.profileFunction', place(work, 'noArguments'))
      .then(() => order.push(names(api.profile!)[0]!));
    const second = vscode.commands
      .executeCommand('lineprof.profileFunction', place(work, 'crunch'))
      .then(() => order.push(names(api.profile!)[0]!));
    await Promise.all([first, second]);
    assert.deepEqual(order, ['noArguments', 'crunch']);
  });

  it('keeps the last profile when a run fails, and is ready for the next', async () => {
    const kept = api.profile;
    await vscode.commands.executeCommand('lineprof.profileFunction', place(work, 'quick'), {
      kind: 'call',
      file: work,
      expression: 'quick(',
      cwd: root,
    } satisfies HowToRun);
    assert.equal(api.profile, kept);
    await vscode.commands.executeCommand('lineprof.profileFunction', place(work, 'throws'));
    assert.equal(one(api.profile!, 'throws').callsInTimedRun, 1);
    assert.equal(api.profile!.run.exitCode, 1);
  });

  async function profiled(file: string, name: string, how?: HowToRun): Promise<Profile> {
    const before = api.profile;
    const said = await withMessages(() =>
      vscode.commands.executeCommand('lineprof.profileFunction', place(file, name), how),
    );
    assert.ok(api.profile !== before, `no new profile of ${name}; said: ${JSON.stringify(said)}`);
    return api.profile!;
  }
});

function place(file: string, name: string) {
  return { file, name, line: 1 };
}

function one(profile: Profile, name: string): FunctionProfile {
  const found = profile.functions.find((fn) => fn.name === name);
  assert.ok(found, `${name} is not among ${names(profile)}`);
  return found;
}

function names({ functions }: Profile): string[] {
  return functions.map(({ name }) => name);
}

async function cursor(file: string, line: number): Promise<void> {
  const editor = await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(file));
  const at = new vscode.Position(line - 1, 10);
  editor.selection = new vscode.Selection(at, at);
}

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

/** Temporary folders of profiles, and (where /proc tells) processes that were started to be profiled. */
function leftovers(): string[] {
  const folders = readdirSync(tmpdir()).filter((name) => name.startsWith('lineprof-'));
  const pids = existsSync('/proc') ? readdirSync('/proc').filter((name) => /^\d+$/.test(name)) : [];
  return [...folders, ...pids.filter((pid) => environmentOf(pid).includes(`LINEPROF_PLAN=${tmpdir()}`))];
}

function environmentOf(pid: string): string {
  try {
    return readFileSync(join('/proc', pid, 'environ'), 'utf8');
  } catch {
    return '';
  }
}
