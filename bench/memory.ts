import { join } from 'node:path';
import { build } from 'esbuild';
import { profileMemory } from '../src/engine/memory.ts';
import { type Job, plainMillis, ROOT } from './launches.ts';
import { ratio, rounds } from './statistics.ts';
import { type Row, ratioRow } from './table.ts';

/** The memory run against the plain one on `benchmarkMemory`: read by itself, and with what it calls. */
export async function memory(folder: string, count: number): Promise<readonly Row[]> {
  const script = join(folder, 'memory.mjs');
  await build({
    stdin: {
      contents: `import { benchmarkMemory } from './memory.ts';\nbenchmarkMemory();`,
      resolveDir: join(ROOT, 'examples', 'particles'),
    },
    outfile: script,
    bundle: true,
    platform: 'node',
    format: 'esm',
  });
  const job: Job = { script, args: [] };
  const times = await rounds(count, {
    plain: () => plainMillis(job),
    alone: () => memoryMillis(job, ['benchmarkMemory']),
    particles: () => memoryMillis(job, ['benchmarkMemory', 'randomParticles']),
  });
  return [
    ratioRow(
      'Memory run, `benchmarkMemory`',
      ratio(times.alone, times.plain),
      3,
      'memory_profiler 37 × and more',
    ),
    ratioRow(
      'Memory run, with its 100,000 particles read one by one',
      ratio(times.particles, times.plain),
      5,
    ),
  ];
}

/** Wall time of the program in a memory run. */
async function memoryMillis({ script, args }: Job, functions: readonly string[]): Promise<number> {
  const { run } = await profileMemory(
    {
      way: { kind: 'run', script, args },
      functions,
      intervalMicros: 1000,
      hits: 'none',
      node: process.execPath,
      timeoutMillis: null,
      cwd: ROOT,
      env: process.env,
    },
    { collectFolder: join(ROOT, 'dist', 'collect') },
  );
  return run.realMicros / 1000;
}
