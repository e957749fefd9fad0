import { createHmac } from 'node:crypto';

/**
 * A keyed fingerprint of a value: enough to recognise the value when it turns up somewhere, and nothing that leads back
 * to it. `<length>.<filter>.<digest>.<alphabet>`, where
 *   length  the value's length in bytes, decimal
 *   filter  8 hexadecimal digits: the polynomial of its bytes modulo 2^32, to find a candidate in a longer text cheaply
 *   digest  32 hexadecimal digits: the first half of HMAC-SHA-256(key, value)
 *   alphabet  what a text has to be searched for; fingerprints of the first form have none
 * The key lies in vault.json in the open, so that a scan need not unlock anything. Whoever has it can try out guesses,
 * which is why only values of high entropy have a fingerprint.
 */
export type Fingerprint = string;

/**
 * What a value is made of, as far as a search has to know. `token`: letters, digits and the characters of base64 and
 * its quoting, as nearly all are. `constant`: of those no small letter but an underscore, like the names of constants,
 * which some texts are full of. `unmixed`: no letter or no digit. `any`: other characters too.
 */
export type Alphabet = 'token' | 'constant' | 'unmixed' | 'any';

/** Length of a fingerprint key in bytes. */
export const FINGERPRINT_KEY_SIZE = 32;

/** The parts of a fingerprint. */
export interface FingerprintParts {
  readonly length: number;
  readonly filter: number;
  readonly digest: string;
  /** Undefined where it was not taken down. */
  readonly alphabet: Alphabet | undefined;
}

const FORM = /^([1-9]\d{0,4})\.([0-9a-f]{8})\.([0-9a-f]{32})(?:\.(token|constant|unmixed|any))?$/;
const TOKEN = /^[A-Za-z0-9_+/=.~%\\"'-]*$/;
const MIXED = /^(?=.*[A-Za-z])(?=.*[0-9])/;
const CONSTANT = /^[^a-z]*_[^a-z]*$/;

/** The fingerprint of a value's bytes. */
export function fingerprintOf(key: Uint8Array, value: Uint8Array): Fingerprint {
  const filter = filterOf(value, filterBase(key)).toString(16).padStart(8, '0');
  return `${value.length}.${filter}.${digestOf(key, value)}.${alphabetOf(value)}`;
}

/** The parts of a fingerprint, or null where the text is none. */
export function fingerprintParts(text: string): FingerprintParts | null {
  const [, length = '', filter = '', digest = '', alphabet] = FORM.exec(text) ?? [];
  if (digest === '') return null;
  return {
    length: Number(length),
    filter: Number.parseInt(filter, 16),
    digest,
    alphabet: alphabet as Alphabet | undefined,
  };
}

function alphabetOf(value: Uint8Array): Alphabet {
  const text = Buffer.from(value).toString('latin1');
  if (!TOKEN.test(text)) return 'any';
  if (!MIXED.test(text)) return 'unmixed';
  return CONSTANT.test(text) ? 'constant' : 'token';
}

/** HMAC-SHA-256 of the bytes, its first 16 bytes in hexadecimal. */
export function digestOf(key: Uint8Array, value: Uint8Array): string {
  return createHmac('sha256', key).update(value).digest('hex').slice(0, 32);
}

/** The base of the filter's polynomial: the key's first four bytes, little endian, made odd. */
export function filterBase(key: Uint8Array): number {
  return (new DataView(key.buffer, key.byteOffset).getUint32(0, true) | 1) >>> 0;
}

/** The sum of value[i] * base^(n-1-i) modulo 2^32, by Horner's rule. */
export function filterOf(value: Uint8Array, base: number): number {
  let sum = 0;
  for (let at = 0; at < value.length; at += 1) sum = (Math.imul(sum, base) + (value[at] as number)) | 0;
  return sum >>> 0;
}
