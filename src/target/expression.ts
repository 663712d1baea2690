import { parseExpression } from '@babel/parser';
import { ProfileError } from '../model/error.ts';

/** What the driver must know of an expression before it runs. */
export interface ExpressionFacts {
  /** It holds an `await` of its own, not one of a function inside it. */
  readonly awaits: boolean;
}

/**
 * Checks that a text is one JavaScript or TypeScript expression.
 * @throws ProfileError `bad-expression`.
 */
export function checkExpression(text: string, tsx: boolean): ExpressionFacts {
  try {
    const plugins: ('typescript' | 'jsx' | 'decorators')[] = tsx
      ? ['typescript', 'jsx', 'decorators']
      : ['typescript', 'decorators'];
    const expression = parseExpression(text, {
      plugins,
      sourceType: 'unambiguous',
      allowAwaitOutsideFunction: true,
      allowNewTargetOutsideFunction: false,
    });
    return { awaits: isNode(expression) && holdsAwait(expression) };
  } catch (error) {
    const why = error instanceof Error ? error.message.replace(/\s*\(\d+:\d+\)$/, '') : String(error);
    throw new ProfileError(
      'bad-expression',
      `the expression does not parse: ${why}`,
      `Quote it for the shell as one word, for example 'main(1000)'. Given: ${text}`,
      { cause: error },
    );
  }
}

interface AnyNode {
  readonly type: string;
  readonly [key: string]: unknown;
}

function isNode(value: unknown): value is AnyNode {
  return typeof value === 'object' && value !== null && typeof (value as AnyNode).type === 'string';
}

function holdsAwait(node: AnyNode): boolean {
  if (node.type === 'AwaitExpression') return true;
  if (node.type === 'ForOfStatement' && node['await'] === true) return true;
  if (/Function|ObjectMethod|ClassMethod|ClassPrivateMethod/.test(node.type)) return false;
  return Object.values(node).some((value) =>
    (Array.isArray(value) ? value : [value]).some((child) => isNode(child) && holdsAwait(child)),
  );
}
