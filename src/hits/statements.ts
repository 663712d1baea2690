import type * as t from '@babel/types';
import type { Node } from '../source/ast.ts';
import { isErased, runs, statementStart } from '../source/walk.ts';
import { visitClass } from './classes.ts';
import { countInPlace, visitArm, visitExpression } from './expressions.ts';
import { visitFunction } from './functions.ts';
import { isLoop, visitLoop } from './loops.ts';
import { increment, needsCount, newCounter, type Scope } from './scope.ts';
import { visitSwitch } from './switches.ts';

export interface ListOptions {
  /** A counter of how often the list was entered is wanted. */
  readonly wantEntry?: boolean;
  /** A counter known to be equal to that. */
  readonly entry?: number | null;
  /** Where to count when no statement of the list runs. */
  readonly emptyAt?: number;
}

/** Counts the statements of a list. Returns the counter of the list's entries, null when none was wanted or made. */
export function visitStatements(
  scope: Scope,
  list: readonly t.Statement[],
  options: ListOptions = {},
): number | null {
  let entry = options.entry ?? null;
  let isFirst = true;
  /** A counter known to be equal to the next statement's. */
  let equal = entry;
  for (const statement of list) {
    if (!runs(statement)) {
      visitQuiet(scope, statement);
      continue;
    }
    const wantsEntry = isFirst && options.wantEntry === true && entry === null;
    let counter: number | null = null;
    if (wantsEntry || needsOwnCount(scope, statement)) {
      counter = equal ?? newCounter(scope);
      const start = statementStart(statement);
      if (equal === null) scope.edits.insert(start, `${increment(counter)};`);
      if (statement.type !== 'BlockStatement') scope.ranges.push([start, statement.end!, [counter]]);
      if (isFirst) entry ??= counter;
    }
    visitStatement(scope, statement, counter ?? equal);
    equal = alwaysCompletes(statement) ? (counter ?? equal) : null;
    isFirst = false;
  }
  if (isFirst && options.wantEntry === true && entry === null && options.emptyAt !== undefined) {
    entry = newCounter(scope);
    scope.edits.insert(options.emptyAt, `;${increment(entry)};`);
  }
  return entry;
}

/**
 * Counts the one statement of a branch or body, in braces where it has none.
 * @returns the counter of the entries, null when none was wanted or made
 */
export function visitBody(scope: Scope, statement: t.Statement, wantEntry = false): number | null {
  if (statement.type === 'BlockStatement') {
    return visitStatements(scope, statement.body, { wantEntry, emptyAt: statement.end! - 1 });
  }
  if (statement.type === 'FunctionDeclaration') {
    visitFunction(scope, statement);
    return null;
  }
  const isCounted = wantEntry || (statement.type !== 'EmptyStatement' && needsOwnCount(scope, statement));
  const needsBraces = isCounted || mayGrow(scope, statement);
  const counter = isCounted ? newCounter(scope) : null;
  if (needsBraces) scope.edits.insert(statement.start!, counter === null ? '{' : `{${increment(counter)};`);
  if (counter !== null) scope.ranges.push([statement.start!, statement.end!, [counter]]);
  visitStatement(scope, statement, counter);
  if (needsBraces) scope.edits.insert(statement.end!, '}');
  return counter;
}

/** Whether visiting a statement may put statements before or after it. */
function mayGrow(scope: Scope, statement: t.Statement): boolean {
  if (statement.type === 'BreakStatement') return breakFlag(scope, statement) !== null;
  let inner: t.Statement = statement;
  while (inner.type === 'LabeledStatement') inner = inner.body;
  return inner.type === 'ForInStatement' || inner.type === 'ForOfStatement';
}

/** Goes through a statement whose own count, if it has one, is `counter`. */
export function visitStatement(scope: Scope, statement: t.Statement, counter: number | null): void {
  if (isLoop(statement) || statement.type === 'LabeledStatement') {
    visitLoop(scope, statement, counter);
    return;
  }
  switch (statement.type) {
    case 'BlockStatement':
      visitStatements(scope, statement.body, { entry: counter });
      return;
    case 'IfStatement':
      visitIf(scope, statement);
      return;
    case 'SwitchStatement':
      visitSwitch(scope, statement, []);
      return;
    case 'TryStatement':
      visitTry(scope, statement, counter);
      return;
    case 'BreakStatement': {
      const flag = breakFlag(scope, statement);
      if (flag !== null) scope.edits.insert(statement.start!, `${flag}=0;`);
      return;
    }
    case 'ContinueStatement':
    case 'DebuggerStatement':
    case 'EmptyStatement':
      return;
    case 'VariableDeclaration':
      visitVariables(scope, statement);
      return;
    case 'ClassDeclaration':
      visitClass(scope, statement);
      return;
    case 'ExportNamedDeclaration':
    case 'ExportDefaultDeclaration':
      visitExported(scope, statement.declaration);
      return;
    case 'TSModuleDeclaration':
      visitNamespace(scope, statement);
      return;
    case 'TSEnumDeclaration':
      return;
    case 'WithStatement':
      visitExpression(scope, statement.object);
      visitBody(scope, statement.body);
      return;
    case 'ExpressionStatement':
    case 'TSExportAssignment':
      visitExpression(scope, statement.expression);
      return;
    case 'ReturnStatement':
    case 'ThrowStatement':
      visitExpression(scope, statement.argument);
      return;
    default:
      return;
  }
}

