import type { StoreOptions } from '../store-options.ts';

/** What can be answered with yes or no: `--scrub`, `--no-scrub`. */
export type Decision = 'import' | 'scrub' | 'verify' | 'bind' | 'guard' | 'completion';

/** What the command line of `setup` says. Every question that it does not answer is asked. */
export interface SetupOptions extends StoreOptions, Partial<Readonly<Record<Decision, boolean | string>>> {
  readonly profile?: string;
  readonly from?: string;
  readonly stdin?: boolean;
  readonly replace?: boolean;
  /** The profile that is used in this folder, where it is said by name. */
  readonly bind?: boolean | string;
  /** Yes to every question that no other option answers. */
  readonly yes?: boolean;
}
