import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { open, seal } from '../../src/age/age.ts';
import { decodeArmor, encodeArmor, isArmored } from '../../src/age/armor.ts';
import { decodeBech32, encodeBech32 } from '../../src/age/bech32.ts';
import { encodeCovered, encodeHeader, parseHeader } from '../../src/age/header.ts';
import { ScryptIdentity } from '../../src/age/scrypt.ts';
import { X25519Identity } from '../../src/age/x25519.ts';
import { refusalKind } from './refusal.ts';
import { loadVectors } from './vector.ts';

const identity = X25519Identity.generate();
const recipients = [identity.recipient()];
const anyBytes = fc.uint8Array({ maxLength: 1000 });

const REFUSALS = ['header', 'limit', 'no-match', 'mac', 'payload'];

function flipBit(bytes: Uint8Array, bit: number): Uint8Array {
  const flipped = Uint8Array.from(bytes);
  flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return flipped;
}

describe('round trips', () => {
  it.each([0, 1, 65535, 65536, 65537, 131072])('%i bytes', async (size) => {
    const plaintext = new Uint8Array(size).map((_, index) => index % 251);
    const sealed = await seal(plaintext, recipients);
    expect(Buffer.from(await open(sealed, [identity])).equals(plaintext)).toBe(true);
    // Each chunk costs 16 bytes, and an empty payload is still one chunk.
    const { size: headerSize } = parseHeader(sealed);
    expect(sealed.length).toBe(headerSize + 16 + size + 16 * Math.max(1, Math.ceil(size / 65536)));
  });

  it('any bytes, wherever they lie in their buffer', async () => {
    const property = fc.asyncProperty(anyBytes, fc.nat(7), async (plaintext, offset) => {
      const shifted = new Uint8Array(offset + plaintext.length);
      shifted.set(plaintext, offset);
      const sealed = await seal(shifted.subarray(offset), recipients);
      const elsewhere = Buffer.concat([new Uint8Array(offset), sealed]).subarray(offset);
      expect(new Uint8Array(await open(elsewhere, [identity]))).toEqual(plaintext);
    });
    await fc.assert(property);
  });

  it('any bytes as armor', () => {
    const property = fc.property(anyBytes, (bytes) => {
      expect(new Uint8Array(decodeArmor(encodeArmor(bytes)))).toEqual(bytes);
      expect(isArmored(encodeArmor(bytes))).toBe(true);
    });
    fc.assert(property);
  });

  it('any bytes as bech32, in either case but not in both', () => {
    const property = fc.property(anyBytes, (bytes) => {
      const text = encodeBech32('age', bytes);
      expect(decodeBech32('age', text)).toEqual(bytes);
      expect(decodeBech32('age', text.toUpperCase())).toEqual(bytes);
      expect(decodeBech32('age', `A${text.slice(1)}`)).toBeNull();
      expect(decodeBech32('ag', text)).toBeNull();
    });
    fc.assert(property);
  });

  it('any stanzas as a header', () => {
    const word = fc.string({
      unit: fc.integer({ min: 0x21, max: 0x7e }).map((c) => String.fromCharCode(c)),
      minLength: 1,
    });
    const stanza = fc.record({ type: word, args: fc.array(word), body: fc.uint8Array({ maxLength: 200 }) });
    const property = fc.property(fc.array(stanza, { minLength: 1, maxLength: 5 }), (stanzas) => {
      const covered = encodeCovered(stanzas);
      const parsed = parseHeader(encodeHeader(covered, new Uint8Array(32)));
      const plain = parsed.stanzas.map(({ body, ...rest }) => ({ ...rest, body: new Uint8Array(body) }));
      expect(plain).toEqual(stanzas);
    });
    fc.assert(property);
  });
});

describe('nothing altered opens', async () => {
  const sealed = await seal(Buffer.from('a small secret'), recipients);

  it('no single bit flipped, of all there are', async () => {
    const kinds = new Set<string>();
    for (let bit = 0; bit < sealed.length * 8; bit++) {
      kinds.add(await refusalKind(open(flipBit(sealed, bit), [identity])));
    }
    expect([...kinds].filter((kind) => !REFUSALS.includes(kind))).toEqual([]);
    expect([...kinds]).toEqual(expect.arrayContaining(['header', 'no-match', 'mac', 'payload']));
  });

  it('not cut short at any length', async () => {
    for (let length = 0; length < sealed.length; length++) {
      expect(REFUSALS).toContain(await refusalKind(open(sealed.subarray(0, length), [identity])));
    }
  });

  it('not with any byte behind it', async () => {
    for (let byte = 0; byte < 256; byte++) {
      expect(await refusalKind(open(Buffer.concat([sealed, Buffer.of(byte)]), [identity]))).toBe('payload');
    }
  });

  it('not with chunks cut off, swapped or repeated', async () => {
    const long = Buffer.from(await seal(new Uint8Array(3 * 65536), recipients));
    const start = parseHeader(long).size + 16;
    const chunk = (index: number) => long.subarray(start + index * 65552, start + (index + 1) * 65552);
    const build = (...order: number[]) => Buffer.concat([long.subarray(0, start), ...order.map(chunk)]);
    expect(build(0, 1, 2).equals(long)).toBe(true);
    for (const order of [[], [0], [0, 1], [1, 0, 2], [0, 1, 1, 2], [0, 1, 2, 2], [2]]) {
      expect(await refusalKind(open(build(...order), [identity]))).toBe('payload');
    }
  });

  it('no single bit flipped in the header of a passphrase file', async () => {
    const vector = loadVectors().find(({ name }) => name === 'scrypt');
    const file = vector?.file ?? new Uint8Array(0);
    const passphrase = new ScryptIdentity('password', { maxLogN: 11 });
    await open(file, [passphrase]);
    for (let bit = 0; bit < parseHeader(file).size * 8; bit++) {
      expect(REFUSALS).toContain(await refusalKind(open(flipBit(file, bit), [passphrase])));
    }
  }, 30_000);

  it('no random bytes, and none behind a version line', async () => {
    const property = fc.asyncProperty(anyBytes, fc.boolean(), async (bytes, versioned) => {
      const file = versioned ? Buffer.concat([Buffer.from('age-encryption.org/v1\n'), bytes]) : bytes;
      expect(await refusalKind(open(file, [identity]))).toBe('header');
    });
    await fc.assert(property);
  });
});
