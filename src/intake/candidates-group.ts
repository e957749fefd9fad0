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
  /** As written, unless it looks like a credential itself. */
  readonly name: string;
}

/** An assignment with what its surroundings make of its name. */
export interface Situated {
  readonly path: string;
  readonly assignment: Assignment;
  /** The name, completed by what it stands in (`consumer: {key: ...}` gives `consumer_key`). */
  readonly name: string;
  /** What it stands in, less the parts that only sort the fields of one account (`consumer`, `oauth1`). */
  readonly scope: readonly string[];
  readonly user?: string;
  readonly app?: string;
}

/** Fields that belong together, while candidates are worked out. */
export interface Group {
  readonly paths: Set<string>;
  readonly scope: readonly string[];
  readonly fields: Map<FieldName, Located[]>;
  readonly notes: string[];
  /** User names that the files give. */
  readonly users: Set<string>;
  /** Names of the app. */
  readonly apps: Set<string>;
  /** Names of sections, classes, dictionaries, environments; parts of variables' names. */
  readonly labels: Set<string>;
}
