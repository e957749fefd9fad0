import { describe, expect, it } from 'vitest';
import { decodeArmor, encodeArmor, isArmored } from '../../src/age/armor.ts';
import { refusalKind } from './refusal.ts';

const armored = Buffer.from(encodeArmor(new Uint8Array(100).fill(7))).toString();

describe('armor, beyond the official vectors', () => {
  it('takes CRLF throughout', () => {
    const file = decodeArmor(Buffer.from(armored.replaceAll('\n', '\r\n')));
    expect(Buffer.from(file)).toEqual(Buffer.alloc(100, 7));
  });

  it.each([
    ['line endings of two kinds', armored.replace('\n', '\r\n')],
    ['a single CRLF further down', armored.replace(/\n(?=-----END)/, '\r\n')],
    ['a no-break space in front', `\u00a0${armored}`],
    ['a form feed behind', `${armored}\f`],
    [
      'the url-safe alphabet',
      Buffer.from(encodeArmor(Buffer.alloc(48, 0xff)))
        .toString()
        .replaceAll('/', '_'),
    ],
    ['two blocks', armored + armored],
    ['only the first line', armored.slice(0, 34)],
    ['nothing', ''],
  ])('refuses %s', async (_, text) => {
    expect(await refusalKind(() => decodeArmor(Buffer.from(text, 'latin1')))).toBe('armor');
  });

  it('reads megabytes of white space in linear time', async () => {
    // In quadratic time it would not end.
    const padded = Buffer.from(`${' '.repeat(2 ** 20)}x${' '.repeat(2 ** 20)}`);
    expect(await refusalKind(() => decodeArmor(padded))).toBe('armor');
  });

  it('is told apart from a binary file', () => {
    expect(isArmored(Buffer.from(` \r\n\t${armored}`))).toBe(true);
    expect(isArmored(Buffer.from('age-encryption.org/v1\n'))).toBe(false);
    expect(isArmored(new Uint8Array(0))).toBe(false);
  });
});
