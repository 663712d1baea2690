import assert from 'node:assert/strict';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { LineprofApi } from '../../../../src/extension.ts';
import type { HowToRun } from '../../../../src/vscode/run/ways.ts';
import { suite } from '../../host/suite.ts';
import { withCommands, withMessages } from '../../support/messages.ts';

export const run = suite('runs that are too short, empty or failed', () => {
  const root = vscode.workspace.workspaceFolders![0]!.uri.fsPath;
  const short = join(root, 'src', 'short.js');
  const fileWay = (name: string): HowToRun => ({ kind: 'file', file: join(root, 'src', name), cwd: root });
  const callWay = (expression: string): HowToRun => ({ kind: 'call', file: short, expression, cwd: root });
  let api: LineprofApi;

  const profile = (name: string, how?: HowToRun, press: readonly string[] = []) =>
    withMessages(
      () => vscode.commands.executeCommand('lineprof.profileFunction', { file: short, name, line: 1 }, how),
      press,
    );
  const setting = (name: string, value: unknown) =>
    vscode.workspace.getConfiguration('lineprof').update(name, value, vscode.ConfigurationTarget.Global);
  /** Waits until what a button has started is shown. */
  const nextProfile = async (before: unknown) => {
    for (let tries = 0; (api.profile === before || api.running) && tries < 600; tries++) {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    assert.notEqual(api.profile, before, 'the button did nothing');
    return api.profile!;
  };

  before(async () => {
    api = await vscode.extensions.getExtension<LineprofApi>('lineprof.lineprof')!.activate();
  });

  it('says that a program was too short, and samples it more often at a press', async () => {
    let before: unknown;
    const [message, ...more] = await withMessages(async () => {
      await vscode.commands.executeCommand(
        'lineprof.profileFunction',
        { file: short, name: 'seldom', line: 5 },
        fileWay('once.js'),
      );
      before = api.profile;
    }, ['Sample More Often']);
    assert.deepEqual(more, []);
    assert.match(message!.text, /Too short to trust: only \d+ samples fell into seldom/);
    assert.deepEqual(message!.buttons, ['Sample More Often', 'Run Another Way…']);
    assert.equal((before as typeof api.profile)!.run.requestedIntervalMicros, 1000);
    const finer = await nextProfile(before);
    assert.equal(finer.run.requestedIntervalMicros, 50);
    assert.ok(finer.functions[0]!.samples > (before as typeof api.profile)!.functions[0]!.samples);
  });

  it('says that a function was too quick, and repeats it for longer at a press', async () => {
    let before: typeof api.profile = null;
    const messages = await withMessages(async () => {
      await vscode.commands.executeCommand(
        'lineprof.profileFunction',
        { file: short, name: 'quick', line: 1 },
        callWay('other() + quick()'),
      );
      before = api.profile;
    }, ['Repeat for Longer']);
    assert.match(messages[0]!.text, /quick was too quick to be seen|only \d+ samples? fell into quick/);
    assert.equal(messages[0]!.buttons[0], 'Repeat for Longer');
    const longer = await nextProfile(before);
    assert.ok(longer.run.repeats! > before!.run.repeats!, `${longer.run.repeats} and ${before!.run.repeats}`);
  });

  it('says that a function was never called, and asks for another way at a press', async () => {
    const asked = await withCommands(['lineprof.changeHow'], () =>
      profile('seldom', fileWay('never.js'), ['Run Another Way…']).then((messages) => {
        assert.deepEqual(
          messages.map(({ kind, text, buttons }) => [kind, text, buttons]),
          [
            [
              'warning',
              'Lineprof: seldom was never called in this run.',
              ['Run Another Way…', 'Show Output'],
            ],
          ],
        );
      }),
    );
    assert.deepEqual(asked, [['lineprof.changeHow', { file: short, name: 'seldom', line: 5 }]]);
  });

  it('says how a program ended, and shows what it wrote at a press', async () => {
    const [message] = await profile('fails', undefined, ['Show Output']);
    assert.match(message!.text, /It exited with code 9/);
    assert.ok(message!.buttons.includes('Show Output'));
    const output = () =>
      vscode.window.visibleTextEditors.find(({ document }) => document.uri.scheme === 'output');
    for (let tries = 0; !output()?.document.getText().includes('a word before') && tries < 100; tries++) {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    assert.match(output()!.document.getText(), /a word before the end/);
  });

  it('says that its Node is missing, and opens the setting at a press', async () => {
    await setting('node', join(root, 'no-node-here'));
    try {
      const asked = await withCommands(['workbench.action.openSettings'], async () => {
        const [message] = await profile('quick', callWay('quick()'), ['Choose Node…']);
        assert.equal(message!.kind, 'error');
        assert.match(message!.text, /no-node-here/);
        assert.deepEqual(message!.buttons, ['Choose Node…']);
      });
      assert.deepEqual(asked, [['workbench.action.openSettings', 'lineprof.node']]);
    } finally {
      await setting('node', undefined);
    }
  });

  it('says that the time was up, shows what there is, and opens the setting at a press', async () => {
    await setting('timeoutSeconds', 1.5);
    try {
      const asked = await withCommands(['workbench.action.openSettings'], async () => {
        const [message] = await profile('seldom', callWay('seldom(1e12)'), ['Change Timeout…']);
        assert.match(message!.text, /stopped at its timeout/);
      });
      assert.deepEqual(asked, [['workbench.action.openSettings', 'lineprof.timeoutSeconds']]);
      assert.equal(api.profile!.run.stopped, 'timeout');
    } finally {
      await setting('timeoutSeconds', undefined);
    }
  });

  it('says what is wrong with an expression, and keeps what is shown', async () => {
    const before = api.profile;
    const [message, ...more] = await profile('quick', callWay('quick('));
    assert.deepEqual(more, []);
    assert.equal(message!.kind, 'error');
    assert.deepEqual(message!.buttons, ['Run Another Way…', 'Show Output']);
    assert.equal(api.profile, before);
  });

  it('says nothing when all is well', async () => {
    assert.deepEqual(await profile('other', callWay('other()')), []);
  });
});
