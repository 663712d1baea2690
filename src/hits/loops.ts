import type * as t from '@babel/types';
import type { Node } from '../source/ast.ts';
import { childrenOf, isFunction, nextToken } from '../source/walk.ts';
import { countInPlace, visitExpression } from './expressions.ts';
import { closeGroup, isCallFree, openGroup } from './groups.ts';
import { increment, newCounter, type Scope } from './scope.ts';
import { visitBody, visitStatement, visitVariables } from './statements.ts';
import { visitSwitch } from './switches.ts';

/** A loop of any kind. */
export type Loop =
  | t.ForStatement
  | t.WhileStatement
  | t.DoWhileStatement
  | t.ForInStatement
  | t.ForOfStatement;

/** Whether a statement is a loop. */
export function isLoop(node: Node): node is Loop {
  switch (node.type) {
    case 'ForStatement':
    case 'WhileStatement':
    case 'DoWhileStatement':
    case 'ForInStatement':
    case 'ForOfStatement':
      return true;
    default:
      return false;
  }
}

/**
 * Counts a loop, or a statement with labels. The header of `for`, `while` and `do … while` counts its tests,
 * that of `for (;;)` its rounds; `for … in` and `for … of` count their rounds, and one more when they ran to
 * their end.
 * @param counter how often the loop was entered, where that is counted
 */
export function visitLoop(scope: Scope, statement: Loop | t.LabeledStatement, counter: number | null): void {
  const labels: string[] = [];
  let body: t.Statement = statement;
  while (body.type === 'LabeledStatement') {
    labels.push(body.label.name);
    body = body.body;
  }
  if (body.type === 'ForInStatement' || body.type === 'ForOfStatement') {
    visitForEach(scope, statement, body, labels, counter);
  } else if (isLoop(body)) {
    const group = isCallFree(body) ? openGroup(scope, statement.start!) : scope.group;
    const inner = { ...withTarget(scope, { labels, isPlainTarget: true, flag: null }), group };
    if (body.type === 'ForStatement') visitFor(inner, body);
    else if (body.type === 'WhileStatement') visitWhile(inner, body);
    else visitDoWhile(inner, body);
    if (group !== scope.group) closeGroup(scope, group!, statement.end!);
  } else if (body.type === 'SwitchStatement') visitSwitch(scope, body, labels);
  else if (body.type === 'FunctionDeclaration') visitExpression(scope, body);
  else visitStatement(withTarget(scope, { labels, isPlainTarget: false, flag: null }), body, counter);
}

function withTarget(scope: Scope, target: Scope['breakables'][number]): Scope {
  return { ...scope, breakables: [...scope.breakables, target] };
}

function needsHeader(scope: Scope, start: number, end: number): boolean {
  return scope.mapped || scope.startsLine(start, end);
}

function visitFor(scope: Scope, loop: t.ForStatement): void {
  const { init, test, update, body } = loop;
  if (init != null) {
    if (init.type === 'VariableDeclaration') visitVariables(scope, init);
    else visitExpression(scope, init);
  }
  const isCounted = needsHeader(scope, loop.start!, body.start!);
  if (test != null) {
    if (isCounted) countHeader(scope, test, loop.start!, init, body);
    visitExpression(scope, test);
  }
  if (update != null) {
    if (needsHeader(scope, update.start!, update.end!))
      countInPlace(scope, update, update.start!, update.end!);
    visitExpression(scope, update);
  }
  const rounds = visitBody(scope, body, isCounted && test == null);
  if (isCounted && test == null && rounds !== null) pushHeader(scope, loop.start!, init, body, [rounds]);
}

function countHeader(
  scope: Scope,
  test: Node,
  start: number,
  init: Node | null | undefined,
  body: Node,
): void {
  const counter = newCounter(scope);
  scope.edits.insert(test.start!, `${increment(counter)},`);
  pushHeader(scope, start, init, body, [counter]);
}

/** The header, without the initialiser: that runs once, as the range of the whole statement says. */
function pushHeader(
  scope: Scope,
  start: number,
  init: Node | null | undefined,
  body: Node,
  counters: readonly number[],
): void {
  if (init == null || !needsHeader(scope, init.start!, init.end!)) {
    scope.ranges.push([start, body.start!, counters]);
  } else {
    scope.ranges.push([start, init.start!, counters]);
    scope.ranges.push([init.end!, body.start!, counters]);
  }
}

function visitWhile(scope: Scope, { start, test, body }: t.WhileStatement): void {
  if (needsHeader(scope, start!, body.start!)) countInPlace(scope, test, start!, body.start!);
  visitExpression(scope, test);
  visitBody(scope, body);
}

function visitDoWhile(scope: Scope, { end, test, body }: t.DoWhileStatement): void {
  visitBody(scope, body);
  const header = nextToken(scope.text, body.end!);
  if (needsHeader(scope, header, end!)) countInPlace(scope, test, header, end!);
  visitExpression(scope, test);
}

function visitForEach(
  scope: Scope,
  statement: t.Statement,
  loop: t.ForInStatement | t.ForOfStatement,
  labels: readonly string[],
  entries: number | null,
): void {
  const { left, right, body } = loop;
  const isCounted = needsHeader(scope, loop.start!, body.start!);
  const ends = isCounted ? newCounter(scope) : null;
  // A `break` also leads to what follows the loop; whether it did is noted in a variable.
  const flag = ends !== null && hasBreak(body, labels) ? `__lineprof_b${ends}` : null;
  if (flag !== null) scope.edits.insert(statement.start!, `{let ${flag}=1;`);
  const inner = withTarget(scope, { labels, isPlainTarget: true, flag });
  visitExpression(inner, left);
  visitExpression(inner, right);
  // A `finally` may overrule the `break`, and a failing iterator too: begin each round anew.
  const resets = flag !== null && holds(body, (node) => node.type === 'TryStatement');
  if (resets && body.type === 'BlockStatement') scope.edits.insert(body.start! + 1, `${flag}=1;`);
  const rounds = visitBody(inner, body, isCounted);
  if (ends === null) return;
  scope.edits.insert(
    statement.end!,
    flag === null ? `${increment(ends)};` : `if(${flag})${increment(ends)};}`,
  );
  const counters = [rounds!, ends];
  if (entries !== null && needsHeader(scope, right.start!, right.end!)) {
    scope.ranges.push([right.start!, right.end!, [entries]]);
  }
  if (needsHeader(scope, left.start!, left.end!)) scope.ranges.push([left.start!, left.end!, [rounds!]]);
  scope.ranges.push([loop.start!, body.start!, counters]);
}

/** Whether a `break` in a loop's body ends that loop. */
function hasBreak(body: Node, labels: readonly string[]): boolean {
  const find = (node: Node, isInner: boolean): boolean => {
    if (isFunction(node) || node.type.startsWith('Class')) return false;
    if (node.type === 'BreakStatement') {
      return node.label == null ? !isInner : labels.includes(node.label.name);
    }
    const within = isInner || isLoop(node) || node.type === 'SwitchStatement';
    return childrenOf(node).some((child) => find(child, within));
  };
  return find(body, false);
}

/** Whether a node or one inside it, functions left out, is what is looked for. */
export function holds(node: Node, isWanted: (node: Node) => boolean): boolean {
  if (isWanted(node)) return true;
  return childrenOf(node).some((child) => !isFunction(child) && holds(child, isWanted));
}
