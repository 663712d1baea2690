import type * as t from '@babel/types';
import type { Node } from './ast.ts';

/** Keys of a node that hold no code: positions, comments and types. */
const NO_CODE_KEYS = new Set([
  'type',
  'start',
  'end',
  'loc',
  'range',
  'extra',
  'errors',
  'comments',
  'leadingComments',
  'trailingComments',
  'innerComments',
  'typeAnnotation',
  'typeParameters',
  'typeArguments',
  'returnType',
  'superTypeParameters',
  'superTypeArguments',
  'implements',
  'predicate',
]);

/** The nodes written directly inside a node, in the order of the text, types left out. */
export function childrenOf(node: Node): Node[] {
  const children: Node[] = [];
  let last = -1;
  let sorted = true;
  const add = (value: unknown): void => {
    if (value === null || typeof value !== 'object' || typeof (value as Node).type !== 'string') return;
    const child = value as Node;
    const start = child.start ?? 0;
    if (start < last) sorted = false;
    last = start;
    children.push(child);
  };
  for (const key of Object.keys(node)) {
    if (NO_CODE_KEYS.has(key)) continue;
    const value = (node as unknown as Record<string, unknown>)[key];
    if (Array.isArray(value)) for (const item of value) add(item);
    else add(value);
  }
  if (!sorted) children.sort((a, b) => (a.start ?? 0) - (b.start ?? 0));
  return children;
}

/** A function with a body: declaration, expression, arrow or method; overloads and abstract methods are none. */
export type FunctionNode =
  | t.FunctionDeclaration
  | t.FunctionExpression
  | t.ArrowFunctionExpression
  | t.ObjectMethod
  | t.ClassMethod
  | t.ClassPrivateMethod;

/** Whether a node is a function with a body of its own. */
export function isFunction(node: Node): node is FunctionNode {
  switch (node.type) {
    case 'FunctionDeclaration':
    case 'FunctionExpression':
    case 'ArrowFunctionExpression':
    case 'ObjectMethod':
    case 'ClassMethod':
    case 'ClassPrivateMethod':
      return true;
    default:
      return false;
  }
}

/** Whether a node leaves nothing at run time: types, `declare`, overloads, abstract members, `import type`. */
export function isErased(node: Node): boolean {
  switch (node.type) {
    case 'TSInterfaceDeclaration':
    case 'TSTypeAliasDeclaration':
    case 'TSDeclareFunction':
    case 'TSDeclareMethod':
    case 'TSIndexSignature':
    case 'TSNamespaceExportDeclaration':
      return true;
    case 'VariableDeclaration':
    case 'ClassDeclaration':
    case 'TSModuleDeclaration':
      return node.declare === true;
    case 'TSEnumDeclaration':
      return node.declare === true || node.const === true;
    case 'ClassProperty':
      return node.declare === true || node.abstract === true;
    case 'ClassAccessorProperty':
      return node.declare === true || node.abstract === true;
    case 'ClassMethod':
      return node.abstract === true;
    case 'ExportNamedDeclaration':
      return node.exportKind === 'type' || (node.declaration != null && isErased(node.declaration));
    case 'ExportDefaultDeclaration':
      return isErased(node.declaration);
    default:
      return false;
  }
}

/** Whether a statement of a list does something when its turn comes. */
export function runs(statement: Node): boolean {
  if (isErased(statement)) return false;
  switch (statement.type) {
    case 'FunctionDeclaration':
    case 'EmptyStatement':
    case 'ImportDeclaration':
    case 'ExportAllDeclaration':
    case 'TSImportEqualsDeclaration':
    case 'TSModuleDeclaration':
      return false;
    case 'ExportNamedDeclaration':
      return statement.declaration != null && runs(statement.declaration);
    case 'ExportDefaultDeclaration':
      return runs(statement.declaration);
    default:
      return true;
  }
}

/** Where a statement starts; decorators may stand before `export`. */
export function statementStart(statement: t.Statement): number {
  const declaration = 'declaration' in statement ? statement.declaration : statement;
  const decorators = declaration != null && 'decorators' in declaration ? (declaration.decorators ?? []) : [];
  return Math.min(statement.start!, ...(decorators as t.Decorator[]).map((decorator) => decorator.start!));
}

/** An expression without the type assertions around it (`as`, `satisfies`, `!`, `<T>`). */
export function withoutTypes(node: Node): Node {
  let inner = node;
  while (
    inner.type === 'TSAsExpression' ||
    inner.type === 'TSSatisfiesExpression' ||
    inner.type === 'TSNonNullExpression' ||
    inner.type === 'TSTypeAssertion' ||
    inner.type === 'ParenthesizedExpression'
  ) {
    inner = inner.expression;
  }
  return inner;
}

/** The offset of the first character at or after `from` that is neither blank nor in a comment. */
export function nextToken(text: string, from: number): number {
  let at = from;
  for (;;) {
    while (at < text.length && /\s/.test(text[at]!)) at++;
    if (text.startsWith('//', at)) {
      const lineEnd = /[\n\r\u2028\u2029]/g;
      lineEnd.lastIndex = at;
      at = lineEnd.exec(text)?.index ?? text.length;
    } else if (text.startsWith('/*', at)) {
      const end = text.indexOf('*/', at + 2);
      at = end < 0 ? text.length : end + 2;
    } else return at;
  }
}
