#!/usr/bin/env node
import * as module from 'node:module';
import { dirname, join } from 'node:path';

// Node 22.8 and later keep what V8 compiled on disk: a later start does not compile it again.
const { enableCompileCache } = module as { enableCompileCache?: () => unknown };
enableCompileCache?.();

// A reader that leaves early (`| head`) is no failure; every write has its own callback for other errors.
process.stdout.on('error', () => {});
process.stderr.on('error', () => {});

const [{ main }, { default: manifest }] = await Promise.all([
  import('./cli/main.ts'),
  import('../package.json', { with: { type: 'json' } }),
]);
process.exit(
  await main(process.argv.slice(2), {
    stdout: process.stdout,
    stderr: process.stderr,
    cwd: process.cwd(),
    env: process.env,
    version: manifest.version,
    collectFolder: join(import.meta.dirname, 'collect'),
    engine: async () => (await import('./engine.ts')).profile,
    memoryEngine: async () => (await import('./engine.ts')).profileMemory,
    doctor: async () => {
      const { diagnose } = await import('./engine/doctor.ts');
      const probe = join(import.meta.dirname, 'register', 'doctor.cjs');
      return async (where) => diagnose({ ...where, probe });
    },
    cpuProfileReader: async () => {
      const { openCpuProfile } = await import('./engine/import.ts');
      const cwd = process.cwd();
      // The hottest five, as for a run without a choice.
      return async (text, path) => openCpuProfile(text, path, { cwd, roots: [cwd, dirname(path)], most: 5 });
    },
    schema: async () => (await import('../docs/result.schema.json', { with: { type: 'json' } })).default,
  }),
);
