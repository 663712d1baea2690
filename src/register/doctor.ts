/**
 * Bundle of its own (`dist/register/doctor.cjs`), run as a program by the Node that is looked at: tries what needs
 * that Node itself, and prints its findings as JSON.
 */
import { accessSync, constants, existsSync } from 'node:fs';
import Module from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import * as v8 from 'node:v8';
import type { Finding } from '../model/doctor.ts';
import { makeFolder } from './files.ts';
import { readOptions } from './options.ts';
import { addOnSampler, findAddOn } from './samplers/addon.ts';
import { whyNoAddOn } from './samplers/choose.ts';
import { inspectorSampler } from './samplers/inspector.ts';
import type { Sampler } from './samplers/sampler.ts';
import { type OwnSession, openSession } from './session.ts';

/** The last major version of Node that v8-profiler-next 1.10 compiles on. */
const LAST_ADD_ON_NODE = 24;

const TRIAL_MILLIS = 50;

/** Samples in a short time of work. @throws what the sampler throws */
function tryOut(sampler: Sampler): number {
  sampler.start();
  const end = performance.now() + TRIAL_MILLIS;
  let y = 1;
  while (performance.now() < end) y = (y * 1.0001 + 1) % 1000003;
  return sampler.stop().nodes.reduce((sum, { hitCount = 0 }) => sum + hitCount, 0);
}

function reasonOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0]!;
}

function attempt(what: Pick<Finding, 'topic' | 'name'>, advice: string | null, act: () => string): Finding {
  try {
    return { ...what, works: true, detail: act(), advice: null };
  } catch (error) {
    return { ...what, works: false, detail: reasonOf(error), advice };
  }
}

function sampled(sampler: Sampler): string {
  const samples = tryOut(sampler);
  if (samples === 0) throw new Error(`it took no sample in ${TRIAL_MILLIS} ms of work`);
  return `${samples} samples in ${TRIAL_MILLIS} ms`;
}

/** A program of one of these names on PATH, or null. */
function onPath(...names: readonly string[]): string | null {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    for (const name of names) {
      try {
        accessSync(join(folder, name), constants.X_OK);
        return join(folder, name);
      } catch {
        // Not there.
      }
    }
  }
  return null;
}

/** What is missing on this machine to build an add-on, in words. */
export function missingTools(
  find: (...names: readonly string[]) => string | null,
  hasHeaders: boolean,
): readonly string[] {
  return [
    ...(find('c++', 'g++', 'clang++') === null ? ['a C++ compiler (g++ or clang++)'] : []),
    ...(find('make', 'gmake') === null ? ['make'] : []),
    ...(find('python3', 'python') === null ? ['Python 3'] : []),
    ...(hasHeaders
      ? []
      : [
          "Node's headers (node.h), which node-gyp downloads from nodejs.org unless npm_config_nodedir names a folder",
        ]),
  ];
}

function addOnFinding(): Finding {
  const what = { topic: 'Sampling', name: 'inside the program: v8-profiler-next (optional)' } as const;
  const found = findAddOn(process.cwd(), __filename);
  if (found.addOn !== null) {
    const { addOn } = found;
    return attempt(what, 'Run npm rebuild v8-profiler-next; node:inspector samples meanwhile.', () =>
      sampled(addOnSampler(addOn, 1000)),
    );
  }
  const failed = (detail: string, advice: string | null): Finding => ({
    ...what,
    works: false,
    detail,
    advice,
  });
  const [detail] = whyNoAddOn(found.problem)
    .replace(/^v8-profiler-next (?:is )?/, '')
    .split(/: run | \(npm install/);
  const major = Number(process.versions.node.split('.')[0]);
  if (major > LAST_ADD_ON_NODE) {
    return failed(`it does not compile on Node ${major}`, 'Nothing to do: node:inspector samples instead.');
  }
  const command = found.problem === null ? 'npm install v8-profiler-next' : 'npm rebuild v8-profiler-next';
  if (process.platform === 'win32') {
    return failed(detail!, `${command} (it needs Python 3 and the C++ tools of Visual Studio).`);
  }
  const nodedir = process.env['npm_config_nodedir'] ?? join(dirname(process.execPath), '..');
  const missing = missingTools(onPath, existsSync(join(nodedir, 'include/node/node.h')));
  const build =
    missing.length === 0
      ? 'what it is built with is here'
      : `to build it there is no ${missing.join(', no ')}`;
  return failed(`${detail!.replace(/\.$/, '')}; ${build}`, `${command}. Without it node:inspector samples.`);
}

function findings(): Finding[] {
  const opened: { session: OwnSession | null; why: string } = { session: null, why: '' };
  try {
    opened.session = openSession();
  } catch (error) {
    opened.why = reasonOf(error);
  }
  const session = (): OwnSession => {
    if (opened.session === null) throw new Error(`this Node has no inspector (${opened.why})`);
    return opened.session;
  };
  const otherNode = 'Use a Node that was built with its inspector.';
  const hooks = Module as unknown as { registerHooks?: unknown; register?: unknown };
  return [
    attempt({ topic: 'Sampling', name: 'inside the program: node:inspector' }, otherNode, () =>
      sampled(inspectorSampler(session().session, { intervalMicros: 1000, coverage: false, late: false })),
    ),
    addOnFinding(),
    attempt({ topic: 'Hits', name: 'counters in the chosen functions' }, 'Use Node 20.6 or later.', () => {
      if (hooks.registerHooks !== undefined) return 'module.registerHooks';
      if (hooks.register !== undefined) return 'module.register';
      throw new Error('this Node cannot hook ES modules');
    }),
    attempt({ topic: 'Hits', name: "V8's coverage (LINEPROF_HITS=1)" }, otherNode, () => {
      session().startCoverage();
      return `${session().takeCoverage().length} scripts counted`;
    }),
    attempt({ topic: 'Memory', name: 'readings of the heap between lines' }, 'Use Node 20 or later.', () => {
      const profiler = new v8.GCProfiler();
      profiler.start();
      profiler.stop();
      return 'v8.GCProfiler';
    }),
    attempt(
      { topic: 'Results', name: 'folder of lineprof/register' },
      'Set LINEPROF_DIR to a folder that can be written to.',
      () => {
        const { folder } = readOptions(process.env, process.cwd(), () => {});
        makeFolder(folder);
        accessSync(folder, constants.W_OK);
        return folder;
      },
    ),
  ];
}

if (require.main === module) process.stdout.write(JSON.stringify(findings()));
