import type * as t from '@babel/types';
import type { SourceFile, SourceFunction } from '../model/source.ts';
import { parseAst } from './ast.ts';
import { codeStartsOf } from './codestarts.ts';
import { type FoundFunction, functionsOf } from './functions.ts';
import { lastNotAbove, lineStartsOf } from './lines.ts';
import { marksOf } from './marks.ts';
import { runs, statementStart, withoutTypes } from './walk.ts';

/** A parsed file with the tree behind it: `nodes[i]` is the node of `source.functions[i]`. */
export interface ParsedFile {
  readonly source: SourceFile;
  readonly ast: t.File;
  readonly nodes: readonly FoundFunction['node'][];
}

/**
 * Reads a source text into its functions, marks and code lines.
 * @param fileName says by its extension what the text is written in, and stands in errors
 * @throws ProfileError `syntax-error` with `file:line:column: reason`
 */
export function parseSource(text: string, fileName: string): SourceFile {
  return parseFile(text, fileName).source;
}

/** As `parseSource`, with the tree. */
export function parseFile(text: string, fileName: string): ParsedFile {
  const ast = parseAst(text, fileName);
  const lineStarts = lineStartsOf(text);
  const marks = marksOf(ast, text);
  const found = functionsOf(ast, text, marks);
  const indices = new Map(found.map((one, index) => [one, index]));
  const wrapped = wrappedFunctions(found, marks.wrappedNames);
  const functions = found.map((one): SourceFunction => {
    const line = lastNotAbove(lineStarts, one.start);
    const first = firstCodeOf(one.node);
    return {
      name: one.name,
      kind: one.kind,
      start: one.start,
      end: one.end,
      line: line + 1,
      column: one.start - lineStarts[line]!,
      endLine: lastNotAbove(lineStarts, Math.max(one.start, one.end - 1)) + 1,
      ownStart: ownStartOf(one.node),
      firstCode: first === null ? null : { offset: first, line: lastNotAbove(lineStarts, first) + 1 },
      params: 'params' in one.node ? one.node.params.map((param) => paramName(param, text)) : [],
      requiredParams: 'params' in one.node ? one.node.params.filter(isRequired).length : 0,
      mark: one.mark ?? (wrapped.has(one) ? { kind: 'wrapper', expression: null } : null),
      parent: one.parent === null ? null : indices.get(one.parent)!,
    };
  });
  const codeStarts = codeStartsOf(ast, text, lineStarts);
  return { source: { functions, codeStarts }, ast, nodes: found.map(({ node }) => node) };
}

function ownStartOf(node: FoundFunction['node']): number {
  if (node.type === 'Program') return 0;
  if (node.type === 'StaticBlock') return node.start!;
  return node.params[0]?.start ?? node.body.start!;
}

function firstCodeOf(node: FoundFunction['node']): number | null {
  if (node.type === 'Program' || node.type === 'StaticBlock') return firstOf(node.body);
  return node.body.type === 'BlockStatement' ? firstOf(node.body.body) : node.body.start!;
}

function firstOf(list: readonly t.Statement[]): number | null {
  for (const statement of list) {
    if (!runs(statement)) continue;
    const start = statement.type === 'BlockStatement' ? firstOf(statement.body) : statementStart(statement);
    if (start !== null) return start;
  }
  return null;
}

/** The functions meant by `profile(name)`: the nearest scope that has one of that name. */
function wrappedFunctions(
  found: readonly FoundFunction[],
  wrappedNames: readonly (readonly string[])[],
): Set<FoundFunction> {
  const wrapped = new Set<FoundFunction>();
  if (wrappedNames.length === 0) return wrapped;
  const byName = new Map(found.map((one) => [one.name, one]));
  for (const names of wrappedNames) {
    const name = names.find((candidate) => byName.has(candidate));
    if (name !== undefined) wrapped.add(byName.get(name)!);
  }
  return wrapped;
}

/** A TypeScript `this` parameter is no argument. */
function isRequired(param: t.Function['params'][number]): boolean {
  const inner = param.type === 'TSParameterProperty' ? param.parameter : param;
  if (inner.type === 'AssignmentPattern' || inner.type === 'RestElement') return false;
  return !(
    ('optional' in inner && inner.optional === true) ||
    (inner.type === 'Identifier' && inner.name === 'this')
  );
}

type Param = t.Function['params'][number] | t.LVal | t.PatternLike;

function paramName(param: Param, text: string): string {
  switch (param.type) {
    case 'Identifier':
      return param.name;
    case 'AssignmentPattern':
      return paramName(param.left as Param, text);
    case 'RestElement':
      return `...${paramName(param.argument as Param, text)}`;
    case 'TSParameterProperty':
      return paramName(param.parameter, text);
    default: {
      const node = withoutTypes(param);
      const types = 'typeAnnotation' in node ? node.typeAnnotation : null;
      return text.slice(node.start!, types?.start ?? node.end!).trim();
    }
  }
}
