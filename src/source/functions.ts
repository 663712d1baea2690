import type * as t from '@babel/types';
import type { FunctionKind, Mark } from '../model/source.ts';
import type { Node } from './ast.ts';
import type { Marks } from './marks.ts';
import { ANONYMOUS, keyName, targetName } from './names.ts';
import { childrenOf, type FunctionNode, isErased, isFunction, withoutTypes } from './walk.ts';

/** A function as found in the tree, before its lines are known; `parent` is the enclosing one. */
export interface FoundFunction {
  readonly node: FunctionNode | t.StaticBlock | t.Program;
  readonly name: string;
  readonly kind: FunctionKind;
  readonly start: number;
  readonly end: number;
  readonly mark: Mark | null;
  readonly parent: FoundFunction | null;
}

/** What the way down to a node says about a function that stands there. */
interface Context {
  /** Qualified name of what encloses the node, with its dot, or empty. */
  readonly prefix: string;
  readonly parent: FoundFunction;
  /** The name given by the declaration, assignment or property whose value the node is. */
  readonly hint: string | null;
  /** Offset at which that declaration starts; null: where the node itself starts. */
  readonly start: number | null;
  /** Offsets at which a mark's comment would point at the node. */
  readonly markStarts: readonly number[];
  /** Mark of the class around, or of the wrapper or decorator. */
  readonly mark: Mark | null;
}

/** Every function of a file, the module first, outer before inner, in the order of the text. */
export function functionsOf(file: t.File, text: string, marks: Marks): FoundFunction[] {
  const module: FoundFunction = {
    node: file.program,
    name: '<module>',
    kind: 'module',
    start: 0,
    end: text.length,
    mark: null,
    parent: null,
  };
  const found = [module];
  const plain: Context = { prefix: '', parent: module, hint: null, start: null, markStarts: [], mark: null };
  const stack: [Node, Context][] = childrenOf(file.program)
    .reverse()
    .map((node) => [node, plain]);
  for (let entry = stack.pop(); entry !== undefined; entry = stack.pop()) {
    const [node, context] = entry;
    const inner: [Node, Context][] = [];
    step(node, context, { text, marks, found, push: (child, its) => inner.push([child, its]) });
    for (let i = inner.length - 1; i >= 0; i--) stack.push(inner[i]!);
  }
  return found.sort((a, b) => a.start - b.start || b.end - a.end);
}

interface Walk {
  readonly text: string;
  readonly marks: Marks;
  readonly found: FoundFunction[];
  readonly push: (node: Node, context: Context) => void;
}

/** The context without what holds for one node only; most nodes have none of that. */
function plainOf(context: Context): Context {
  const { prefix, parent, hint, start, markStarts, mark } = context;
  const isPlain = hint === null && start === null && markStarts.length === 0 && mark === null;
  return isPlain ? context : { prefix, parent, hint: null, start: null, markStarts: NO_STARTS, mark: null };
}

const NO_STARTS: readonly number[] = [];

function step(node: Node, context: Context, walk: Walk): void {
  if (isErased(node)) return;
  const { text, push } = walk;
  const plain = plainOf(context);
  const named = (hint: string | null, start: number | null, ...more: number[]): Context => ({
    ...plain,
    hint,
    start,
    markStarts: [...context.markStarts, node.start!, ...more],
    mark: context.mark,
  });
  if (isFunction(node) || node.type === 'StaticBlock') {
    addFunction(node, context, walk);
    return;
  }
  switch (node.type) {
    case 'ExportDefaultDeclaration':
      push(node.declaration, named('default', null));
      return;
    case 'ExportNamedDeclaration':
      if (node.declaration != null) push(node.declaration, named(null, null));
      return;
    case 'VariableDeclaration': {
      const one = node.declarations.length === 1;
      for (const declarator of node.declarations) {
        const name = declarator.id.type === 'Identifier' ? declarator.id.name : null;
        push(declarator.id, plain);
        const start = one ? node.start! : declarator.start!;
        if (declarator.init != null) push(declarator.init, named(name, start, declarator.start!));
      }
      return;
    }
    case 'ExpressionStatement':
      push(node.expression, named(null, null));
      return;
    case 'AssignmentExpression':
      push(node.left, plain);
      push(node.right, named(targetName(node.left, text) ?? context.hint, context.start ?? node.start!));
      return;
    case 'AssignmentPattern':
      push(node.left, plain);
      push(node.right, named(targetName(node.left, text), null));
      return;
    case 'CallExpression':
      call(node, context, named(context.hint, context.start), plain, walk);
      return;
    case 'ObjectExpression':
      members(node, context, plain, walk);
      return;
    case 'ClassDeclaration':
    case 'ClassExpression':
      classBody(node, context, plain, walk);
      return;
    case 'TSModuleDeclaration': {
      const name = node.id.type === 'Identifier' ? node.id.name : text.slice(node.id.start!, node.id.end!);
      push(node.body, { ...plain, prefix: `${context.prefix}${name}.` });
      return;
    }
    default: {
      const value = withoutTypes(node);
      if (value !== node) push(value, { ...context, markStarts: [...context.markStarts, node.start!] });
      else for (const child of childrenOf(node)) push(child, plain);
    }
  }
}

