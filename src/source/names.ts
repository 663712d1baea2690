import type { Node } from './ast.ts';
import { withoutTypes } from './walk.ts';

/** The part a function without a name adds to a qualified name. */
export const ANONYMOUS = '<anonymous>';

/** The name of a property, method or class field as written: `key`, `#key`, `[Symbol.iterator]`, `a b`. */
export function keyName(
  member: { readonly key: Node; readonly computed?: boolean | null },
  text: string,
): string {
  const { key } = member;
  if (member.computed === true) return `[${text.slice(key.start!, key.end!)}]`;
  switch (key.type) {
    case 'Identifier':
      return key.name;
    case 'PrivateName':
      return `#${key.id.name}`;
    case 'StringLiteral':
      return key.value;
    default:
      return text.slice(key.start!, key.end!);
  }
}

/**
 * The name that an assignment gives to a function: `f = …` is `f`, `exports.x = …` is `x`,
 * `A.prototype.b = …` is `A.b`, `this.x = …` is `x`, `module.exports = …` is null.
 */
export function targetName(target: Node, text: string): string | null {
  const parts = memberParts(target, text);
  if (parts === null) return null;
  const kept = parts.filter((part, index) => !(part === 'prototype' && index > 0));
  if (kept[0] === 'module' && kept[1] === 'exports') kept.splice(0, 2);
  else if (kept.length > 1 && (kept[0] === 'exports' || kept[0] === 'this')) kept.shift();
  return kept.length === 0 ? null : kept.join('.');
}

/** `a.b.c` and `a['b'].c` as `[a, b, c]`; null when the expression is not made of names alone. */
export function memberParts(expression: Node, text: string): string[] | null {
  const parts: string[] = [];
  let node = withoutTypes(expression);
  while (node.type === 'MemberExpression') {
    parts.push(
      node.computed && node.property.type === 'StringLiteral'
        ? node.property.value
        : keyName({ key: node.property, computed: node.computed }, text),
    );
    node = withoutTypes(node.object);
  }
  if (node.type === 'Identifier') parts.push(node.name);
  else if (node.type === 'ThisExpression') parts.push('this');
  else return null;
  return parts.reverse();
}
