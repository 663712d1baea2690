import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, it } from 'mocha';
import schema from '../../docs/result.schema.json' with { type: 'json' };
import { merge } from '../../src/analyze/merge.ts';
import { EVOLVE, sampleFunction, sampleProfile } from '../report/sample.ts';

interface SchemaNode {
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, unknown>>;
}

describe('docs: the result format', () => {
  const validate = new Ajv2020({ strict: true, allErrors: true }).compile(schema);
  const problems = (value: unknown) =>
    validate(value) ? [] : (validate.errors ?? []).map(({ instancePath }) => instancePath);

  it('takes what lineprof makes, merged and by process too', () => {
    const process = { pid: 1, thread: 1, command: 'node', samples: 3, functions: [sampleFunction(EVOLVE)] };
    assert.deepEqual(problems(sampleProfile()), []);
    assert.deepEqual(
      problems(sampleProfile([], { processes: [process], exitCode: null, signal: 'SIGINT' })),
      [],
    );
    assert.deepEqual(problems(merge([sampleProfile(), sampleProfile()])), []);
    assert.deepEqual(problems({ ...sampleProfile(), future: 1 }), [], 'additions are free');
    const internals = {
      name: '(node internals)',
      file: null,
      line: null,
      column: null,
      samples: 1,
      percent: 2,
    };
    const fn = sampleFunction(EVOLVE);
    const lines = fn.lines.map((line) => ({ ...line, calls: [internals] }));
    assert.deepEqual(problems(sampleProfile([{ ...fn, lines }])), [], 'a callee without a source');
  });

  it('refuses what means something else', () => {
    const profile = sampleProfile();
    const [fn] = profile.functions;
    assert.deepEqual(problems({ ...profile, format: 'lineprof/2' }), ['/format']);
    assert.deepEqual(problems({ ...profile, functions: [{ ...fn, line: 0 }] }), ['/functions/0/line']);
    assert.deepEqual(problems(sampleProfile([], { stopped: 'tired' as 'timeout' })), ['/run/stopped']);
  });

  it('demands every property that the model has, and no other', () => {
    const { $defs } = schema as { $defs: Record<string, SchemaNode> };
    const profile = sampleProfile();
    const [fn] = profile.functions;
    const parts: readonly (readonly [string, object])[] = [
      ['run', profile.run],
      ['function', fn!],
      ['lineStats', fn!.lines[0]!],
      ['treeFrame', profile.tree.frames[0]!],
      ['treeNode', profile.tree.nodes[0]!],
    ];
    for (const [name, part] of parts)
      assert.deepEqual([...$defs[name]!.required!].sort(), Object.keys(part).sort(), name);
  });

  it('is described in words, property by property', () => {
    const text = readFileSync(join(import.meta.dirname, '../../docs/result-format.md'), 'utf8');
    const { $defs } = schema as { $defs: Record<string, SchemaNode> };
    for (const [name, { properties }] of Object.entries($defs)) {
      for (const property of Object.keys(properties ?? {})) {
        assert.ok(text.includes(`\`${property}\``), `${name}.${property} is not in docs/result-format.md`);
      }
    }
  });
});
