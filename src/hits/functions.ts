import type * as t from '@babel/types';
import type { FunctionNode } from '../source/walk.ts';
import { countExpression, visitExpression } from './expressions.ts';
import { needsCount, type Scope } from './scope.ts';
import { visitStatements } from './statements.ts';

/** Counts a function's default values and body. */
export function visitFunction(outer: Scope, node: FunctionNode): void {
  const scope: Scope = { ...outer, breakables: [], group: null };
  for (const decorator of decoratorsOf(node)) visitExpression(outer, decorator.expression);
  if ('computed' in node && node.computed) visitExpression(outer, node.key);
  for (const param of node.params) {
    for (const decorator of decoratorsOf(param)) visitExpression(outer, decorator.expression);
    visitExpression(scope, param.type === 'TSParameterProperty' ? param.parameter : param);
  }
  const isWanted = scope.wanted.has(node);
  const { body } = node;
  if (body.type === 'BlockStatement') {
    const counter = visitStatements(scope, body.body, { wantEntry: isWanted, emptyAt: body.end! - 1 });
    if (isWanted) scope.entries.set(node, counter!);
  } else if (isWanted || needsCount(scope, body)) {
    scope.entries.set(node, countExpression(scope, body, body.start!, null));
  } else visitExpression(scope, body);
}

/** Counts a static block of a class. */
export function visitStaticBlock(outer: Scope, node: t.StaticBlock): void {
  const scope: Scope = { ...outer, breakables: [], group: null };
  const isWanted = scope.wanted.has(node);
  const counter = visitStatements(scope, node.body, { wantEntry: isWanted, emptyAt: node.end! - 1 });
  if (isWanted) scope.entries.set(node, counter!);
}

function decoratorsOf(node: object): readonly t.Decorator[] {
  const decorators = 'decorators' in node ? (node.decorators as t.Decorator[] | null | undefined) : null;
  return decorators ?? [];
}
