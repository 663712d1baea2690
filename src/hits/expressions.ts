import type * as t from '@babel/types';
import type { Node } from '../source/ast.ts';
import { childrenOf, isErased, isFunction, withoutTypes } from '../source/walk.ts';
import { visitClass } from './classes.ts';
import { visitFunction } from './functions.ts';
import { increment, needsCount, newCounter, type Scope } from './scope.ts';

/** Goes through an expression or pattern, counting its branches, the functions and the classes in it. */
export function visitExpression(scope: Scope, node: Node | null | undefined): void {
  if (node == null || isErased(node)) return;
  if (isFunction(node)) {
    visitFunction(scope, node);
    return;
  }
  switch (node.type) {
    case 'ClassExpression':
      visitClass(scope, node);
      return;
    case 'ConditionalExpression':
      visitExpression(scope, node.test);
      visitArm(scope, node.consequent);
      visitArm(scope, node.alternate);
      return;
    case 'LogicalExpression':
      visitExpression(scope, node.left);
      visitArm(scope, node.right);
      return;
    case 'AssignmentExpression':
      visitExpression(scope, node.left);
      if (/^(?:&&|\|\||\?\?)=$/.test(node.operator)) visitArm(scope, node.right, givenName(node.left));
      else visitExpression(scope, node.right);
      return;
    case 'AssignmentPattern':
      visitExpression(scope, node.left);
      visitArm(scope, node.right, givenName(node.left));
      return;
    case 'SequenceExpression':
      visitSequence(scope, node);
      return;
    case 'OptionalMemberExpression':
    case 'OptionalCallExpression':
      visitChain(scope, node, node.end!);
      return;
    case 'MemberExpression':
      visitExpression(scope, node.object);
      if (node.computed) visitExpression(scope, node.property);
      return;
    case 'ObjectProperty':
      if (node.computed) visitExpression(scope, node.key);
      visitExpression(scope, node.value);
      return;
    default:
      for (const child of childrenOf(node)) visitExpression(scope, child);
  }
}

/**
 * Counts an expression that runs only sometimes.
 * @param name the name that the place would give to an anonymous function or class (`f ||= () => …`), or null
 * @returns the counter, or null when it needed none
 */
export function visitArm(scope: Scope, node: Node, name: string | null = null): number | null {
  if (needsCount(scope, node)) return countExpression(scope, node, node.start!, name);
  visitExpression(scope, node);
  return null;
}

/** Counts an expression under the range from `start` to its end; returns the counter. */
export function countExpression(scope: Scope, node: Node, start: number, name: string | null): number {
  const counter = newCounter(scope);
  scope.ranges.push([start, node.end!, [counter]]);
  if (name !== null && isAnonymous(node)) {
    // A comma would take the name away; a property gives it.
    const key = JSON.stringify(name);
    scope.edits.insert(outerStart(node), `({[(${increment(counter)},${key})]:`);
    visitExpression(scope, node);
    scope.edits.insert(outerEnd(scope, node), `})[${key}]`);
  } else if (node.extra?.['parenthesized'] === true) {
    scope.edits.insert(node.start!, `${increment(counter)},`);
    visitExpression(scope, node);
  } else {
    scope.edits.insert(node.start!, `(${increment(counter)},`);
    visitExpression(scope, node);
    scope.edits.insert(node.end!, ')');
  }
  return counter;
}

/** Counts an expression that stands where a comma needs no parentheses: tests, updates, computed keys. */
export function countInPlace(scope: Scope, node: Node, start: number, end: number): number {
  const counter = newCounter(scope);
  scope.ranges.push([start, end, [counter]]);
  scope.edits.insert(node.start!, `${increment(counter)},`);
  return counter;
}

/** The name that `target = function () {}` gives: only a plain variable gives one. */
function givenName(target: Node): string | null {
  return target.type === 'Identifier' ? target.name : null;
}

function isAnonymous(node: Node): boolean {
  const value = withoutTypes(node);
  switch (value.type) {
    case 'ArrowFunctionExpression':
      return true;
    case 'FunctionExpression':
    case 'ClassExpression':
      return value.id == null;
    default:
      return false;
  }
}

function outerStart(node: Node): number {
  return node.extra?.['parenthesized'] === true ? (node.extra['parenStart'] as number) : node.start!;
}

function outerEnd(scope: Scope, node: Node): number {
  if (node.extra?.['parenthesized'] !== true) return node.end!;
  return scope.text.indexOf(')', node.end!) + 1;
}

function visitSequence(scope: Scope, node: t.SequenceExpression): void {
  node.expressions.forEach((part, index) => {
    if (scope.mapped && index > 0) visitArm(scope, part);
    else visitExpression(scope, part);
  });
}

/** `a?.b.c()`: what follows `?.` runs only when what stands before it is something. */
function visitChain(scope: Scope, node: Node, end: number): void {
  switch (node.type) {
    case 'TSNonNullExpression':
      visitChain(scope, node.expression, end);
      return;
    case 'OptionalMemberExpression': {
      const property = node.property as Node;
      const counter = node.optional && hasTail(scope, property.start!, end) ? newCounter(scope) : null;
      if (counter === null) visitChain(scope, node.object, end);
      else {
        scope.ranges.push([property.start!, end, [counter]]);
        if (property.type === 'PrivateName') {
          const object = node.object;
          scope.edits.insert(outerStart(object), `(o=>(o!=null&&${increment(counter)},o))(`);
          visitChain(scope, object, object.end!);
          scope.edits.insert(outerEnd(scope, object), ')');
        } else {
          visitChain(scope, node.object, end);
          if (node.computed) scope.edits.insert(property.start!, `${increment(counter)},`);
          else {
            scope.edits.insert(property.start!, `[(${increment(counter)},"`);
            scope.edits.insert(property.end!, '")]');
          }
        }
      }
      if (node.computed) visitExpression(scope, property);
      return;
    }
    case 'OptionalCallExpression':
      visitChain(scope, node.callee, end);
      if (node.optional) countOptionalCall(scope, node, end);
      else for (const argument of node.arguments) visitExpression(scope, argument);
      return;
    default:
      visitExpression(scope, node);
  }
}

function hasTail(scope: Scope, start: number, end: number): boolean {
  return scope.mapped || scope.startsLine(start, end);
}

function countOptionalCall(scope: Scope, node: t.OptionalCallExpression, end: number): void {
  const [first, ...rest] = node.arguments;
  const start = first?.start ?? node.end! - 1;
  if (hasTail(scope, start, end)) {
    if (first !== undefined && first.type !== 'SpreadElement') {
      const counter = countExpression(scope, first, start, null);
      scope.ranges.push([start, end, [counter]]);
      for (const argument of rest) visitExpression(scope, argument);
      return;
    }
    const counter = newCounter(scope);
    scope.ranges.push([start, end, [counter]]);
    scope.edits.insert(start, `...(${increment(counter)},[])${first === undefined ? '' : ','}`);
  }
  for (const argument of node.arguments) visitExpression(scope, argument);
}
