import assert from 'node:assert/strict';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { LineprofApi } from '../../../../src/extension.ts';
import type { ProfileToolInput } from '../../../../src/vscode/profile-tool.ts';
import { suite } from '../../host/suite.ts';
import { withMessages } from '../../support/messages.ts';

export const run = suite('the tool for language models', () => {
  const root = vscode.workspace.workspaceFolders![0]!.uri.fsPath;
  let api: LineprofApi;

  let tool: vscode.LanguageModelTool<ProfileToolInput>;

  before(async () => {
    // The editor asks for a confirmation in its chat alone: what it would ask is read from the tool itself.
    const lm = vscode.lm as unknown as Record<string, (...args: unknown[]) => unknown>;
    const own = lm['registerTool']!;
    lm['registerTool'] = (...args) => {
      tool = args[1] as typeof tool;
      return own.apply(vscode.lm, args);
    };
    api = await vscode.extensions.getExtension<LineprofApi>('lineprof.lineprof')!.activate();
    lm['registerTool'] = own;
  });

  it('is registered as package.json says', () => {
    const { packageJSON } = vscode.extensions.getExtension('lineprof.lineprof')!;
    const [declared, ...more] = packageJSON.contributes.languageModelTools;
    assert.deepEqual(more, []);
    const tool = vscode.lm.tools.find(({ name }) => name === declared.name);
    assert.ok(tool, `${declared.name} is not registered`);
    assert.deepEqual(tool.inputSchema, declared.inputSchema);
  });

  it('asks before it runs, naming exactly what', async () => {
    const asked = async (input: ProfileToolInput) => {
      const { token } = new vscode.CancellationTokenSource();
      const prepared = await tool.prepareInvocation!({ input }, token);
      const { title, message } = prepared!.confirmationMessages!;
      return `${title} ${(message as vscode.MarkdownString).value}`;
    };
    const call = await asked({ file: 'src/work.js', function: 'crunch', expression: 'crunch(`](x)`)' });
    assert.match(call, /^Profile crunch\? .*src\/work\.js.*\n+```javascript\ncrunch\(`\]\(x\)`\)\n```/);
    const command = await asked({ file: 'src/work.js', function: 'crunch', command: 'npm test -- --x "y"' });
    assert.match(command, /```shellscript\nnpm test -- --x "y"\n```/);
    assert.ok(command.replaceAll(/&nbsp;|\\/g, ' ').includes(root.split('/').at(-1)!), command);
    assert.equal(api.profile, null);
  });

  it('measures a function and returns its table and the facts of the run, without a message', async () => {
    const input = { file: 'src/work.js', function: 'crunch', expression: 'crunch(300)' };
    const messages = await withMessages(async () => {
      const text = await invoke(input);
      assert.match(text, /^Command: .*work\.js crunch\(300\)$/m);
      assert.match(text, /^Node: v\d+\.\d+\.\d+[\s\S]*^Samples: [\d,]+, one every [\s\S]*^Evaluations: \d+/m);
      assert.match(text, /Line # +Hits +Time +Per Hit +Per Call +% Time +± +Line Contents/);
      assert.match(text, /^ +5 +\d+ +\S+ +\S+ +\S+ +\S+ +\S+ +sum \+= slow\(k\);$/m);
    });
    assert.deepEqual(messages, []);
    assert.equal(api.profile!.functions[0]!.name, 'crunch');
  });

  it('runs a function without arguments as it stands, and one with a mark by its mark', async () => {
    assert.match(
      await invoke({ file: join(root, 'src', 'work.js'), function: 'noArguments' }),
      /noArguments\(\)/,
    );
    assert.match(await invoke({ file: 'src/work.js', function: 'crunch' }), /crunch\(300\)/);
  });

  it('tells a model what is wrong, and what to ask instead', async () => {
    await refuses({ file: 'src/gone.js', function: 'crunch' }, /no file src\/gone\.js/);
    await refuses({ file: '/etc/hostname', function: 'crunch' }, /no file \/etc\/hostname in this workspace/);
    await refuses({ file: 'src/work.js', function: 'cranch' }, /no function cranch\. It has: crunch, slow/);
    await refuses({ file: 'src/work.js', function: 'slow' }, /slow needs arguments: give an expression/);
    await refuses({ file: 'src/work.js', function: 'slow', expression: 'slow(' }, /does not parse/);
  });

  it('stops when it is cancelled, with what was measured', async () => {
    const source = new vscode.CancellationTokenSource();
    const running = invoke({ file: 'src/work.js', function: 'forEver' }, source.token).catch(String);
    for (
      let tries = 0;
      !(api.running && api.profile?.functions[0]?.name === 'forEver') && tries < 300;
      tries++
    ) {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    assert.equal(api.running, true, 'it never began');
    source.cancel();
    await running;
    for (let tries = 0; api.running && tries < 100; tries++) {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    assert.equal(api.running, false);
    assert.equal(api.profile!.run.stopped, 'cancelled');
  });

  async function invoke(input: ProfileToolInput, token?: vscode.CancellationToken): Promise<string> {
    const { content } = await vscode.lm.invokeTool(
      'profile_function',
      { input, toolInvocationToken: undefined },
      token,
    );
    return content.map((part) => (part instanceof vscode.LanguageModelTextPart ? part.value : '')).join('');
  }

  async function refuses(input: ProfileToolInput, words: RegExp): Promise<void> {
    await assert.rejects(invoke(input), (error) => words.test(String(error)));
  }
});
