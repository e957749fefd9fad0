import { isAscii } from 'node:buffer';
import type { Hit, Scanner } from './finding.ts';
import { Layers, sought } from './layers.ts';
import { settled } from './settle.ts';
import { StoredValues } from './stored.ts';
import { textKind } from './text-kind.ts';
import { fromUtf8, type LowByte, narrowed, toUtf8, widened } from './utf-16.ts';

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
  const hasOthers = stored.alphabets.has('any');
  const scanUtf16 = (bytes: Uint8Array, low: LowByte): Hit[] => {
    const narrow = narrowed(bytes, low);
    // Only another service's value can hold more than ASCII, and only then is it worth the time.
    if (!hasOthers || isAscii(narrow)) return widened(scanBytes(narrow, true));
    return fromUtf8(scanBytes(toUtf8(bytes, low), true), bytes, low);
  };
  return {
    scan(bytes, kind = textKind(bytes)) {
      if (kind === 'utf-16le') return scanUtf16(bytes, 0);
      if (kind === 'utf-16be') return scanUtf16(bytes, 1);
      return scanBytes(bytes, kind === 'text');
    },
  };
}
