import type { FieldName } from '../profile/fields.ts';
import type { Secret } from '../profile/secret.ts';
import type { Assignment } from './assignment.ts';

/** A file that was read: `Reading` of intake/read.ts is one. */
export interface Source {
  readonly path: string;
  readonly assignments: readonly Assignment[];
}

/** A value and one of the places where it stands. */
export interface Located {
  /** Cleaned: what the profile will hold. */
  readonly secret: Secret;
  readonly path: string;
  readonly assignment: Assignment;
}

/** The place of a name, without its value. */
export interface Place {
  readonly path: string;
  readonly line: number;
  readonly name: string;
}

/** A profile that the files would make. */
export interface Candidate {
  /** A valid profile name, unique among the candidates. */
  readonly name: string;
  /** What the name was taken from, in words. */
  readonly because: string;
  readonly account?: { readonly id?: string; readonly name?: string };
  /** The name of another candidate, which holds the app's keys. It comes before this one. */
  readonly inherit?: string;
  /** Own fields only. Every place of one field holds the same value. */
  readonly fields: ReadonlyMap<FieldName, readonly Located[]>;
  /** What was taken off values, a sentence each. */
  readonly notes: readonly string[];
}

export interface Findings {
  /** Parents first. */
  readonly candidates: readonly Candidate[];
  /** Names that mean no credential of X. */
  readonly leftAlone: readonly Place[];
  /** Names that do, with values that cannot be used: placeholders, cookies, keys of other services. */
  readonly refused: readonly (Place & { readonly reason: string })[];
}

/** The profiles that what was read would make. Never throws because of a value. */
export function candidatesOf(_sources: readonly Source[]): Findings {
  return { candidates: [], leftAlone: [], refused: [] };
}
