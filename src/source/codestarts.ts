import type * as t from '@babel/types';
import type { Node } from './ast.ts';
import { lastNotAbove } from './lines.ts';
import { childrenOf, isErased, isFunction, nextToken } from './walk.ts';

/**
 * For each line (index 0 is line 1) the offset of its first token that runs as code, or -1.
 *
 * Tokens that run: names, literals, keywords of statements and operators, `catch`, `class`, keys of objects and
 * of class fields with a value, `<tag` of JSX. Not among them: braces, brackets, parentheses, operators between
 * two operands (so that a line `&& f()` starts at `f`, which has a count of its own), `else`, `try`, `finally`,
 * `do`, labels, comments, directives, imports and re-exports, types, raw text of templates and JSX, and function
 * headers (name, parameters; default values run).
 * A `case` line starts at its test, a `default:` line at `default`; both stand for the clause that follows.
 */
export function codeStartsOf(file: t.File, text: string, lineStarts: readonly number[]): number[] {
  const starts = new Array<number>(lineStarts.length).fill(-1);
  const add = (offset: number): void => {
    const line = lastNotAbove(lineStarts, offset);
    const known = starts[line]!;
    if (known < 0 || offset < known) starts[line] = offset;
  };
  // A stack of its own: generated files nest deeper than the call stack goes.
  const stack: Node[] = [file.program];
  /** Patterns whose names are only bound: parameters. */
  const params: Node[] = [];
  for (;;) {
    const node = stack.pop();
    if (node !== undefined) visit(node, text, stack, params, add);
    else {
      const param = params.pop();
      if (param === undefined) return starts;
      visitParam(param, stack, params);
    }
  }
}

function visit(node: Node, text: string, stack: Node[], params: Node[], add: (offset: number) => void): void {
  if (isErased(node)) return;
  const push = (child: Node | null | undefined): void => {
    if (child != null) stack.push(child);
  };
  if (isFunction(node)) {
    if ('decorators' in node && node.decorators != null) stack.push(...node.decorators);
    if ('computed' in node && node.computed) push(node.key);
    params.push(...node.params);
    push(node.body);
    return;
  }
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportAllDeclaration':
    case 'TSImportEqualsDeclaration':
    case 'InterpreterDirective':
    case 'Directive':
    case 'EmptyStatement':
    case 'TemplateElement':
    case 'JSXText':
    case 'JSXClosingElement':
    case 'JSXClosingFragment':
    case 'TSEnumMember':
      return;
    case 'ExportNamedDeclaration':
      push(node.declaration);
      return;
    case 'TSModuleDeclaration':
      push(node.body);
      return;
    case 'TSEnumDeclaration':
      add(node.start!);
      return;
    case 'LabeledStatement':
      push(node.body);
      return;
    case 'BreakStatement':
    case 'ContinueStatement':
      add(node.start!);
      return;
    case 'DoWhileStatement':
      add(nextToken(text, node.body.end!));
      push(node.body);
      push(node.test);
      return;
    case 'CatchClause':
      add(node.start!);
      if (node.param != null) params.push(node.param);
      push(node.body);
      return;
    case 'SwitchCase':
      if (node.test == null) add(node.start!);
      break;
    case 'ClassProperty':
    case 'ClassPrivateProperty':
    case 'ClassAccessorProperty':
      if (node.decorators != null) stack.push(...node.decorators);
      if (node.value != null) add(node.key.start!);
      if ('computed' in node && node.computed) push(node.key);
      push(node.value);
      return;
    case 'ClassDeclaration':
    case 'ClassExpression':
      add(classKeyword(node, text));
      if (node.decorators != null) stack.push(...node.decorators);
      push(node.superClass);
      push(node.body);
      return;
    default:
      if (STARTS_WITH_CODE.has(node.type)) add(node.start!);
  }
  for (const child of childrenOf(node)) stack.push(child);
}

/** Nodes whose first token runs; all others start with a node inside them or with punctuation. */
const STARTS_WITH_CODE: ReadonlySet<string> = new Set([
  'Identifier',
  'PrivateName',
  'StringLiteral',
  'NumericLiteral',
  'BigIntLiteral',
  'BooleanLiteral',
  'NullLiteral',
  'RegExpLiteral',
  'TemplateLiteral',
  'ThisExpression',
  'Super',
  'Import',
  'ImportExpression',
  'MetaProperty',
  'NewExpression',
  'AwaitExpression',
  'YieldExpression',
  'UnaryExpression',
  'VariableDeclaration',
  'IfStatement',
  'ForStatement',
  'ForInStatement',
  'ForOfStatement',
  'WhileStatement',
  'WithStatement',
  'SwitchStatement',
  'ReturnStatement',
  'ThrowStatement',
  'DebuggerStatement',
  'TSExportAssignment',
  'JSXOpeningElement',
  'JSXOpeningFragment',
  'JSXAttribute',
]);

/** `class`, or `abstract` before it, decorators left out: they run too, on lines of their own. */
function classKeyword(node: t.ClassDeclaration | t.ClassExpression, text: string): number {
  const decorators = node.decorators ?? [];
  const after = decorators.length === 0 ? node.start! : Math.max(node.start!, decorators.at(-1)!.end!);
  return nextToken(text, after);
}

function visitParam(param: Node, stack: Node[], params: Node[]): void {
  const decorators = 'decorators' in param ? param.decorators : null;
  if (decorators != null) stack.push(...decorators);
  switch (param.type) {
    case 'AssignmentPattern':
      params.push(param.left);
      stack.push(param.right);
      return;
    case 'ObjectPattern':
      params.push(...param.properties);
      return;
    case 'ObjectProperty':
      if (param.computed) stack.push(param.key);
      params.push(param.value);
      return;
    case 'ArrayPattern':
      for (const element of param.elements) if (element !== null) params.push(element);
      return;
    case 'RestElement':
      params.push(param.argument);
      return;
    case 'TSParameterProperty':
      params.push(param.parameter);
      return;
    default:
  }
}
