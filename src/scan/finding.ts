/** Something in a text that a rule takes for a credential. It says where, and never what. */
export interface Hit {
  /** The rule's id: `stored-value`, `oauth1-access-token`, ... */
  readonly rule: string;
  /** Where it begins, and how long it is, in bytes of what was scanned. */
  readonly offset: number;
  readonly length: number;
  /** For a value of the vault: whose it is. */
  readonly profile?: string;
  readonly field?: string;
}

/** What bytes hold; see text-kind.ts. */
export type TextKind = 'text' | 'utf-16le' | 'utf-16be' | 'bytes';

/** Finds credentials in bytes. Knows nothing of files, git or output. */
export interface Scanner {
  /**
   * The hits in one file's bytes, in order of their offset, one for each place.
   * @param kind what the file is, where the bytes are a later part of it; otherwise they tell
   */
  scan(bytes: Uint8Array, kind?: TextKind): Hit[];
}

/** A hit in a place that a person can go to. Lines and columns count from 1; columns and length in UTF-16 code units. */
export interface Finding {
  readonly rule: string;
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly length: number;
  readonly profile?: string;
  readonly field?: string;
  /** In the history: the commit that brought it in (the oldest that has it), and the blob; no commit where none reaches it. */
  readonly commit?: string;
  readonly blob?: string;
  /** The same value in the same rule always gives the same id, so that a baseline can name it without repeating it. */
  readonly id: string;
}
