/**
 * What completes a value: profiles; the names that a profile has (`stored`), or could have (`storable`); several of
 * them with commas; NAME=FIELD; files; a command line of its own; fixed words; nothing. `unknown` is a placeholder
 * that describe.ts has no line for.
 */
type Kind =
  | 'profile'
  | 'stored'
  | 'storable'
  | 'stored-list'
  | 'mapping'
  | 'file'
  | 'command'
  | 'words'
  | 'word-list'
  | 'free'
  | 'unknown';

export interface ValueEntry {
  readonly kind: Kind;
  readonly words?: readonly string[];
}

export interface OptionEntry {
  /** `-p`, `--profile`. */
  readonly flags: readonly string[];
  readonly about: string;
  /** What its value is; absent where it takes none. */
  readonly value?: ValueEntry;
}

export interface ArgumentEntry extends ValueEntry {
  /** Whether it takes all the words that follow. */
  readonly isRepeated?: true;
}

/** A command as completion needs to know it: taken from the commander program when twvault is built. */
export interface CommandEntry {
  readonly about: string;
  readonly options: readonly OptionEntry[];
  readonly arguments: readonly ArgumentEntry[];
  readonly commands: Readonly<Record<string, CommandEntry>>;
}
