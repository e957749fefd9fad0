import type { Assignment } from '../../src/intake/assignment.ts';
import type { FieldName } from '../../src/profile/fields.ts';
import { Secret } from '../../src/profile/secret.ts';
import type { Move } from '../../src/scrub/moves.ts';

/** The assignment of a literal as it stands in a text, quotes included. */
function assignmentOf(
  text: string,
  name: string,
  literal: string,
  rest: Partial<Assignment> = {},
): Assignment {
  const start = text.indexOf(literal);
  if (start < 0) throw new Error(`the text has no ${literal}`);
  return {
    name,
    scope: [],
    secret: new Secret(literal.replace(/^["'`]|["'`]$/g, '')),
    line: text.slice(0, start).split('\n').length,
    value: { start, end: start + literal.length },
    ...rest,
  };
}

/** A move of such an assignment. */
export function moveOf(
  text: string,
  name: string,
  literal: string,
  field: FieldName = 'api_key',
  rest: Partial<Assignment> = {},
): Move {
  return { assignment: assignmentOf(text, name, literal, rest), profile: 'personal', field };
}
