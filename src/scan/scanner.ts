import { digestOf, filterBase, filterOf, fingerprintParts } from '../fingerprint/fingerprint.ts';
import type { Hit, Scanner } from './finding.ts';

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
}

const RUN = /[A-Za-z0-9_\-%+/=.]{18,}/g;

/** A scanner for these values and for whatever has the shape and the surroundings of an X credential. */
export function createScanner({ fingerprints, key }: ScannerInput): Scanner {
  const base = key ? filterBase(key) : 0;
  return {
    scan(bytes) {
      const hits: Hit[] = [];
      if (!key) return hits;
      const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
      for (const { 0: run, index } of text.matchAll(RUN)) {
        for (const { profile, field, text: print } of fingerprints) {
          const parts = fingerprintParts(print);
          if (!parts) continue;
          for (let at = index; at + parts.length <= index + run.length; at += 1) {
            const window = bytes.subarray(at, at + parts.length);
            if (filterOf(window, base) !== parts.filter || digestOf(key, window) !== parts.digest) continue;
            hits.push({ rule: 'stored-value', offset: at, length: parts.length, profile, field });
          }
        }
      }
      return hits.sort((a, b) => a.offset - b.offset);
    },
  };
}
