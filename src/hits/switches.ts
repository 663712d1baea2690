import type * as t from '@babel/types';
import type { Node } from '../source/ast.ts';
import { countInPlace, visitExpression } from './expressions.ts';
import { needsCount, type Scope } from './scope.ts';
import { visitStatements } from './statements.ts';

/**
 * Counts the clauses of a `switch`. A `case` or `default` line counts how often its clause was entered, by a
 * match or from the clause above; a test that does work (anything but a constant or a name) counts how often it
 * was made.
 */
export function visitSwitch(outer: Scope, statement: t.SwitchStatement, labels: readonly string[]): void {
  const scope: Scope = {
    ...outer,
    breakables: [...outer.breakables, { labels, isPlainTarget: true, flag: null }],
  };
  visitExpression(scope, statement.discriminant);
  for (const clause of statement.cases) {
    const { test, consequent } = clause;
    const wantEntry = needsCount(scope, clause);
    if (test != null) {
      if (needsCount(scope, test) && !isPlain(test)) countInPlace(scope, test, test.start!, test.end!);
      visitExpression(scope, test);
    }
    const emptyAt = consequent[0]?.start ?? clause.end!;
    const entry = visitStatements(scope, consequent, { wantEntry, emptyAt });
    if (wantEntry) scope.ranges.push([clause.start!, clause.end!, [entry!]]);
  }
}

/** Tests that V8 may turn into a jump: counting them would slow the `switch` and tell nothing. */
function isPlain(test: Node): boolean {
  switch (test.type) {
    case 'MemberExpression':
      return !test.computed && isPlain(test.object);
    case 'UnaryExpression':
      return isPlain(test.argument);
    case 'Identifier':
    case 'ThisExpression':
      return true;
    case 'TemplateLiteral':
      return test.expressions.length === 0;
    default:
      return test.type.endsWith('Literal');
  }
}
