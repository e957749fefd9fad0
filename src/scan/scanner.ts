import type { Hit, Scanner } from './finding.ts';
import { Layers, sought } from './layers.ts';
import { settled } from './settle.ts';
import { StoredValues } from './stored.ts';
import { narrowed, textKind } from './text-kind.ts';

/** A value of the vault that a scan recognises without knowing it. */
export interface Known {
  readonly profile: string;
  readonly field: string;
  /** Its fingerprint, as the index holds it. */
  readonly text: string;
}

export interface ScannerInput {
  readonly fingerprints: readonly Known[];
  /** The key of the fingerprints; without it they are ignored. */
  readonly key?: Uint8Array;
  /** Whether to look only for these values, and not for what has an X credential's shape. */
  readonly onlyStored?: boolean;
}

/**
 * A scanner for these values and for whatever has the shape and the surroundings of an X credential. Stored values are
 * found in bytes of any kind, the others in text only (UTF-16 too).
 */
export function createScanner(input: ScannerInput): Scanner {
  const stored = new StoredValues(input);
  const inBytes = sought(stored, false);
  const inText = sought(stored, input.onlyStored !== true);
  const scanBytes = (bytes: Uint8Array, isText: boolean): Hit[] =>
    settled(new Layers(isText ? inText : inBytes).hitsIn(bytes));
  return {
    scan(bytes, kind = textKind(bytes)) {
      if (kind === 'bytes' || kind === 'text') return scanBytes(bytes, kind === 'text');
      const offset = kind === 'utf-16le' ? 0 : 1;
      return scanBytes(narrowed(bytes, offset), true).map((hit) => ({
        ...hit,
        offset: hit.offset * 2,
        length: hit.length * 2,
      }));
    },
  };
}
