import { digestOf, filterBase, fingerprintParts } from '../fingerprint/fingerprint.ts';
import { isFieldName } from '../profile/fields.ts';
import type { Known, ScannerInput } from './scanner.ts';

/** The values of one length. */
interface Group {
  readonly length: number;
  /** base^length modulo 2^32: what the byte that leaves the window has been multiplied by. */
  readonly leaving: number;
  /** One bit for each value of the filter's lower 16 bits: most windows end here. */
  readonly sieve: Uint8Array;
  readonly byFilter: ReadonlyMap<number, readonly Entry[]>;
}

interface Entry {
  readonly digest: string;
  readonly known: Known;
}

/** Recognises the values of the vault in a run of bytes. */
export class StoredValues {
  /** Length in bytes of the shortest value; Infinity where there is none. */
  readonly shortest: number;
  /** Whether some value belongs to another service, so that it may be made of any characters. */
  readonly hasExtras: boolean;
  readonly #groups: readonly Group[];
  readonly #key: Uint8Array;
  readonly #base: number;

  constructor({ fingerprints, key }: ScannerInput) {
    this.#key = key ?? new Uint8Array(4);
    this.#base = filterBase(this.#key);
    this.#groups = key ? groupsOf(fingerprints, this.#base) : [];
    this.shortest = this.#groups[0]?.length ?? Number.POSITIVE_INFINITY;
    this.hasExtras = this.#groups.length > 0 && fingerprints.some(({ field }) => !isFieldName(field));
  }

  /** Calls `found` for each window of the run that is a stored value. */
  find(
    bytes: Uint8Array,
    start: number,
    end: number,
    found: (at: number, length: number, known: Known) => void,
  ): void {
    for (const group of this.#groups) {
      if (end - start < group.length) return;
      this.#slide(bytes, start, end, group, found);
    }
  }

  #slide(
    bytes: Uint8Array,
    start: number,
    end: number,
    { length, leaving, sieve, byFilter }: Group,
    found: (at: number, length: number, known: Known) => void,
  ): void {
    const base = this.#base;
    let sum = 0;
    for (let at = start; at < start + length; at += 1)
      sum = (Math.imul(sum, base) + (bytes[at] as number)) | 0;
    for (let at = start; ; at += 1) {
      if (((sieve[(sum >>> 3) & 0x1fff] as number) >> (sum & 7)) & 1) {
        for (const entry of byFilter.get(sum) ?? []) {
          if (digestOf(this.#key, bytes.subarray(at, at + length)) === entry.digest) {
            found(at, length, entry.known);
            break;
          }
        }
      }
      const next = at + length;
      if (next >= end) return;
      sum = (Math.imul(sum, base) + (bytes[next] as number) - Math.imul(bytes[at] as number, leaving)) | 0;
    }
  }
}

function groupsOf(fingerprints: readonly Known[], base: number): Group[] {
  const groups = new Map<number, { sieve: Uint8Array; byFilter: Map<number, Entry[]> }>();
  for (const known of fingerprints) {
    const parts = fingerprintParts(known.text);
    if (!parts) continue;
    const { length, digest } = parts;
    const filter = parts.filter | 0;
    const group = groups.get(length) ?? { sieve: new Uint8Array(8192), byFilter: new Map() };
    groups.set(length, group);
    const slot = (filter >>> 3) & 0x1fff;
    group.sieve[slot] = (group.sieve[slot] as number) | (1 << (filter & 7));
    group.byFilter.set(filter, [...(group.byFilter.get(filter) ?? []), { digest, known }]);
  }
  return [...groups]
    .map(([length, group]) => ({ length, leaving: power(base, length), ...group }))
    .sort((a, b) => a.length - b.length);
}

function power(base: number, exponent: number): number {
  let result = 1;
  for (let step = 0; step < exponent; step += 1) result = Math.imul(result, base);
  return result;
}
