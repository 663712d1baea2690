import type * as t from '@babel/types';
import { MEMORY_GLOBAL } from '../protocol/memory.ts';
import type { Node } from '../source/ast.ts';
import { childrenOf, isErased, isFunction } from '../source/walk.ts';
import { insertFunction } from './functions.ts';
import type { Scope } from './scope.ts';

/** Goes through an expression, pattern or class: functions in it are read, and where the call around waits. */
export function visitExpression(scope: Scope, node: Node | null | undefined): void {
  if (node == null || isErased(node)) return;
  if (isFunction(node)) {
    insertFunction(scope, node);
    return;
  }
  switch (node.type) {
    case 'AwaitExpression':
      visitStop(scope, node, 'await', node.argument);
      return;
    case 'YieldExpression':
      visitStop(scope, node, node.delegate ? 'yield*' : 'yield', node.argument);
      return;
    case 'ClassBody':
      // Field values and static blocks run where the object or the class is made.
      for (const child of childrenOf(node)) visitMember(scope, child);
      return;
    default:
      for (const child of childrenOf(node)) visitExpression(scope, child);
  }
}

function visitMember(scope: Scope, member: Node): void {
  if (isErased(member)) return;
  if (isFunction(member)) {
    insertFunction(scope, member);
    return;
  }
  const quiet: Scope = { ...scope, slot: null, loops: [] };
  if ('decorators' in member) {
    for (const decorator of (member.decorators as t.Decorator[] | null) ?? [])
      visitExpression(scope, decorator);
  }
  if ('computed' in member && member.computed === true && 'key' in member)
    visitExpression(scope, member.key as Node);
  if ('value' in member) visitExpression(quiet, member.value as Node | null);
  if (member.type === 'StaticBlock') for (const one of member.body) visitExpression(quiet, one);
}

/** `await x` as `r(s, await w(s, (x)))`: what happens between the two is not this call's. */
function visitStop(scope: Scope, node: Node, word: string, argument: Node | null | undefined): void {
  if (scope.slot === null) {
    visitExpression(scope, argument);
    return;
  }
  const { edits, slot } = scope;
  edits.insert(node.start!, `${MEMORY_GLOBAL}.r(${slot},`);
  if (argument == null) {
    edits.insert(node.start! + word.length, ` ${MEMORY_GLOBAL}.w(${slot})`);
  } else {
    edits.insert(argument.start!, `${MEMORY_GLOBAL}.w(${slot},(`);
    visitExpression(scope, argument);
    edits.insert(argument.end!, '))');
  }
  edits.insert(node.end!, ')');
}