function visitIf(scope: Scope, statement: t.IfStatement): void {
  visitExpression(scope, statement.test);
  visitBody(scope, statement.consequent);
  const { alternate } = statement;
  if (alternate == null) return;
  if (alternate.type === 'IfStatement') {
    // Counted in its test: chains of `else if` would else nest as many braces.
    if (needsOwnCount(scope, alternate))
      countInPlace(scope, alternate.test, alternate.start!, alternate.end!);
    visitIf(scope, alternate);
  } else visitBody(scope, alternate);
}

function visitTry(scope: Scope, { block, handler, finalizer }: t.TryStatement, counter: number | null): void {
  visitStatements(scope, block.body, { entry: counter });
  if (handler != null) {
    const wantEntry = needsCount(scope, handler);
    const emptyAt = handler.body.end! - 1;
    if (handler.param != null) visitExpression(scope, handler.param);
    const entry = visitStatements(scope, handler.body.body, { wantEntry, emptyAt });
    if (wantEntry) scope.ranges.push([handler.start!, handler.end!, [entry!]]);
  }
  if (finalizer != null) visitStatements(scope, finalizer.body);
}

/** Goes through `let a = …, b = …`; of a mapped text each may have been a statement of its own. */
export function visitVariables(scope: Scope, statement: t.VariableDeclaration): void {
  statement.declarations.forEach(({ id, init }, index) => {
    visitExpression(scope, id);
    if (init == null) return;
    const name = id.type === 'Identifier' ? id.name : null;
    if (!scope.mapped || index === 0) visitExpression(scope, init);
    else {
      const counter = visitArm(scope, init, name);
      if (counter !== null) scope.ranges.push([id.start!, init.end!, [counter]]);
    }
  });
}

function visitExported(scope: Scope, declaration: Node | null | undefined): void {
  if (declaration == null || isErased(declaration)) return;
  if (declaration.type === 'FunctionDeclaration') visitFunction(scope, declaration);
  else if (isStatementNode(declaration)) visitStatement(scope, declaration, null);
  else visitExpression(scope, declaration);
}

function isStatementNode(node: Node): node is t.Statement {
  return /(?:Declaration|Statement)$/.test(node.type);
}

function visitNamespace(scope: Scope, node: t.TSModuleDeclaration): void {
  const body: Node = node.body;
  if (body.type === 'TSModuleDeclaration') visitNamespace(scope, body);
  else if (body.type === 'TSModuleBlock') visitStatements({ ...scope, breakables: [] }, body.body);
}

/** Goes through what is not run in its turn: hoisted functions. */
function visitQuiet(scope: Scope, statement: t.Statement): void {
  if (isErased(statement)) return;
  if (statement.type === 'FunctionDeclaration') visitFunction(scope, statement);
  else if (statement.type === 'TSModuleDeclaration') visitNamespace(scope, statement);
  else if (statement.type === 'ExportNamedDeclaration' || statement.type === 'ExportDefaultDeclaration') {
    const { declaration } = statement;
    if (declaration?.type === 'FunctionDeclaration') visitFunction(scope, declaration);
    if (declaration?.type === 'TSModuleDeclaration') visitNamespace(scope, declaration);
  }
}

/** Braces, `try` and labels start no line; their statements do. */
function needsOwnCount(scope: Scope, statement: t.Statement): boolean {
  switch (statement.type) {
    case 'BlockStatement':
    case 'TryStatement':
      return false;
    case 'ForStatement': {
      // The header counts its tests; what runs once is the start of it.
      const { init } = statement;
      return scope.mapped || (init != null && scope.startsLine(init.start!, init.end!));
    }
    case 'WhileStatement':
    case 'DoWhileStatement':
      return false;
    case 'ForInStatement':
    case 'ForOfStatement':
      return scope.mapped || scope.startsLine(statement.right.start!, statement.right.end!);
    case 'LabeledStatement':
      return needsOwnCount(scope, statement.body);
    default:
      return needsCount(scope, statement);
  }
}

/** Statements that cannot throw, end early or wait: the next one runs as often. */
function alwaysCompletes(statement: t.Statement): boolean {
  if (statement.type !== 'VariableDeclaration' || /using/.test(statement.kind)) return false;
  return statement.declarations.every(
    ({ id, init }) => id.type === 'Identifier' && (init == null || isConstant(init)),
  );
}

function isConstant(node: Node): boolean {
  switch (node.type) {
    case 'NumericLiteral':
    case 'StringLiteral':
    case 'BooleanLiteral':
    case 'NullLiteral':
    case 'FunctionExpression':
    case 'ArrowFunctionExpression':
      return true;
    case 'ArrayExpression':
      return node.elements.length === 0;
    case 'ObjectExpression':
      return node.properties.length === 0;
    case 'UnaryExpression':
      return node.operator === '-' && node.argument.type === 'NumericLiteral';
    default:
      return false;
  }
}

function breakFlag(scope: Scope, statement: t.BreakStatement): string | null {
  const label = statement.label?.name;
  const target = scope.breakables.findLast(({ labels, isPlainTarget }) =>
    label === undefined ? isPlainTarget : labels.includes(label),
  );
  return target?.flag ?? null;
}
