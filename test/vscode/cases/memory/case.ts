import assert from 'node:assert/strict';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { LineprofApi } from '../../../../src/extension.ts';
import type { FunctionComparison } from '../../../../src/model/comparison.ts';
import type { FunctionProfile } from '../../../../src/model/profile.ts';
import { copyText } from '../../../../src/report/copy.ts';
import { suite } from '../../host/suite.ts';
import { withMessages } from '../../support/messages.ts';

const MIB = 1_048_576;

export const run = suite('memory', () => {
  const root = vscode.workspace.workspaceFolders![0]!.uri.fsPath;
  const source = join(root, 'src', 'particles.ts');
  let api: LineprofApi;

  before(async () => {
    api = await vscode.extensions.getExtension<LineprofApi>('lineprof.lineprof')!.activate();
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(source));
  });

  it('reads the lines of the function at hand, the particles on the line that makes them', async () => {
    await vscode.commands.executeCommand('lineprof.profileMemory', at('benchmarkMemory'));
    const fn = shown('benchmarkMemory');
    assert.ok(api.profile!.memory!.readings > 0);
    assert.equal(api.memory, api.profile);
    assert.equal(api.profile!.functions.length, 1);
    const [objects, columns, text] = [line(fn, 17), line(fn, 18), line(fn, 24)];
    // 50,000 objects of six words of four or eight bytes, and the array that holds them.
    assert.ok(objects.incrementBytes! > 1.5 * MIB, `${objects.incrementBytes}`);
    assert.ok(Math.abs(columns.incrementBytes! - 50_000 * 3 * 8) < 10_000, `${columns.incrementBytes}`);
    assert.ok(text.allocatedBytes > MIB && text.incrementBytes! < 0.1 * MIB, 'a text that did not stay');
    assert.equal(line(fn, 20).occurrences, 50_000);
    assert.equal(fn.totalMicros, null);
    const particles = fn.memory!.objects!.find(({ name }) => name === 'Particle');
    assert.equal(particles!.count, 50_000);
    const [timeline, ...others] = api.profile!.memory!.timelines!;
    assert.equal(others.length, 0);
    assert.ok(
      timeline!.brackets.some(({ name }) => name.includes('benchmarkMemory')),
      JSON.stringify(timeline!.brackets),
    );
    assert.ok(timeline!.millis.length > 2);
  });

  it('tells them in the hover: amounts in MiB, and which are dealt out', async () => {
    const words = await hover(18);
    assert.match(words, /\*\*Line 18\*\* of `benchmarkMemory`/);
    assert.match(words, /Mem usage.*\| Increment.*\| Allocated.*\| Occurrences/);
    assert.match(words, /\| \+1\.1[45] MiB&nbsp; \| 1\.1[45] MiB&nbsp; \| 1&nbsp; \|/);
    assert.match(await hover(16), /Increment.*Allocated/);
    assert.match(await hover(20), /dealt out/);
    assert.match(await hover(26), /Never ran/);
  });

  it('offers to read it again in the hover, by a link that says where and not how', async () => {
    const words = await hover(17);
    const [, args] = /\(command:lineprof\.memoryOf\?([^)]*)\)/.exec(words)!;
    assert.deepEqual(JSON.parse(decodeURIComponent(args!)), [source, 17]);
    const before = api.profile;
    await vscode.commands.executeCommand('lineprof.memoryOf', source, 17);
    assert.notEqual(api.profile, before);
    shown('benchmarkMemory');
    const after = api.profile;
    for (const args of [[join(root, 'package.json'), 1], [source, 0], [source, 1e9], [source], []]) {
      await vscode.commands.executeCommand('lineprof.memoryOf', ...args);
    }
    assert.equal(api.profile, after, 'of nothing but a line of a file on the screen');
  });

  it('copies as text, Markdown and CSV', async () => {
    for (const format of ['text', 'markdown', 'csv'] as const) {
      await vscode.commands.executeCommand('lineprof.copyTable', format);
      const copied = await vscode.env.clipboard.readText();
      assert.equal(copied, copyText(api.profile!, 0, format));
      assert.match(copied, /new Float64Array/);
      assert.match(
        copied,
        { text: /Mem usage +Increment/, markdown: /Increment \(MiB\)/, csv: /increment_bytes/ }[format],
      );
    }
  });

  it('stands beside the times of the same function, in the hover and as a column', async () => {
    const settings = vscode.workspace.getConfiguration('lineprof');
    await settings.update('columns', ['time', 'memory'], vscode.ConfigurationTarget.Workspace);
    await vscode.commands.executeCommand('lineprof.profileFunction', at('benchmarkMemory'));
    assert.equal(api.profile!.memory, undefined);
    assert.notEqual(api.memory, null, 'the memory run is kept beside the one of times');
    assert.match(await hover(18), /Memory: \+1\.1[45] MiB kept, 1\.1[45] MiB allocated/);
    assert.match(await hover(18), /Profile memory of this function/);
  });

  it('is kept with the past runs, told apart, and opens again', async () => {
    const [time, memory] = await api.runs();
    assert.equal(time!.memory, undefined);
    assert.ok(memory!.memory!.incrementBytes! > MIB);
    await vscode.commands.executeCommand('lineprof.openRun', { entry: memory, fn: null });
    assert.ok(api.profile!.memory!.readings > 0);
    shown('benchmarkMemory');
  });

  it('is compared with an earlier run: in words why not with times, within the limits with its like', async () => {
    const [time, memory, before] = await api.runs();
    const node = (entry: unknown) => ({ entry, fn: null });
    const messages = await withMessages(() =>
      vscode.commands.executeCommand('lineprof.compare', node(time), [node(time), node(memory)]),
    );
    assert.match(messages[0]!.text, /a run of times and a memory run have nothing in common/);
    assert.equal(api.comparison, null);

    await vscode.commands.executeCommand('lineprof.compare', node(memory), [node(memory), node(before)]);
    const [same] = api.comparison!.functions;
    assert.ok(same!.before.run.startedAt < same!.after.run.startedAt, 'the older one is what was before');
    const { increment, objects } = same!.memory!;
    assert.equal(increment.difference!.noise, true, JSON.stringify(increment));
    const particles = objects!.find(({ name }) => name === 'Particle');
    assert.deepEqual(particles!.count.difference!.value, 0);
    const columns = same!.lines.find(({ after }) => after?.line === 18)!.memory!;
    assert.equal(columns.increment.difference!.noise, true, JSON.stringify(columns));
    assert.match(await hover(18), /Mem usage.*\n.*Increment.*\n.*Allocated.*\n.*Occurrences/);
    assert.match(await hover(18), /Within the limits of measurement/);
    assert.match(await hover(16), /\*\*benchmarkMemory\*\* keeps as much as before/);
    await vscode.commands.executeCommand('lineprof.copyTable', 'csv');
    assert.match(await vscode.env.clipboard.readText(), /^line_before,line_after,usage_bytes_before/);
  });

  it('is compared with its typed-array twin: what that saves, line by line', async () => {
    await vscode.commands.executeCommand('lineprof.profileMemory', at('typedTwin'));
    const twin = await keptRun('typedTwin');
    const objects = await keptRun('benchmarkMemory');
    await vscode.commands.executeCommand('lineprof.compare', { entry: twin, fn: 0 }, [
      { entry: twin, fn: 0 },
      { entry: objects, fn: 0 },
    ]);
    const [{ before, after, memory, lines }] = api.comparison!.functions as [FunctionComparison];
    assert.deepEqual([before.fn.name, after.fn.name], ['benchmarkMemory', 'typedTwin']);
    assert.ok(memory!.allocated.difference!.bounds!.high < -MIB, JSON.stringify(memory!.allocated));
    const particles = memory!.objects!.find(({ name }) => name === 'Particle');
    assert.equal(particles!.count.difference!.value, -50_000);
    const gone = lines.find((line) => line.before?.text.includes('new Particle'))!;
    assert.equal(gone.after, null);
    assert.ok(gone.memory!.increment.difference!.bounds!.high < -MIB);
    await vscode.commands.executeCommand('lineprof.stopComparing');
    assert.equal(api.comparison, null);
    shown('typedTwin');
  });

  it('says so when the function was never called, and is done again as memory', async () => {
    const how = { kind: 'call', file: source, expression: 'typedTwin()', cwd: root };
    const messages = await withMessages(() =>
      vscode.commands.executeCommand('lineprof.profileMemory', at('unusedHere'), how),
    );
    assert.match(messages[0]!.text, /unusedHere was never called in this run/);
    assert.equal(shown('unusedHere').calls, 0);
    await vscode.commands.executeCommand('lineprof.profileMemory', at('typedTwin'));
    const before = api.profile;
    await vscode.commands.executeCommand('lineprof.again');
    assert.notEqual(api.profile, before);
    assert.ok(shown('typedTwin').memory!.allocatedBytes >= 50_000 * 3 * 8);
  });

  it('runs once when nothing but the lines is wanted', async () => {
    const settings = vscode.workspace.getConfiguration('lineprof');
    await settings.update('memoryDetails', 'none', vscode.ConfigurationTarget.Workspace);
    await vscode.commands.executeCommand('lineprof.profileMemory', at('typedTwin'));
    assert.equal(shown('typedTwin').memory!.objects, null);
    assert.equal(api.profile!.memory!.timelines?.length ?? 0, 0);
  });

  it('is stopped, and leaves nothing that runs', async () => {
    const how = { kind: 'command', command: 'node -e "setInterval(() => {}, 1000)"', cwd: root };
    const done = vscode.commands.executeCommand('lineprof.profileMemory', at('typedTwin'), how);
    for (let tries = 0; !api.running && tries < 100; tries++) await rest(100);
    await rest(1500);
    await vscode.commands.executeCommand('lineprof.stop');
    await done;
    assert.equal(api.running, false);
    assert.equal(api.profile!.run.stopped, 'cancelled');
  });

  /** The newest memory run of a function: it is kept a moment after its profile is shown. */
  async function keptRun(name: string) {
    for (let tries = 0; tries < 100; tries++) {
      const found = (await api.runs()).find(
        ({ memory, functions }) => memory !== undefined && functions.some((one) => one.name === name),
      );
      if (found !== undefined) return found;
      await rest(100);
    }
    throw new Error(`no memory run of ${name} is kept`);
  }

  function shown(name: string): FunctionProfile {
    const fn = api.profile!.functions.find((one) => one.name === name);
    assert.ok(fn, `${name} is not among ${api.profile!.functions.map((one) => one.name)}`);
    return fn;
  }

  function line(fn: FunctionProfile, number: number) {
    const found = fn.lines.find((one) => one.line === number)?.memory;
    assert.ok(found, `line ${number} has no memory`);
    return found;
  }

  function at(name: string) {
    return { file: source, name, line: 1 };
  }

  async function hover(number: number): Promise<string> {
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      vscode.Uri.file(source),
      new vscode.Position(number - 1, 4),
    );
    return hovers
      .flatMap(({ contents }) => contents)
      .map((content) => (typeof content === 'string' ? content : content.value))
      .join('\n');
  }
});

function rest(millis: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, millis));
}
