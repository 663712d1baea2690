import type { Node } from '../source/ast.ts';
import { childrenOf, isFunction } from '../source/walk.ts';
import { place } from './edits.ts';
import { COUNTERS_GLOBAL, type Scope } from './scope.ts';

/**
 * The counters of a loop that calls nothing: they may be variables, which stay in registers, and be added to the
 * array when the loop is left. In the array each count waits for the one before (load, add, store: about 2 ns),
 * which would make a loop of a few instructions several times slower. A loop that calls may end the process while
 * it runs, so its counters must be in the array all the time.
 */
export interface CounterGroup {
  readonly id: number;
  /** The innermost such loop around. */
  readonly parent: CounterGroup | null;
  /** Counters of the loop, those of its inner groups left out. */
  readonly counters: number[];
}

/** More variables than this would not stay in registers; an inner loop then has its own. */
const MAX_VARIABLES = 12;

/** Begins a group at the start of a loop's statement. */
export function openGroup(scope: Scope, start: number): CounterGroup {
  const group: CounterGroup = { id: scope.groups.length, parent: scope.group, counters: [] };
  scope.groups.push(group);
  scope.edits.insert(start, place(`open${group.id}`));
  return group;
}

/** Ends it where the statement ends. */
export function closeGroup(scope: Scope, group: CounterGroup, end: number): void {
  scope.edits.insert(end, place(`close${group.id}`));
}

/**
 * What stands at each place of the counted text.
 * @param first index of the text's first counter in the array
 */
export function counterTexts(groups: readonly CounterGroup[], first: number): (key: string) => string {
  const all = groups.map((group) => [...group.counters]);
  for (const { id, parent } of [...groups].reverse()) if (parent !== null) all[parent.id]!.push(...all[id]!);
  const isOpen = groups.map(({ id }) => all[id]!.length > 0 && all[id]!.length <= MAX_VARIABLES);
  // Outer groups come first: within an open one, the inner ones are part of it.
  const isWithin = new Array<boolean>(groups.length).fill(false);
  for (const { id, parent } of groups) {
    isWithin[id] = parent !== null && (isWithin[parent.id]! || isOpen[parent.id]!);
  }
  const variables = new Set<number>();
  const texts = new Map<string, string>();
  for (const { id } of groups) {
    if (isWithin[id] || !isOpen[id]) continue;
    const counters = all[id]!;
    for (const counter of counters) variables.add(counter);
    texts.set(`open${id}`, `{let ${counters.map((counter) => `${variable(counter)}=0`).join()};try{`);
    const adds = counters.map((counter) => `${COUNTERS_GLOBAL}[${first + counter}]+=${variable(counter)}`);
    texts.set(`close${id}`, `}finally{${adds.join(';')}}}`);
  }
  return (key) => {
    if (!key.startsWith('c') || key.startsWith('close')) return texts.get(key) ?? '';
    const counter = Number(key.slice(1));
    return variables.has(counter) ? `${variable(counter)}++` : `${COUNTERS_GLOBAL}[${first + counter}]++`;
  };
}

function variable(counter: number): string {
  return `__lineprof_${counter}`;
}

/** Whether nothing in a loop, functions written in it left out, runs other code or waits. */
export function isCallFree(node: Node): boolean {
  switch (node.type) {
    case 'CallExpression':
      if (!isBuiltin(node.callee)) return false;
      break;
    case 'OptionalCallExpression':
    case 'NewExpression':
    case 'TaggedTemplateExpression':
    case 'ImportExpression':
    case 'AwaitExpression':
    case 'YieldExpression':
    // These run iterators, which may be anybody's.
    case 'ForOfStatement':
    case 'SpreadElement':
    case 'ArrayPattern':
    case 'ClassDeclaration':
    case 'ClassExpression':
    case 'JSXElement':
    case 'JSXFragment':
      return false;
    case 'VariableDeclaration':
      // `using` calls what disposes.
      if (node.kind === 'using' || node.kind === 'await using') return false;
      break;
    default:
  }
  return childrenOf(node).every((child) => isFunction(child) || isCallFree(child));
}

/** Functions of the language that tight loops call, and that nobody replaces by ones that end the process. */
function isBuiltin(callee: Node): boolean {
  if (callee.type !== 'MemberExpression' || callee.computed || callee.property.type !== 'Identifier')
    return false;
  const { object, property } = callee;
  if (object.type === 'Identifier' && object.name === 'Math') return true;
  if (property.name === 'fromCharCode') return object.type === 'Identifier' && object.name === 'String';
  return /^(?:char(?:Code)?At|codePointAt)$/.test(property.name) && isCallFree(object);
}
