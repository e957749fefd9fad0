import { createHmac, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { filterBase, filterOf, fingerprintOf, fingerprintParts } from '../../src/fingerprint/fingerprint.ts';
import { isUnguessable, unguessablePart } from '../../src/profile/shape.ts';
import { alphanumeric } from '../support/credentials.ts';

const TOKEN = `ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-+/=.~%\\"'`;
const MODULUS = 1n << 32n;

/** docs/format.md, in big integers. */
function filterByTheBook(value: Uint8Array, key: Uint8Array): bigint {
  const base = BigInt(Buffer.from(key).readUInt32LE(0) | 1) & (MODULUS - 1n);
  return value.reduce((sum, byte, at) => {
    const power = base ** BigInt(value.length - 1 - at);
    return (sum + BigInt(byte) * power) % MODULUS;
  }, 0n);
}

describe('a fingerprint', () => {
  it('is what docs/format.md says', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        fc.oneof(
          fc.uint8Array({ minLength: 1, maxLength: 120 }),
          ...[TOKEN, 'ABC_019'].map((characters) =>
            fc
              .string({ unit: fc.constantFrom(...characters), minLength: 1, maxLength: 30 })
              .map((text) => Buffer.from(text)),
          ),
        ),
        (key, value) => {
          const digest = createHmac('sha256', key).update(value).digest('hex').slice(0, 32);
          const filter = filterByTheBook(value, key).toString(16).padStart(8, '0');
          const bytes = [...value].map((byte) => String.fromCharCode(byte));
          const isToken = bytes.every((byte) => TOKEN.includes(byte));
          const isMixed = [/[A-Za-z]/, /[0-9]/].every((kind) => bytes.some((byte) => kind.test(byte)));
          const isConstant =
            isToken && bytes.includes('_') && !bytes.some((byte) => byte >= 'a' && byte <= 'z');
          const alphabet = !isToken ? 'any' : !isMixed ? 'unmixed' : isConstant ? 'constant' : 'token';
          expect(fingerprintOf(key, value)).toBe(`${value.length}.${filter}.${digest}.${alphabet}`);
        },
      ),
    );
  });

  it.each([
    ['NAME_1', 'constant'],
    ['NAME_1x', 'token'],
    ['xNAME_1', 'token'],
    ['NAME1', 'token'],
    ['NAME_', 'unmixed'],
    ['1_2', 'unmixed'],
    ['NAME 1', 'any'],
  ])('says of what kind %s is', (value, alphabet) => {
    expect(fingerprintParts(fingerprintOf(randomBytes(32), Buffer.from(value)))).toMatchObject({ alphabet });
  });

  it('has a filter that can be rolled along a text', () => {
    const [key, text] = [randomBytes(32), randomBytes(300)];
    const [base, length] = [filterBase(key), 40];
    let highest = 1;
    for (let at = 1; at < length; at += 1) highest = Math.imul(highest, base);
    let rolling = filterOf(text.subarray(0, length), base);
    for (let at = length; at < text.length; at += 1) {
      const without = rolling - Math.imul(text[at - length] as number, highest);
      rolling = (Math.imul(without, base) + (text[at] as number)) >>> 0;
      expect(rolling).toBe(filterOf(text.subarray(at - length + 1, at + 1), base));
    }
  });

  it('is read back, and other texts are refused', () => {
    const text = fingerprintOf(randomBytes(32), Buffer.from('a value'));
    const { length, filter, digest, alphabet } = fingerprintParts(text) ?? {};
    const older = `${length}.${filter?.toString(16).padStart(8, '0')}.${digest}`;
    expect(`${older}.${alphabet}`).toBe(text);
    expect(fingerprintParts(older)).toEqual({ length, filter, digest, alphabet: undefined });
    for (const bad of [
      '',
      '0.00000000.00',
      text.slice(1),
      `${text}0`,
      `${older}.`,
      text.toUpperCase(),
      `0${text}`,
      `7x${text.slice(1)}`,
      `123456${text.slice(1)}`,
    ]) {
      expect(fingerprintParts(bad)).toBeNull();
    }
  });
});

describe('a value with white space', () => {
  it('is searched for by its longest stretch, where that cannot be guessed', () => {
    const key = randomBytes(40).toString('base64url').replace(/-/g, '_');
    const [stretch, last] = [`aB1${alphanumeric(61)}`, `aB1${alphanumeric(61)}`];
    expect(unguessablePart(`-----BEGIN KEY-----\n${stretch}\n${last}\nshort\n-----END KEY-----`)).toBe(last);
    expect(unguessablePart(`Bearer ${key}a1B`)).toBe(`${key}a1B`);
    for (const guessable of [
      'correct horse battery staple',
      'three words Aa1Bb2Cc3',
      'Read https://example.com/Some/2/page first',
      `lower case ${alphanumeric(30).toLowerCase()}`,
      '',
      ' ',
    ])
      expect(unguessablePart(guessable), guessable).toBeUndefined();
  });
});

describe('a value that cannot be guessed', () => {
  it('looks random', () => {
    for (let count = 0; count < 200; count += 1) expect(isUnguessable(alphanumeric(25))).toBe(true);
    for (const guessable of [
      'hunter2',
      'correct horse battery staple 1',
      'aaaaaaaaaaaaaaaaaaaaaaaa1',
      '1'.repeat(30),
    ])
      expect(isUnguessable(guessable)).toBe(false);
  });
});
