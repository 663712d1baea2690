import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import schema from '../../docs/result.schema.json' with { type: 'json' };
import { main, type ProfileFunction } from '../../src/cli/main.ts';
import { ProfileError } from '../../src/model/error.ts';
import type { RunFacts } from '../../src/model/profile.ts';
import { EVOLVE, sampleFunction, sampleProfile } from '../report/sample.ts';

interface Told {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

describe('cli: what it does', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'lineprof-cli-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  /** Runs the command line in this process, with `profile` for its engine. */
  async function lineprof(
    args: readonly string[],
    profile: ProfileFunction = async () => sampleProfile(),
    extra: { env?: Record<string, string>; terminal?: boolean } = {},
  ): Promise<Told> {
    const told = { out: '', err: '' };
    const stream = (name: 'out' | 'err') => ({
      isTTY: extra.terminal === true,
      columns: 80,
      write(text: string, done: () => void) {
        told[name] += text;
        done();
      },
    });
    const code = await main(args, {
      stdout: stream('out'),
      stderr: stream('err'),
      cwd: folder,
      env: extra.env ?? {},
      version: '1.2.3',
      collectFolder: '/collect',
      engine: async () => profile,
      memoryEngine: async () => profile,
      doctor: async () => async () => ({
        execPath: '/bin/node',
        version: 'v24.0.0',
        v8: '13.6',
        findings: [
          { topic: 'Sampling', name: 'the log', works: true, detail: '40 samples', advice: null },
          { topic: 'Sampling', name: 'the add-on', works: false, detail: 'no g++', advice: 'Install it.' },
          { topic: 'Hits', name: 'counters', works: true, detail: 'hooks', advice: null },
        ],
      }),
      schema: async () => schema,
      cpuProfileReader: async () => async () => sampleProfile(),
    });
    return { code, ...told };
  }

  const ended = (run: Partial<RunFacts>) =>
    lineprof(['run', 'a.ts'], async () => sampleProfile(undefined, run));

  it('doctor: a line for everything that works or does not, and what to do', async () => {
    const { code, out, err } = await lineprof(['doctor']);
    assert.deepEqual([code, err], [0, '']);
    assert.equal(
      out,
      [
        'Node v24.0.0 (V8 13.6)  /bin/node',
        '',
        'Sampling',
        '  works  the log: 40 samples',
        '  no     the add-on: no g++',
        '         Install it.',
        '',
        'Hits',
        '  works  counters: hooks',
        '',
      ].join('\n'),
    );
    assert.equal(JSON.parse((await lineprof(['doctor', '--json'])).out).findings.length, 3);
  });

  it('prints the table and one line on what to try next', async () => {
    const { code, out, err } = await lineprof(['run', 'a.ts']);
    assert.equal(code, 0);
    assert.match(out, /^Timer unit: 1 µs\n/);
    assert.match(err, /^Next: .*\n$/);
    assert.equal((await lineprof(['run', '-q', 'a.ts'])).err, '');
  });

  it("exits with the program's own code, or a shell's for a signal", async () => {
    assert.equal((await ended({ exitCode: 7 })).code, 7);
    assert.equal((await ended({ exitCode: null, signal: 'SIGKILL' })).code, 137);
    assert.equal((await ended({ exitCode: null, signal: 'SIGTERM', stopped: 'timeout' })).code, 124);
    assert.equal((await ended({ exitCode: null, stopped: 'cancelled' })).code, 130);
    assert.equal((await ended({ exitCode: null, stopped: 'cancelled', signal: 'SIGKILL' })).code, 130);
    assert.equal((await ended({ exitCode: null, stopped: 'cancelled', signal: 'SIGTERM' })).code, 143);
  });

  it('tells failures in two lines, with the exit code of their reason', async () => {
    const failing = (error: unknown) => async () => Promise.reject(error);
    const known = await lineprof(
      ['run', 'a.ts'],
      failing(new ProfileError('file-not-found', 'no\nfile', 'Look.')),
    );
    assert.deepEqual(known, { code: 3, out: '', err: 'lineprof: no file\n  Look.\n' });
    const selector = await lineprof(['run', 'a.ts'], failing(new ProfileError('no-such-function', 'x', 'y')));
    assert.equal(selector.code, 2);
    const internal = await lineprof(['run', 'a.ts'], failing(new TypeError('oops')));
    assert.equal(internal.code, 3);
    assert.match(internal.err, /^lineprof: internal error: oops\n {2}.*report it.*LINEPROF_DEBUG=1.*\n$/);
    const debugged = await lineprof(['run', 'a.ts'], failing(new TypeError('oops')), {
      env: { LINEPROF_DEBUG: '1' },
    });
    assert.match(debugged.err, /TypeError: oops\n {4}at /);
    assert.deepEqual(await lineprof(['--nope']), {
      code: 2,
      out: '',
      err: "lineprof: unknown option '--nope'\n  See lineprof --help.\n",
    });
  });

  it('colours on a terminal, unless told not to', async () => {
    const ESCAPE = String.fromCharCode(27);
    const colored = async (args: string[], env: Record<string, string>, terminal: boolean) =>
      (await lineprof(['run', ...args, 'a.ts'], undefined, { env, terminal })).out.includes(ESCAPE);
    assert.equal(await colored([], {}, true), true);
    assert.equal(await colored([], {}, false), false);
    assert.equal(await colored([], { NO_COLOR: '1' }, true), false);
    assert.equal(await colored([], { NO_COLOR: '' }, true), true);
    assert.equal(await colored([], { TERM: 'dumb' }, true), false);
    assert.equal(await colored([], { FORCE_COLOR: '1' }, false), true);
    assert.equal(await colored(['--color'], { NO_COLOR: '1' }, false), true);
    assert.equal(await colored(['--no-color'], { FORCE_COLOR: '1' }, true), false);
  });

  it('tells progress of long runs on a terminal only', async () => {
    const slow: ProfileFunction = async (_request, { onProgress }) => {
      onProgress?.({ phase: 'timing', elapsedMillis: 500, samples: 100 });
      onProgress?.({ phase: 'timing', elapsedMillis: 1200, samples: 5000 });
      onProgress?.({ phase: 'timing', elapsedMillis: 1400, samples: 6000 });
      onProgress?.({ phase: 'counting', elapsedMillis: 1500, samples: null });
      return sampleProfile();
    };
    const { err } = await lineprof(['run', 'a.ts'], slow, { terminal: true });
    const lines = err.split('\n').filter((line) => line.startsWith('lineprof:'));
    assert.equal(lines.length, 2, err);
    assert.match(lines[0]!, /timing, 1 s, 5,000 samples/);
    assert.match(lines[1]!, /count hits, 2 s/);
    const memory = await lineprof(['memory', 'run', 'a.ts'], slow, { terminal: true });
    assert.match(memory.err, /lineprof: running, memory is read, 1 s/);
    assert.match(memory.err, /lineprof: running once more to count objects, or for memory over time, 2 s/);
    assert.ok(!(await lineprof(['run', 'a.ts'], slow)).err.includes('lineprof:'));
    assert.ok(!(await lineprof(['run', '-q', 'a.ts'], slow, { terminal: true })).err.includes('lineprof:'));
  });

  it('turns the first signal into a polite stop and shows what there is', async () => {
    const listeners = process.listenerCount('SIGINT');
    const { code, out } = await lineprof(['run', 'a.ts'], async (_request, { signal }) => {
      process.emit('SIGINT', 'SIGINT');
      assert.equal(signal?.aborted, true);
      return sampleProfile(undefined, { stopped: 'cancelled', signal: 'SIGINT', exitCode: null });
    });
    assert.equal(code, 130);
    assert.match(out, /Line Contents[\s\S]*interrupted/);
    assert.equal(process.listenerCount('SIGINT'), listeners, 'signals have their usual meaning again');
  });

  it('writes the result, which view prints again', async () => {
    const saved = await lineprof(['run', '--json', 'a result.json', 'a.ts']);
    const viewed = await lineprof(['view', 'a result.json']);
    assert.deepEqual(viewed, { code: 0, out: saved.out, err: '' });
    assert.deepEqual(JSON.parse(readFileSync(join(folder, 'a result.json'), 'utf8')), sampleProfile());
    const piped = await lineprof(['run', '--json', '-', 'a.ts']);
    assert.deepEqual([JSON.parse(piped.out), piped.err], [sampleProfile(), '']);
  });

  it('view merges several, and writes what it merged', async () => {
    writeFileSync(join(folder, 'one.json'), JSON.stringify(sampleProfile()));
    writeFileSync(
      join(folder, 'two.json'),
      JSON.stringify(sampleProfile([sampleFunction(EVOLVE, { samples: 351 })])),
    );
    const { out } = await lineprof(['view', 'one.json', 'two.json', '--json', 'both.json']);
    assert.match(out, /702 samples[\s\S]*Merged from 2 results/);
    assert.equal((await lineprof(['view', 'both.json'])).out, out);
  });

  it('refuses to run when the result could not be written', async () => {
    let ran = false;
    const engine = async () => {
      ran = true;
      return sampleProfile();
    };
    for (const path of ['no/such/folder/a.json', '.']) {
      const { code, err } = await lineprof(['run', '--json', path, 'a.ts'], engine);
      assert.deepEqual([code, ran], [2, false], path);
      assert.match(err, /^lineprof: the result cannot be written to .*\n {2}Give --json .*\n$/);
    }
  });

  const good = JSON.stringify(sampleProfile());
  const badFiles: readonly (readonly [name: string, text: string, message: RegExp])[] = [
    ['cut.json', good.slice(0, 500), /cut off or damaged/],
    ['other.json', '{"nodes":[]}', /is no result of lineprof/],
    ['null.json', 'null', /is no result of lineprof/],
    ['text.json', 'Timer unit', /is no result of lineprof/],
    ['newer.json', '{"format":"lineprof/2"}', /is of format lineprof\/2/],
    [
      'damaged.json',
      good.replace('"samples":351', '"samples":"351"'),
      /\/functions\/0\/samples must be integer/,
    ],
    ['tree.json', good.replace('"parent":1', '"parent":7'), /call tree does not hang together/],
  ];
  for (const [name, text, message] of badFiles) {
    it(`view refuses ${name}`, async () => {
      assert.ok(text !== good, 'the text was changed');
      writeFileSync(join(folder, name), text);
      const { code, out, err } = await lineprof(['view', name]);
      assert.deepEqual([code, out], [3, '']);
      assert.match(err, message);
      assert.match(err, /^lineprof: .*\n {2}.*\n$/);
    });
  }

  it('view refuses what is not there', async () => {
    assert.match((await lineprof(['view', 'nothing.json'])).err, /there is no file nothing\.json/);
    assert.match((await lineprof(['view', '.'])).err, /it is a folder/);
  });
});
