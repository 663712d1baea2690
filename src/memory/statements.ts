import type * as t from '@babel/types';
import { MEMORY_GLOBAL } from '../protocol/memory.ts';
import { isErased, nextToken, runs, statementStart } from '../source/walk.ts';
import { visitExpression } from './expressions.ts';
import { type LoopTarget, type NextRound, newPoint, reading, type Scope } from './scope.ts';

/** Reads before each statement of a list. */
export function visitStatements(scope: Scope, list: readonly t.Statement[]): void {
  for (const statement of list) {
    if (!runs(statement)) {
      if (!isErased(statement)) visitExpression(scope, statement);
      continue;
    }
    visitOne(scope, statement);
  }
}

/** Reads before the one statement of a branch or body, in braces where it has none. */
function visitBody(scope: Scope, statement: t.Statement, next: NextRound | null = null): void {
  const again = next === null ? '' : `;${roundText(scope, next)}`;
  if (statement.type === 'BlockStatement') {
    visitStatements(scope, statement.body);
    if (again !== '') scope.edits.insert(statement.end! - 1, again);
    return;
  }
  if (statement.type === 'FunctionDeclaration') {
    visitExpression(scope, statement);
    return;
  }
  scope.edits.insert(statement.start!, '{');
  visitStatements(scope, [statement]);
  scope.edits.insert(statement.end!, `${again}}`);
}

/** A statement that runs in its turn: a reading where it starts, then what is in it. */
function visitOne(scope: Scope, statement: t.Statement): void {
  const start = statementStart(statement);
  if (statement.type === 'BlockStatement' || statement.type === 'TryStatement') {
    visitStatement(scope, statement, []);
    return;
  }
  let inner: t.Statement = statement;
  const labels: string[] = [];
  while (inner.type === 'LabeledStatement') {
    labels.push(inner.label.name);
    inner = inner.body;
  }
  // Their headers read each test.
  const isTested =
    inner.type === 'WhileStatement' ||
    inner.type === 'DoWhileStatement' ||
    (inner.type === 'ForStatement' && inner.init == null && inner.update == null && inner.test != null);
  if (!isTested && inner.type !== 'BlockStatement') {
    scope.edits.insert(start, `${reading(scope, newPoint(scope, start))};`);
  }
  visitStatement(scope, inner, labels, start);
}

function visitStatement(
  scope: Scope,
  node: t.Statement,
  labels: readonly string[],
  start = node.start!,
): void {
  switch (node.type) {
    case 'BlockStatement':
      visitStatements(withLoop(scope, { labels, next: null }, labels.length > 0), node.body);
      return;
    case 'IfStatement':
      visitIf(scope, node);
      return;
    case 'ForStatement':
      visitFor(scope, node, labels, start);
      return;
    case 'ForInStatement':
    case 'ForOfStatement': {
      const waits = node.type === 'ForOfStatement' && node.await;
      const next = { number: newPoint(scope, start), waits };
      visitExpression(scope, node.left);
      if (waits) scope.edits.insert(node.right.start!, `${waiting(scope)},(`);
      visitExpression(scope, node.right);
      if (waits) scope.edits.insert(node.right.end!, '))');
      visitBody(withLoop(scope, { labels, next }), node.body, next);
      return;
    }
    case 'WhileStatement':
      visitTest(scope, node.test, start);
      visitBody(withLoop(scope, { labels, next: null }), node.body);
      return;
    case 'DoWhileStatement':
      visitBody(withLoop(scope, { labels, next: null }), node.body);
      visitTest(scope, node.test, nextToken(scope.text, node.body.end!));
      return;
    case 'SwitchStatement':
      visitExpression(scope, node.discriminant);
      for (const { test, consequent } of node.cases) {
        visitExpression(scope, test);
        visitStatements(scope, consequent);
      }
      return;
    case 'TryStatement':
      visitStatements(scope, node.block.body);
      visitExpression(scope, node.handler?.param);
      visitStatements(scope, node.handler?.body.body ?? []);
      visitStatements(scope, node.finalizer?.body ?? []);
      return;
    case 'ContinueStatement': {
      const next = targetOf(scope, node)?.next ?? null;
      if (next !== null) scope.edits.insert(node.start!, `${roundText(scope, next)};`);
      return;
    }
    case 'ReturnStatement':
      visitReturn(scope, node);
      return;
    case 'WithStatement':
      visitExpression(scope, node.object);
      visitBody(scope, node.body);
      return;
    case 'FunctionDeclaration':
      visitExpression(scope, node);
      return;
    default:
      visitExpression(scope, node);
  }
}

function visitIf(scope: Scope, { test, consequent, alternate }: t.IfStatement): void {
  visitExpression(scope, test);
  visitBody(scope, consequent);
  if (alternate == null) return;
  if (alternate.type !== 'IfStatement') {
    visitBody(scope, alternate);
    return;
  }
  // In its test: chains of `else if` would else nest as many braces.
  visitTest(scope, alternate.test, alternate.start!, false);
  visitIf(scope, alternate);
}

/** A round of `for` begins with its update; the first, with the statement. */
function visitFor(scope: Scope, node: t.ForStatement, labels: readonly string[], start: number): void {
  const { init, test, update, body } = node;
  visitExpression(scope, init);
  if (update != null) {
    visitExpression(scope, test);
    scope.edits.insert(update.start!, `${reading(scope, newPoint(scope, update.start!, start))},`);
    visitExpression(scope, update);
  } else if (test != null) visitTest(scope, test, start);
  visitBody(withLoop(scope, { labels, next: null }), body);
}

/** A reading at each evaluation of a test, for the statement that starts at `start`. */
function visitTest(scope: Scope, test: t.Expression, start: number, visits = true): void {
  scope.edits.insert(test.start!, `${reading(scope, newPoint(scope, start))},`);
  if (visits) visitExpression(scope, test);
}

function visitReturn(scope: Scope, { start, argument }: t.ReturnStatement): void {
  if (!scope.leaves) {
    visitExpression(scope, argument);
    return;
  }
  const leave = `${MEMORY_GLOBAL}.x(${scope.slot}`;
  if (argument == null) {
    scope.edits.insert(start! + 'return'.length, ` ${leave})`);
    return;
  }
  scope.edits.insert(argument.start!, `${leave},(`);
  visitExpression(scope, argument);
  scope.edits.insert(argument.end!, '))');
}

/** Another round of a loop begins; that of a `for await` waits until its body's first reading. */
function roundText(scope: Scope, { number, waits }: NextRound): string {
  return waits ? `${reading(scope, number)};${waiting(scope)})` : reading(scope, number);
}

function waiting({ slot }: Scope): string {
  return `${MEMORY_GLOBAL}.w(${slot}`;
}

function withLoop(scope: Scope, target: LoopTarget, isTarget = true): Scope {
  return isTarget ? { ...scope, loops: [...scope.loops, target] } : scope;
}

function targetOf(scope: Scope, { label }: t.ContinueStatement): LoopTarget | undefined {
  if (label == null) return scope.loops.at(-1);
  return scope.loops.findLast(({ labels }) => labels.includes(label.name));
}
