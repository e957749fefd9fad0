import fc from 'fast-check';
import { parse } from 'ini';
import { describe, expect, it } from 'vitest';
import { ini } from '../../src/intake/ini.ts';
import { expectEnd, expectRemovable, HOSTILE, pairs, spelled } from '../support/reading.ts';

const word = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_]{0,8}$/);
const value = fc.oneof(
  fc.stringMatching(/^[A-Za-z0-9%/+.-]{1,20}$/),
  fc.stringMatching(/^"[A-Za-z0-9;# ]{0,12}"$/),
  fc.stringMatching(/^'[A-Za-z;# ]{1,12}'$/),
  fc.stringMatching(/^[a-z]{1,5}\\[;#\\][a-z]{1,5}$/),
);
const comment = fc.constantFrom('', ' ; why', ' # why');
const section = fc.record({
  title: word,
  pairs: fc.uniqueArray(fc.tuple(word, value, fc.constantFrom('=', ' = ', '= '), comment), {
    selector: ([name]) => name,
    maxLength: 5,
  }),
});
const file = fc
  .tuple(
    fc.uniqueArray(section, { selector: ({ title }) => title, maxLength: 4 }),
    fc.constantFrom('\n', '\r\n'),
  )
  .map(([sections, end]) =>
    sections
      .flatMap((one) => [
        `[${one.title}]`,
        ...one.pairs.map(([name, text, separator, rest]) => `${name}${separator}${text}${rest}`),
        '; a comment',
        '',
      ])
      .join(end),
  );

describe('an INI file', () => {
  it('means what the library ini says', () => {
    fc.assert(
      fc.property(file, (text) => {
        const expected = Object.entries(parse(text)).flatMap(([title, members]) =>
          Object.entries(members).map(([name, member]) => [`${title}/${name}`, String(member)]),
        );
        expect(pairs(ini.read(text))).toEqual(expected);
      }),
    );
  });

  it('keeps its meaning without any of its entries', () => {
    fc.assert(fc.property(file, (text) => expectRemovable(ini, text)));
  });

  it('has names without a section, Python colons, a DEFAULT section and its own case', () => {
    const text = 'Top=1\n[DEFAULT]\nAPI_Key: abc\nurl: http://a/?b=c\n [auth] # mine\n//r/:_t=x\n';
    expect(pairs(ini.read(text))).toEqual([
      ['Top', '1'],
      ['DEFAULT/API_Key', 'abc'],
      ['DEFAULT/url', 'http://a/?b=c'],
      ['auth///r/:_t', 'x'],
    ]);
  });

  it('has values as text, exact places and the last of two', () => {
    const text = '[a.b]\nx = true\ny=\'12\' \nz = "q"\nz = r ; s\nl[] = m\n';
    const found = ini.read(text);
    expect(pairs(found)).toEqual([
      ['a.b/x', 'true'],
      ['a.b/y', '12'],
      ['a.b/z', 'r'],
      ['a.b/l/0', 'm'],
    ]);
    expect(spelled(text, found)).toEqual(['true', "'12'", 'r', 'm']);
    expect(found.map(({ line }) => line)).toEqual([2, 3, 5, 6]);
  });

  it('gives no entry where Python would join the next line to it', () => {
    expect(ini.read('a = b\n  more\nc = d\n').map(({ entry }) => entry !== undefined)).toEqual([false, true]);
  });

  it.each(HOSTILE)('comes to an end: %s', (_, text) => expectEnd(ini, text));

  it('has values on the line below, and gives what [DEFAULT] says to the sections with keys', () => {
    const text = [
      '[DEFAULT]',
      'consumer_key = k',
      'level = 1',
      '[log]',
      'level = 2',
      '[twitter]',
      'consumer_secret =',
      '    below ; why',
      'access_token = t',
    ].join('\n');

    const found = ini.read(text);

    expect(found.map(({ scope, name, secret }) => [scope.join('.'), name, secret.reveal()])).toEqual([
      ['twitter', 'consumer_key', 'k'],
      ['twitter', 'level', '1'],
      ['log', 'level', '2'],
      ['twitter', 'consumer_secret', 'below'],
      ['twitter', 'access_token', 't'],
    ]);
    const { entry } = found[3] as (typeof found)[number];
    expect(text.slice(entry?.start, entry?.end)).toBe('consumer_secret =\n    below ; why\n');
  });
});
