import type * as t from '@babel/types';
import { keyName } from '../source/names.ts';
import { isErased, isFunction } from '../source/walk.ts';
import { countExpression, visitExpression } from './expressions.ts';
import { visitFunction, visitStaticBlock } from './functions.ts';
import { increment, newCounter, type Scope } from './scope.ts';

/** Counts a class's field values, and goes through its methods, static blocks, keys and decorators. */
export function visitClass(scope: Scope, node: t.ClassDeclaration | t.ClassExpression): void {
  for (const decorator of node.decorators ?? []) visitExpression(scope, decorator.expression);
  visitExpression(scope, node.superClass);
  for (const member of node.body.body) {
    if (isErased(member)) continue;
    if (isFunction(member)) visitFunction(scope, member);
    else if (member.type === 'StaticBlock') visitStaticBlock(scope, member);
    else if (member.type !== 'TSIndexSignature' && member.type !== 'TSDeclareMethod')
      visitField(scope, member);
  }
}

type Field = t.ClassProperty | t.ClassPrivateProperty | t.ClassAccessorProperty;

function visitField(outer: Scope, field: Field): void {
  const scope: Scope = { ...outer, breakables: [], group: null };
  for (const decorator of field.decorators ?? []) visitExpression(outer, decorator.expression);
  const isComputed = 'computed' in field && field.computed === true;
  if (isComputed) visitExpression(outer, field.key);
  const { value } = field;
  if (value == null) return;
  const start = field.key.start!;
  if (!scope.mapped && !scope.startsLine(start, field.end!)) visitExpression(scope, value);
  else if (isComputed && /^(?:Function|Arrow|Class)/.test(value.type)) {
    // The name that the key gives is known only at run time: count in a field before this one.
    const counter = newCounter(scope);
    scope.ranges.push([start, field.end!, [counter]]);
    const isStatic = 'static' in field && field.static === true;
    const first = Math.min(field.start!, ...(field.decorators ?? []).map((decorator) => decorator.start!));
    scope.edits.insert(first, `${isStatic ? 'static ' : ''}#lineprof${counter}=${increment(counter)};`);
    visitExpression(scope, value);
  } else countExpression(scope, value, start, keyName(field, scope.text));
}
