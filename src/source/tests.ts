import type * as t from '@babel/types';
import { parseAst } from './ast.ts';
import { childrenOf } from './walk.ts';

/** A test or a suite of tests, as node:test, mocha, vitest and jest write them. */
export interface FoundTest {
  readonly kind: 'test' | 'suite';
  /** Its own name after those of the suites around it. */
  readonly names: readonly string[];
}

const SUITES = new Set(['describe', 'suite', 'context']);
const TESTS = new Set(['it', 'test', 'specify']);

/**
 * The innermost test or suite around an offset (UTF-16) of a text; null where there is none with a fixed name.
 * @throws ProfileError `syntax-error`, as parsing does.
 */
export function testAt(text: string, fileName: string, offset: number): FoundTest | null {
  const names: string[] = [];
  let found: FoundTest | null = null;
  let node: t.Node | undefined = parseAst(text, fileName).program;
  while (node !== undefined) {
    const test = node.type === 'CallExpression' ? testOf(node) : null;
    if (test !== null) {
      names.push(test.name);
      found = { kind: test.kind, names: [...names] };
    }
    node = childrenOf(node).find(({ start, end }) => start! <= offset && offset <= end!);
  }
  return found;
}

function testOf(call: t.CallExpression): { readonly kind: FoundTest['kind']; readonly name: string } | null {
  const callee = calleeName(call.callee);
  const kind = SUITES.has(callee) ? 'suite' : TESTS.has(callee) ? 'test' : null;
  const [first] = call.arguments;
  if (kind === null || first === undefined) return null;
  if (first.type === 'StringLiteral') return { kind, name: first.value };
  if (first.type !== 'TemplateLiteral' || first.expressions.length > 0) return null;
  return { kind, name: first.quasis[0]!.value.cooked ?? '' };
}

/** `it` of `it.only(…)`, `test` of `t.test(…)`. */
function calleeName(callee: t.Node): string {
  if (callee.type === 'Identifier') return callee.name;
  if (callee.type !== 'MemberExpression') return '';
  const object = calleeName(callee.object);
  if (SUITES.has(object) || TESTS.has(object)) return object;
  return callee.property.type === 'Identifier' ? callee.property.name : '';
}
