import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Diagnosis, Finding } from '../model/doctor.ts';
import { DEFAULT_INTERVAL_MICROS } from '../model/request.ts';
import { logFlags } from '../target/flags.ts';
import { type NodeInfo, probeNode } from '../target/node.ts';

const run = promisify(execFile);

/** What the doctor needs to know. */
export interface DoctorOptions {
  /** Path of the Node that is looked at; null: the one on PATH. */
  readonly node: string | null;
  /** Absolute; where the program would run. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absolute path of the bundle of register/doctor.ts. */
  readonly probe: string;
}

/**
 * Tries what Lineprof does with a Node, and says what works.
 * @throws ProfileError `node-not-found`, `not-node`, `node-too-old`
 */
export async function diagnose({ node, cwd, env, probe }: DoctorOptions): Promise<Diagnosis> {
  const info = await probeNode(node, env, cwd);
  const { execPath, version, v8 } = info;
  const clean = { ...env, NODE_OPTIONS: '' };
  const findings = await Promise.all([
    tryLog(info, cwd, clean).then((one) => [one]),
    run(execPath, [probe], { cwd, env: clean, timeout: 30_000 }).then(
      ({ stdout }) => JSON.parse(stdout) as Finding[],
      (error: unknown): Finding[] => [
        {
          topic: 'Sampling',
          name: 'inside the program (lineprof/register)',
          works: false,
          detail: firstLine(error),
          advice: 'Use another build of Node; lineprof run needs none of it.',
        },
      ],
    ),
  ]);
  return { execPath, version, v8, findings: findings.flat() };
}

/** V8's log, which `lineprof run` reads. */
async function tryLog(info: NodeInfo, cwd: string, env: DoctorOptions['env']): Promise<Finding> {
  const what = {
    topic: 'Sampling',
    name: 'lineprof run, call and exec: V8’s log, every line with its calls',
  } as const;
  const folder = await mkdtemp(join(tmpdir(), 'lineprof-doctor-'));
  try {
    const spin = 'const e=performance.now()+50;let y=1;while(performance.now()<e)y=(y*1.0001+1)%1000003';
    await run(info.execPath, [...logFlags(folder, DEFAULT_INTERVAL_MICROS, info), '-e', spin], {
      cwd,
      env,
      timeout: 30_000,
    });
    const logs = (await readdir(folder)).filter((name) => name.endsWith('.log'));
    const texts = await Promise.all(logs.map((name) => readFile(join(folder, name), 'latin1')));
    const ticks = texts.reduce((sum, text) => sum + (text.match(/^tick,/gm)?.length ?? 0), 0);
    if (ticks === 0) throw new Error('its V8 wrote no samples into its log');
    return { ...what, works: true, detail: `${ticks} samples in 50 ms`, advice: null };
  } catch (error) {
    const advice = 'Use a Node from nodejs.org: its V8 writes the log.';
    return { ...what, works: false, detail: firstLine(error), advice };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function firstLine(error: unknown): string {
  const { stderr, message } = error as { stderr?: string; message?: string };
  return (stderr?.trim() || message || String(error)).split('\n')[0]!;
}
