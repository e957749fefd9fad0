import type { Variables } from '../../system/paths.ts';
import type { ScannerInput } from '../scanner.ts';
import type { Found } from './pieces.ts';

/** What a reader of the history is given when it starts. */
export interface ReaderInput {
  readonly cwd: string;
  readonly env: Variables;
  readonly scanner: ScannerInput;
}

/** To a reader: the ids of some objects, each ended by a line feed; null when there are no more. */
export type ToReader = string | null;

/** From a reader: it wants ids, it found something, it is done, or it failed (the parts of a Failure). */
export type FromReader =
  | { readonly kind: 'next' }
  | { readonly kind: 'found'; readonly found: Found }
  | { readonly kind: 'done'; readonly allowed: number }
  | {
      readonly kind: 'failed';
      readonly exitCode: number;
      readonly message: string;
      readonly hints: readonly string[];
    };
