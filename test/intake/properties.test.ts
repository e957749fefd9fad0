import { parse } from 'dot-properties';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { properties } from '../../src/intake/properties.ts';
import { expectEnd, expectRemovable, HOSTILE, pairs, spelled } from '../support/reading.ts';

const name = fc.stringMatching(/^[a-z]{1,6}(\.[a-zA-Z-]{1,8})?$/);
const value = fc.stringMatching(
  /^[A-Za-z0-9]{1,9}( [a-z=:#]{1,4}|\\u00e4|\\\n {2}[a-z]{1,4}|\\t)?[a-z]{1,3}$/,
);
const file = fc
  .tuple(
    fc.uniqueArray(fc.tuple(name, fc.constantFrom('=', ' : ', ' ', ' = ', '=\\\n   '), value), {
      selector: ([key]) => key,
    }),
    fc.constantFrom('\n', '\r\n'),
  )
  .map(([lines, end]) =>
    ['# first', ...lines.map((line) => `  ${line.join('')}`), '! last', ''].join('\n').replaceAll('\n', end),
  );

describe('a properties file', () => {
  it('means what the library says, and keeps its meaning without any of its entries', () => {
    fc.assert(
      fc.property(file, (text) => {
        expect(Object.fromEntries(pairs(properties.read(text)))).toEqual(parse(text));
        expectRemovable(properties, text);
      }),
    );
  });

  it('has twitter4j names as they are, exact places and the last of two', () => {
    const text = 'debug=1\r\noauth.consumerKey =\\\r\n   abc\r\noauth.accessToken a\\\n b\ndebug: 2';
    const found = properties.read(text);
    expect(pairs(found)).toEqual([
      ['oauth.consumerKey', 'abc'],
      ['oauth.accessToken', 'ab'],
      ['debug', '2'],
    ]);
    expect(spelled(text, found)).toEqual(['abc', 'a\\\n b', '2']);
    expect(found.map(({ line }) => line)).toEqual([3, 4, 6]);
  });

  it('may end in a backslash', () => {
    const text = 'a=b\\';
    expect(spelled(text, properties.read(text))).toEqual(['b\\']);
  });

  it.each(HOSTILE)('comes to an end: %s', (_, text) => expectEnd(properties, text));
});
