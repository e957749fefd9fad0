import { describe, expect, it } from 'vitest';
import { decodeBech32, encodeBech32 } from '../../src/age/bech32.ts';

const BYTES = Uint8Array.from({ length: 20 }, (_, at) => at * 11);
const TEXT = encodeBech32('age', BYTES);

describe('bech32', () => {
  it('is that of BIP 173', () => {
    // The program of its example address; the address has a version in front and hence another checksum.
    const program = Buffer.from('751e76e8199196d454941c45d1b3a323f1433bd6', 'hex');
    const groups = encodeBech32('bc', program);
    expect(groups).toMatch(/^bc1w508d6qejxtdg4y5r3zarvary0c5xw7k/);
    expect(decodeBech32('bc', groups)).toEqual(Uint8Array.from(program));
  });

  // Of the valid strings of BIP 173, those whose data part is whole bytes.
  it.each([
    ['a', 'A12UEL5L', 0],
    ['a', 'a12uel5l', 0],
    [
      'an83characterlonghumanreadablepartthatcontainsthenumber1andtheexcludedcharactersbio',
      'an83characterlonghumanreadablepartthatcontainsthenumber1andtheexcludedcharactersbio1tt5tgs',
      0,
    ],
    ['?', '?1ezyfcl', 0],
  ])('takes %s', (hrp, text, length) => {
    expect(decodeBech32(hrp, text)).toHaveLength(length);
  });

  it('refuses every other character in every place, and every two exchanged', () => {
    for (let at = 0; at < TEXT.length; at += 1) {
      for (const letter of 'qpzry9x8gf2tvdw0s3jn54khce6mua7l1bé \n') {
        if (letter === TEXT[at]) continue;
        expect(decodeBech32('age', TEXT.slice(0, at) + letter + TEXT.slice(at + 1))).toBeNull();
      }
      const exchanged = `${TEXT.slice(0, at)}${TEXT[at + 1] ?? ''}${TEXT[at]}${TEXT.slice(at + 2)}`;
      if (exchanged !== TEXT) expect(decodeBech32('age', exchanged)).toBeNull();
    }
  });

  it('brings back bytes of any length, in either case but not in both', () => {
    for (let length = 0; length <= 40; length += 1) {
      const bytes = new Uint8Array(length).fill(255);
      const text = encodeBech32('age', bytes);
      expect(decodeBech32('age', text)).toEqual(bytes);
      expect(decodeBech32('age', text.toUpperCase())).toEqual(bytes);
      expect(decodeBech32('age', `A${text.slice(1)}`)).toBeNull();
    }
  });

  it('refuses a text that is cut short at any length, or longer', () => {
    for (let length = 0; length < TEXT.length; length += 1) {
      expect(decodeBech32('age', TEXT.slice(0, length))).toBeNull();
    }
    expect(decodeBech32('age', `${TEXT}q`)).toBeNull();
  });

  it('refuses bits that are left over and not zero, and five of them that are', () => {
    // Four groups are two bytes and four bits; seven are four bytes and three bits; three are a byte and seven bits.
    expect(decodeBech32('age', withWords([1, 2, 3, 16]))).toHaveLength(2);
    expect(decodeBech32('age', withWords([1, 2, 3, 17]))).toBeNull();
    expect(decodeBech32('age', withWords([0, 0, 0]))).toBeNull();
    expect(decodeBech32('age', withWords([0]))).toBeNull();
    expect(decodeBech32('age', withWords([]))).toHaveLength(0);
  });
});

/** A text of these groups of five bits with the checksum that fits, found by trying each of its characters. */
function withWords(words: readonly number[]): string {
  const letters = words.map((word) => 'qpzry9x8gf2tvdw0s3jn54khce6mua7l'[word]).join('');
  return `age1${letters}${checksum(words)}`;
}

/** BIP 173 by its own words, with big integers: the remainder of a polynomial over GF(32). */
function checksum(words: readonly number[]): string {
  const generators = [0x3b6a57b2n, 0x26508e6dn, 0x1ea119fan, 0x3d4233ddn, 0x2a1462b3n];
  let sum = 1n;
  const prefix = [...Buffer.from('age')];
  const values = [...prefix.map((code) => code >> 5), 0, ...prefix.map((code) => code & 31), ...words];
  for (const value of [...values, 0, 0, 0, 0, 0, 0]) {
    const top = sum >> 25n;
    sum = ((sum & 0x1ffffffn) << 5n) ^ BigInt(value);
    for (const [bit, generator] of generators.entries()) if ((top >> BigInt(bit)) & 1n) sum ^= generator;
  }
  sum ^= 1n;
  return [25n, 20n, 15n, 10n, 5n, 0n]
    .map((shift) => 'qpzry9x8gf2tvdw0s3jn54khce6mua7l'[Number((sum >> shift) & 31n)])
    .join('');
}
