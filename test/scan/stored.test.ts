import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { fingerprintOf } from '../../src/fingerprint/fingerprint.ts';
import { createScanner } from '../../src/scan/scanner.ts';
import { alphanumeric, generatedKeys } from '../support/credentials.ts';

const key = randomBytes(32);
const keys = generatedKeys();
const extra = `p!${alphanumeric(20)}{$}(ü)`;
const fingerprint = (field: string, value: string) => ({
  profile: 'personal',
  field,
  text: fingerprintOf(key, Buffer.from(value)),
});
const scanner = createScanner({
  fingerprints: [
    ...Object.entries(keys).map(([field, value]) => fingerprint(field, value)),
    fingerprint('OTHER', extra),
  ],
  key,
});
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const escaped = (text: string, by: (code: number) => string): string =>
  [...text].map((character) => by(character.charCodeAt(0))).join('');

/** The fields found in a text, and where. */
function fieldsIn(text: string | Buffer) {
  return scanner.scan(Buffer.from(text)).map(({ rule, field }) => (rule === 'stored-value' ? field : rule));
}

describe('a stored value', () => {
  const { api_key: value, api_secret: secret } = keys;
  const forms: Record<string, string> = {
    plain: value,
    'inside a longer run': `xx${alphanumeric(30)}${value}${alphanumeric(30)}`,
    'in a URL': `https://x.com/a?k=${value}&b=1`,
    'percent-encoded': escaped(value, (code) => `%${code.toString(16)}`),
    'percent-encoded twice': escaped(value, (code) => `%25${code.toString(16).toUpperCase()}`),
    'partly percent-encoded': `k%3D${value}%26`,
    'in JSON escapes': `"${escaped(value, (code) => `\\u00${code.toString(16)}`)}"`,
    'in hexadecimal escapes': escaped(value, (code) => `\\x${code.toString(16)}`),
    'in shell backslashes': escaped(value, (code) => `\\${String.fromCharCode(code)}`).replace(
      /\\([ntrbfux])/g,
      '$1',
    ),
    'in quotes that a shell joins': `'${value.slice(0, 9)}'"${value.slice(9, 15)}"${value.slice(15)}`,
    'in base64': base64(value),
    'in base64 after one byte': base64(`:${value}`),
    'in base64 after two bytes': base64(`a:${value};`),
    'in base64 inside a longer run': `x/${base64(`user:${value}:more`)}`,
    'in base64url': Buffer.from(value).toString('base64url'),
    'in percent-encoded base64': base64(`${value}?`).replace(/=/g, '%3D'),
    'in base64 of base64': base64(base64(value)),
    'in wrapped base64': base64(
      `${'some text before it, '.repeat(5)}${value}${' and after'.repeat(9)}`,
    ).replace(/(.{76})/g, '$1\n'),
    'after a byte order mark': `\ufeff${value}`,
  };

  it.each(Object.entries(forms))('is found %s', (_, text) => {
    expect(fieldsIn(text)).toContain('api_key');
    expect(fieldsIn(`before it\n ${text}\nafter it`)).toContain('api_key');
  });

  it('is found in UTF-16, of both orders, and in binary files', () => {
    const wide = Buffer.from(`key = ${value}\n`.repeat(3), 'utf16le');
    expect(fieldsIn(wide)).toContain('api_key');
    expect(fieldsIn(Buffer.from(wide).swap16())).toContain('api_key');
    expect(fieldsIn(Buffer.concat([Buffer.alloc(9), Buffer.from(value), randomBytes(90)]))).toContain(
      'api_key',
    );
  });

  it.each(['', 'Schlüssel: ', '鍵 ', '🙂🙂 ', '\ud83d \udc00 ', '\ufeff'])(
    'is found where it stands in UTF-16, with other letters than those of ASCII, after %j',
    (before) => {
      const line = `${before}${extra}=\n`;
      const little = Buffer.from(`a ${value}\n${line}${line}é ${secret}\n${'words '.repeat(30)}`, 'utf16le');
      for (const bytes of [little, Buffer.from(little).swap16(), Buffer.concat([little, Buffer.alloc(1)])]) {
        const kind = bytes[0] === 0 ? 'utf-16be' : 'utf-16le';
        const found = scanner.scan(bytes, kind).map(({ field, offset, length }) => {
          const part = Buffer.from(bytes.subarray(offset, offset + length));
          return [field, (kind === 'utf-16be' ? part.swap16() : part).toString('utf16le')];
        });
        expect(found).toEqual([
          ['api_key', value],
          ['OTHER', extra],
          ['OTHER', extra],
          ['api_secret', secret],
        ]);
      }
    },
  );

  it('is found as KEY:SECRET in base64, each half', () => {
    const text = `Authorization: Basic ${base64(`${value}:${secret}`)}`;
    expect(fieldsIn(text)).toEqual(['api_key', 'api_secret']);
  });

  it('is found where it stands', () => {
    const text = Buffer.from(`some text\n"${value}" and ${secret}`);
    const places = scanner
      .scan(text)
      .map(({ offset, length }) => text.toString('latin1', offset, offset + length));
    expect(places).toEqual([value, secret]);
  });

  it('is found whatever it is made of, if it belongs to another service', () => {
    expect(fieldsIn(`password: ${extra} `)).toEqual(['OTHER']);
  });

  describe('of unusual characters', () => {
    const unusual: Record<string, string> = {
      'capitals, digits and underscores': `AB_${alphanumeric(30).toUpperCase()}_9`,
      'capitals and digits': alphanumeric(30).toUpperCase(),
      'letters only': alphanumeric(60).replace(/[0-9]/g, '').slice(0, 25),
      'digits only': `${'8159270364'.repeat(3)}1`,
      'small letters and digits': alphanumeric(30).toLowerCase(),
      punctuation: `a1;${alphanumeric(20)}{}&!`,
      unicode: `pä1${alphanumeric(20)}日本`,
      'beyond the first plane': `p1${alphanumeric(20)}😀ß`,
      'quotes and backslashes': `a"b'c\\d${alphanumeric(20)}`,
      'marks of base64': `${alphanumeric(20)}+/=_-.~%`,
    };

    it.each(Object.entries(unusual))('is found, if it is the only one: %s', (_, secret) => {
      const fingerprints = [fingerprint('api_secret', secret)];
      const alone = createScanner({ fingerprints, key, onlyStored: true });
      for (const text of [
        secret,
        `API_KEY_IS_${secret}_AND_MORE`,
        `key = "${secret}"`,
        `(${secret})`,
        `a\n${secret}\nb`,
      ])
        expect(alone.scan(Buffer.from(text)), text).toHaveLength(1);
      expect(alone.scan(Buffer.from(`key: ${secret}`, 'utf16le')), 'UTF-16').toHaveLength(1);
      const units = secret.replace(
        /[^ -~]/g,
        (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
      );
      for (const text of [encodeURIComponent(secret), base64(`user:${secret}`), units])
        expect(alone.scan(Buffer.from(`x=${text}`)), text).toHaveLength(1);
      expect(alone.scan(Buffer.from(secret.slice(1)))).toEqual([]);
    });

    it.each(Object.entries(unusual))(
      "is found by an older index, if it is another service's: %s",
      (_, secret) => {
        const { text, ...whose } = fingerprint('OTHER_KEY', secret);
        const older = { ...whose, text: text.split('.').slice(0, 3).join('.') };
        const alone = createScanner({ fingerprints: [older], key, onlyStored: true });
        expect(alone.scan(Buffer.from(`KEY_${secret}`))).toHaveLength(1);
      },
    );
  });

  it('is not found where one character differs', () => {
    const other = value.endsWith('A') ? 'B' : 'A';
    expect(fieldsIn(`say ${value.slice(0, -1)}${other} twice`)).toEqual([]);
    expect(fieldsIn(value.slice(1))).toEqual([]);
  });

  it('is found in a run longer than a piece', () => {
    const text = `${'aB3'.repeat(25_000)}${value}${'aB3'.repeat(25_000)}`;
    expect(fieldsIn(text)).toEqual(['api_key']);
  });
});
