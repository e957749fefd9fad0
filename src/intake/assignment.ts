import type { Secret } from '../profile/secret.ts';

/** A stretch of a text, in UTF-16 units from its beginning; the end is not included. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** The stretch of an entry of a data file. */
export interface Entry extends Span {
  /** What has to come in its place: `{}` where a mapping without its last entry would mean null. */
  readonly left?: string;
}

/** A name and a value found in a text. The value is as the text means it (escapes resolved), not cleaned or judged. */
export interface Assignment {
  /** As written, without what it stands in; empty where a value stands alone. */
  readonly name: string;
  /** The names of what it stands in, outermost first: a section, a class, a dictionary, the keys above it. */
  readonly scope: readonly string[];
  readonly secret: Secret;
  /** Where the value begins, counted from 1. */
  readonly line: number;
  /**
   * What gives the value, to be replaced when it moves to the vault: in code the whole expression (a literal with its
   * quotes, joined literals, `os.getenv('X') or 'literal'`), in data the value with its quotes.
   */
  readonly value: Span;
  /** In data: the whole entry, so that the text without it is well-formed and says the same of everything else. */
  readonly entry?: Entry;
  /** In code: the variable that is asked before the literal counts. */
  readonly variable?: string;
}

/** How a kind of file is read. */
export interface Format {
  readonly name: string;
  /** What a scrub may put in a value's place: an expression in this language, a reference, or nothing. */
  readonly kind: 'python' | 'javascript' | 'notebook' | 'dotenv' | 'shell' | 'data' | 'read-only';
  /** @throws Failure exit 2 where the text is not of this format; the message quotes nothing of it */
  read(text: string): Assignment[];
}
