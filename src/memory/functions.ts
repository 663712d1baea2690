import type * as t from '@babel/types';
import { v8StartOf } from '../hits/v8ranges.ts';
import { MEMORY_GLOBAL } from '../protocol/memory.ts';
import type { Node } from '../source/ast.ts';
import { childrenOf, type FunctionNode, isFunction } from '../source/walk.ts';
import { visitExpression } from './expressions.ts';
import { newNumber, newPoint, numberText, reading, type Scope } from './scope.ts';
import { visitStatements } from './statements.ts';

const SLOT = '__lineprof_s';

/** Reads a function: its parameters belong to its caller's line, its body is its own. */
export function insertFunction(outer: Scope, node: FunctionNode): void {
  const quiet: Scope = { ...outer, slot: null, loops: [] };
  if ('computed' in node && node.computed) visitExpression(outer, node.key);
  for (const param of node.params) visitExpression(quiet, param);
  const fn = newNumber(outer);
  outer.functions.push([v8StartOf(node, outer.text), node.end!, fn]);
  const scope: Scope = { ...outer, slot: SLOT, fn, loops: [], leaves: false };
  const stops = node.async === true || ('generator' in node && node.generator === true);
  const enter = `const ${SLOT}=${MEMORY_GLOBAL}.${stops ? 'E' : 'e'}(${numberText(fn)});`;
  const leave = `${MEMORY_GLOBAL}.x(${SLOT})`;
  const { body } = node;
  if (body.type !== 'BlockStatement') {
    const isParenthesized = body.extra?.['parenthesized'] === true;
    const start = isParenthesized ? (body.extra?.['parenStart'] as number) : body.start!;
    const point = newPoint(scope, body.start!);
    outer.edits.insert(start, `{${enter}try{${reading(scope, point)};return `);
    visitExpression(scope, body);
    // An arrow ends where its body does, parentheses included.
    outer.edits.insert(node.end!, `}finally{${leave}}}`);
    return;
  }
  const start = body.directives.at(-1)?.end ?? body.start! + 1;
  const afterDirective = body.directives.length > 0 ? ';' : '';
  const wraps = maybeInBlock(node, body);
  outer.edits.insert(start, `${afterDirective}${enter}${wraps ? 'try{' : ''}`);
  visitStatements({ ...scope, leaves: !wraps }, body.body);
  outer.edits.insert(body.end! - 1, wraps ? `}finally{${leave}}` : `;${leave}`);
}

/** Reads the top level of a module or script. It cannot be wrapped: its declarations are the module's. */
export function insertModule(outer: Scope, node: t.Program): void {
  const fn = newNumber(outer);
  outer.functions.push([0, outer.text.length, fn]);
  const slot = `${SLOT}m`;
  const scope: Scope = { ...outer, slot, fn, loops: [], leaves: false };
  const start = node.directives.at(-1)?.end ?? node.body[0]?.start;
  if (start == null) return;
  const afterDirective = node.directives.length > 0 ? ';' : '';
  outer.edits.insert(start, `${afterDirective}const ${slot}=${MEMORY_GLOBAL}.E(${numberText(fn)});`);
  visitStatements(scope, node.body);
  const end = node.body.at(-1)?.end ?? start;
  outer.edits.insert(end, `;${MEMORY_GLOBAL}.x(${slot})`);
}

/**
 * Whether a body's statements mean the same inside of a block: functions declared in it must not share their
 * names with each other or with a `var`, which only a function's own level allows.
 */
function maybeInBlock(node: FunctionNode, body: t.BlockStatement): boolean {
  const names = new Set<string>();
  for (const statement of body.body) {
    if (statement.type !== 'FunctionDeclaration' || statement.id == null) continue;
    if (names.has(statement.id.name)) return false;
    names.add(statement.id.name);
  }
  if (names.size === 0) return true;
  return !node.params.some((param) => names.has(textName(param))) && !declaresVar(body, names);
}

function textName(param: Node): string {
  return param.type === 'Identifier' ? param.name : '';
}

function declaresVar(node: Node, names: ReadonlySet<string>): boolean {
  if (node.type === 'VariableDeclaration' && node.kind === 'var') {
    if (node.declarations.some(({ id }) => mentions(id, names))) return true;
  }
  return childrenOf(node).some((child) => !isFunction(child) && declaresVar(child, names));
}

function mentions(node: Node, names: ReadonlySet<string>): boolean {
  if (node.type === 'Identifier') return names.has(node.name);
  return childrenOf(node).some((child) => mentions(child, names));
}
