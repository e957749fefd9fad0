import type { Assignment, Format } from '../intake/assignment.ts';
import type { Findings } from '../intake/candidates.ts';
import type { FieldName } from '../profile/fields.ts';
import { printable } from '../profile/names.ts';

/** A file as intake read it; `Reading` of intake/read.ts is one. */
export interface Scrubbable {
  readonly path: string;
  readonly format: Format;
}

/** A value of a file that rests in the vault now. */
export interface Move {
  readonly assignment: Assignment;
  /** The profile that it was stored in, and the field. */
  readonly profile: string;
  readonly field: FieldName;
}

/** The moves out of each file, by path. */
export function movesOf({ candidates }: Findings): Map<string, Move[]> {
  const moves = new Map<string, Move[]>();
  for (const { name: profile, fields } of candidates) {
    for (const [field, places] of fields) {
      for (const { path, assignment } of places) {
        const known = moves.get(path) ?? [];
        moves.set(path, [...known, { assignment, profile, field }]);
      }
    }
  }
  return moves;
}

/** What to call an assignment in a message. */
export function nameOf({ name }: Assignment): string {
  return name === '' ? 'the value' : printable(name);
}

/** Whether two assignments are the same one, read twice: same name, same place among names, same value. */
export function isSame(one: Assignment, other: Assignment): boolean {
  return (
    one.name === other.name &&
    one.scope.length === other.scope.length &&
    one.scope.every((name, at) => name === other.scope[at]) &&
    one.secret.equals(other.secret)
  );
}
