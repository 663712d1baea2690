import type * as t from '@babel/types';
import type { Mark } from '../model/source.ts';
import type { Node } from './ast.ts';
import { memberParts } from './names.ts';
import { nextToken, withoutTypes } from './walk.ts';

/** What of a file says "profile this". */
export interface Marks {
  /** The mark of the comment that stands before one of these offsets, or null. */
  at(offsets: readonly number[]): Mark | null;
  /** The mark of an `@profile` among decorators, or null. */
  ofDecorators(decorators: readonly t.Decorator[] | null | undefined): Mark | null;
  /** Whether an expression is `profile` of `lineprof`, imported or required, under whatever name. */
  isProfile(callee: Node): boolean;
  /** Notes `profile(name)`: `argument` names a function of this file, seen from inside `prefix`. */
  wrapped(argument: Node, prefix: string): void;
  /** Qualified names that `profile(name)` may mean, nearest scope first, one list for each call. */
  readonly wrappedNames: readonly (readonly string[])[];
}

/** Reads the marks of a file: `/** @profile *\/` comments, and the local names of lineprof's `profile`. */
export function marksOf(file: t.File, text: string): Marks {
  const comments = commentMarks(file, text);
  const { names, namespaces } = importedNames(file.program);
  const wrappedNames: string[][] = [];
  const isProfile = (callee: Node): boolean => {
    const node = withoutTypes(callee);
    if (node.type === 'Identifier') return names.has(node.name);
    return (
      node.type === 'MemberExpression' &&
      node.object.type === 'Identifier' &&
      namespaces.has(node.object.name) &&
      node.property.type === 'Identifier' &&
      node.property.name === 'profile'
    );
  };
  return {
    at(offsets) {
      if (comments.size === 0) return null;
      for (const offset of offsets) {
        const mark = comments.get(offset);
        if (mark !== undefined) return mark;
      }
      return null;
    },
    ofDecorators(decorators) {
      for (const { expression } of decorators ?? []) {
        const callee = expression.type === 'CallExpression' ? expression.callee : expression;
        if (isProfile(callee)) return { kind: 'decorator', expression: null };
      }
      return null;
    },
    isProfile,
    wrapped(argument, prefix) {
      const parts = memberParts(argument, text)?.filter((part) => part !== 'prototype');
      if (parts === undefined || parts.length === 0) return;
      const scopes = prefix.split('.').slice(0, -1);
      wrappedNames.push(
        Array.from({ length: scopes.length + 1 }, (_, up) =>
          [...scopes.slice(0, scopes.length - up), ...parts].join('.'),
        ),
      );
    },
    wrappedNames,
  };
}

/** Mark comments by the offset of the token after them. */
function commentMarks(file: t.File, text: string): Map<number, Mark> {
  const marks = new Map<number, Mark>();
  for (const comment of file.comments ?? []) {
    if (comment.type !== 'CommentBlock' || !comment.value.startsWith('*')) continue;
    const tag = /(?:^|[\n\r])[ \t]*\**[ \t]*@profile(?![\w-])([^\n\r]*)/.exec(comment.value);
    if (tag === null) continue;
    const expression = tag[1]!.trim();
    marks.set(nextToken(text, comment.end!), { kind: 'comment', expression: expression || null });
  }
  return marks;
}

/** Local names bound to lineprof's `profile`, and to the whole of `lineprof`. */
function importedNames(program: t.Program): { names: Set<string>; namespaces: Set<string> } {
  const names = new Set<string>();
  const namespaces = new Set<string>();
  for (const statement of program.body) {
    if (statement.type === 'ImportDeclaration' && statement.source.value === 'lineprof') {
      for (const specifier of statement.specifiers) {
        if (specifier.type !== 'ImportSpecifier') namespaces.add(specifier.local.name);
        else if (nameOf(specifier.imported) === 'profile') names.add(specifier.local.name);
      }
    } else if (statement.type === 'TSImportEqualsDeclaration') {
      const { moduleReference: reference } = statement;
      if (reference.type === 'TSExternalModuleReference' && reference.expression.value === 'lineprof') {
        namespaces.add(statement.id.name);
      }
    } else if (statement.type === 'VariableDeclaration') {
      for (const { id, init } of statement.declarations) addRequired(id, init, names, namespaces);
    }
  }
  return { names, namespaces };
}

function addRequired(
  id: Node,
  init: Node | null | undefined,
  names: Set<string>,
  namespaces: Set<string>,
): void {
  if (init == null) return;
  if (isRequire(init)) {
    if (id.type === 'Identifier') namespaces.add(id.name);
    if (id.type !== 'ObjectPattern') return;
    for (const property of id.properties) {
      if (property.type !== 'ObjectProperty' || nameOf(property.key) !== 'profile') continue;
      if (property.value.type === 'Identifier') names.add(property.value.name);
    }
  } else if (init.type === 'MemberExpression' && isRequire(init.object) && id.type === 'Identifier') {
    if (nameOf(init.property) === 'profile') names.add(id.name);
  }
}

function isRequire(node: Node): boolean {
  if (node.type !== 'CallExpression' || node.callee.type !== 'Identifier') return false;
  const [argument] = node.arguments;
  return (
    node.callee.name === 'require' && argument?.type === 'StringLiteral' && argument.value === 'lineprof'
  );
}

function nameOf(node: Node): string | null {
  if (node.type === 'Identifier') return node.name;
  return node.type === 'StringLiteral' ? node.value : null;
}