/** `profile(fn)` marks the function written inside it, which keeps the name of the declaration around. */
function call(node: t.CallExpression, context: Context, named: Context, plain: Context, walk: Walk): void {
  const wrapper = walk.marks.isProfile(node.callee);
  walk.push(node.callee, plain);
  const inline = node.arguments.map(withoutTypes).filter(isFunction);
  for (const argument of node.arguments) {
    const isFirst = argument === node.arguments[0];
    if (wrapper && isFirst) {
      walk.push(argument, { ...named, mark: { kind: 'wrapper', expression: null } });
      if (!isFunction(withoutTypes(argument))) walk.marks.wrapped(argument, context.prefix);
    } else if (inline.length === 1 && isFunction(withoutTypes(argument))) {
      // `const f = memo(() => …)`: the comment above means the one function inside.
      walk.push(argument, { ...plain, markStarts: named.markStarts, mark: null });
    } else walk.push(argument, plain);
  }
}

function members(node: t.ObjectExpression, context: Context, plain: Context, walk: Walk): void {
  const prefix = context.hint === null ? context.prefix : `${context.prefix}${context.hint}.`;
  for (const property of node.properties) {
    const own: Context = { ...plain, prefix, markStarts: [property.start!] };
    if (property.type === 'ObjectProperty') {
      if (property.computed) walk.push(property.key, plain);
      const start = property.start!;
      walk.push(property.value, { ...own, hint: keyName(property, walk.text), start });
    } else walk.push(property, own);
  }
}

function classBody(
  node: t.ClassDeclaration | t.ClassExpression,
  context: Context,
  plain: Context,
  walk: Walk,
): void {
  const { text, marks, push } = walk;
  const name =
    context.hint !== null && context.hint !== 'default' ? context.hint : (node.id?.name ?? context.hint);
  const prefix = `${context.prefix}${name ?? ANONYMOUS}.`;
  const starts = [...context.markStarts, node.start!, ...(node.decorators ?? []).map((d) => d.start!)];
  const classMark = context.mark ?? marks.at(starts) ?? marks.ofDecorators(node.decorators);
  for (const decorator of node.decorators ?? []) push(decorator, plain);
  if (node.superClass != null) push(node.superClass, plain);
  for (const member of node.body.body) {
    const decorators = ('decorators' in member ? member.decorators : null) ?? [];
    for (const decorator of decorators) push(decorator, plain);
    const mark = marks.ofDecorators(decorators) ?? classMark;
    const markStarts = [member.start!, ...decorators.map((d) => d.start!)];
    const own: Context = { ...plain, prefix, markStarts, mark };
    switch (member.type) {
      case 'ClassProperty':
      case 'ClassPrivateProperty':
      case 'ClassAccessorProperty':
        if ('computed' in member && member.computed) push(member.key, plain);
        if (member.value != null && !isErased(member)) {
          markStarts.push(member.key.start!);
          push(member.value, { ...own, hint: keyName(member, text), start: member.key.start! });
        }
        break;
      case 'StaticBlock':
        push(member, { ...own, mark: null });
        break;
      default:
        push(member, own);
    }
  }
}

function addFunction(node: FunctionNode | t.StaticBlock, context: Context, walk: Walk): void {
  const { text, marks } = walk;
  const start = context.start ?? ownStart(node, text);
  const name = context.prefix + ownName(node, context, text);
  const own = [...context.markStarts, node.start!, start];
  const mark = context.mark ?? marks.at(own);
  const found: FoundFunction = {
    node,
    name,
    kind: kindOf(node),
    start,
    end: node.end!,
    mark,
    parent: context.parent,
  };
  walk.found.push(found);
  const inner: Context = {
    prefix: `${name}.`,
    parent: found,
    hint: null,
    start: null,
    markStarts: [],
    mark: null,
  };
  if (node.type === 'StaticBlock') for (const statement of node.body) walk.push(statement, inner);
  else {
    if ('computed' in node && node.computed) walk.push(node.key, inner);
    for (const param of node.params) walk.push(param, inner);
    walk.push(node.body, inner);
  }
}

function ownName(node: FunctionNode | t.StaticBlock, context: Context, text: string): string {
  switch (node.type) {
    case 'StaticBlock':
      return '<static>';
    case 'ClassMethod':
    case 'ClassPrivateMethod':
    case 'ObjectMethod':
      return keyName(node, text);
    case 'ArrowFunctionExpression':
      return context.hint ?? ANONYMOUS;
    case 'FunctionDeclaration':
      return node.id?.name ?? context.hint ?? ANONYMOUS;
    default:
      return context.hint ?? node.id?.name ?? ANONYMOUS;
  }
}

/** Where a function starts when no declaration around it says so: methods at their key, without modifiers. */
function ownStart(node: FunctionNode | t.StaticBlock, text: string): number {
  if (!('key' in node)) return node.start!;
  const key = node.key.start!;
  return 'computed' in node && node.computed ? text.lastIndexOf('[', key) : key;
}

function kindOf(node: FunctionNode | t.StaticBlock): FunctionKind {
  switch (node.type) {
    case 'StaticBlock':
      return 'static-block';
    case 'ArrowFunctionExpression':
      return 'arrow';
    case 'FunctionDeclaration':
    case 'FunctionExpression':
      return 'function';
    default:
      if (node.kind === 'get') return 'getter';
      if (node.kind === 'set') return 'setter';
      return node.kind === 'constructor' ? 'constructor' : 'method';
  }
}
