import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { type MemoryOptions, profileMemory } from '../../../src/engine/memory.ts';
import type { Profile } from '../../../src/model/profile.ts';
import type { Way } from '../../../src/model/request.ts';
import { KNOWN } from './truth.ts';

const ROOT = resolve(import.meta.dirname, '../../..');

/** Reads the memory of functions as `lineprof memory` does, on `node`, or the Node that runs the tests. */
export function memoryOf(
  way: Way,
  functions: readonly string[],
  node: string = process.execPath,
  options: Partial<MemoryOptions> = {},
): Promise<Profile> {
  return profileMemory(
    {
      way,
      functions,
      intervalMicros: 1000,
      hits: 'none',
      node,
      timeoutMillis: null,
      cwd: ROOT,
      env: process.env,
    },
    { collectFolder: join(ROOT, 'dist', 'collect') },
    options,
  );
}

/** What `known` keeps, by two heap snapshots of a plain process around it: heap and buffers. */
export function keptBySnapshots(node: string): number {
  const program = `
    import { getHeapSnapshot } from 'node:v8';
    const size = async () => {
      let text = '';
      for await (const part of getHeapSnapshot()) text += part;
      const { snapshot, nodes } = JSON.parse(text);
      const { node_fields } = snapshot.meta;
      const at = node_fields.indexOf('self_size');
      let bytes = 0;
      for (let i = at; i < nodes.length; i += node_fields.length) bytes += nodes[i];
      return bytes;
    };
    const { known } = await import(${JSON.stringify(KNOWN)});
    await size();
    const before = await size();
    known();
    console.log('kept', (await size()) - before);`;
  const { stdout } = spawnSync(node, ['--input-type=module', '-e', program], {
    encoding: 'utf8',
    env: { ...process.env, KNOWN_LATER: '1' },
  });
  return Number(/kept (\d+)/.exec(stdout)?.[1] ?? Number.NaN);
}
