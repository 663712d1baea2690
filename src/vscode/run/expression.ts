import type { SourceFile, SourceFunction } from '../../model/source.ts';

/** A call of a function, as an expression in its module's scope. */
export interface CallExpression {
  readonly text: string;
  /** The arguments that a user must fill in are names: the expression cannot run as it stands. */
  readonly complete: boolean;
  /** Offsets in `text` of what to fill in first; empty range at the end where there is nothing. */
  readonly select: readonly [number, number];
}

/**
 * An expression that calls a function, its parameters' names in place of arguments. Of a function inside
 * another one, a call of the outermost; null where no expression reaches it (private, without a name).
 */
export function callOf(source: SourceFile, text: string, index: number): CallExpression | null {
  const fn = source.functions[index]!;
  if (fn.kind === 'module') return null;
  const { parent } = fn;
  if (parent !== null && source.functions[parent]!.kind !== 'module') {
    const outer = callOf(source, text, parent);
    return outer && { ...outer, complete: false };
  }
  const parts = fn.name.split('.');
  if (!parts.every((part) => /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(part))) return null;
  const [owner, member] = [parts.slice(0, -1).join('.'), parts.at(-1)!];
  const ofClass = owner !== '' && new RegExp(`\\bclass\\s+${escapeName(owner)}\\b`).test(text);
  if (fn.kind === 'static-block' || fn.name === 'default') return null;
  if (fn.kind === 'constructor') return assemble(`new ${owner}`, fn);
  const instance = ofClass && !isStatic(fn, text) ? constructorOf(source, owner) : null;
  const before =
    ofClass && !isStatic(fn, text) ? `new ${owner}(${argumentsOf(instance)}).` : owner && `${owner}.`;
  const missing = instance !== null && instance.requiredParams > 0;
  if (fn.kind === 'getter') return finish(`${before}${member}`, !missing);
  if (fn.kind === 'setter') return finish(`${before}${member} = ${fn.params[0] ?? 'value'}`, false);
  const call = assemble(`${before}${member}`, fn);
  return missing ? finish(call.text, false) : call;
}

function assemble(callee: string, fn: SourceFunction): CallExpression {
  const complete = fn.requiredParams === 0;
  const params = complete ? '' : argumentsOf(fn);
  return finish(`${callee}(${params})`, complete);
}

/** Selects the first argument there is. */
function finish(text: string, complete: boolean): CallExpression {
  const match = complete ? null : /\(([^(),]+)/.exec(text);
  const start = match ? match.index + 1 : text.length;
  return { text, complete, select: [start, start + (match?.[1] ?? '').length] };
}

function argumentsOf(fn: SourceFunction | null): string {
  if (fn === null || fn.requiredParams === 0) return '';
  return fn.params
    .filter((param) => param !== 'this')
    .slice(0, fn.requiredParams)
    .map((param) => (/^[\p{ID_Start}$_]/u.test(param) ? param : 'options'))
    .join(', ');
}

function constructorOf(source: SourceFile, name: string): SourceFunction | null {
  return (
    source.functions.find(({ kind, name: own }) => kind === 'constructor' && own.startsWith(`${name}.`)) ??
    null
  );
}

/** `start` is after the modifiers. */
function isStatic(fn: SourceFunction, text: string): boolean {
  return /\bstatic\s+(?:[\w\s*]*)$/.test(text.slice(Math.max(0, fn.start - 60), fn.start));
}

function escapeName(text: string): string {
  return text.replace(/[$\\.*+?()[\]{}|^]/g, '\\$&');
}
