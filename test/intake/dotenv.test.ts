import { parse } from 'dotenv';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { dotenv } from '../../src/intake/dotenv.ts';
import { expectRemovable, spelled, values } from '../support/reading.ts';

const piece = fc.constantFrom(
  ...[
    'A',
    'b_1',
    'KEY',
    'x.y',
    '=',
    ' = ',
    ':',
    ': ',
    '"',
    "'",
    '`',
    '\\',
    '\\"',
    "\\'",
    '\\n',
    '\\r',
    '#',
    ' #',
    ' ',
  ],
  ...[
    '\n',
    '\n\n',
    '\r\n',
    '\r',
    '\t',
    'export ',
    'value',
    '\u2028',
    '\ufeff',
    'A=',
    'B="',
    "C='",
    '"\n',
    '$X',
    '\u00fc',
  ],
);

it('agrees with the library on any text', () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      const text = pieces.join('');
      expect(values(dotenv.read(text)), JSON.stringify(text)).toEqual({ ...parse(text) });
    }),
    { numRuns: 20_000 },
  );
});

it('takes out whole entries, with their comments and their further lines', () => {
  const value = fc.constantFrom(
    'plain',
    '"quoted"',
    "'single' # why",
    '"two\nlines"',
    'x # y',
    '',
    '`a\nb`',
    '"a\\"b"',
  );
  const line = fc.tuple(fc.constantFrom('', 'export ', '  '), fc.constantFrom('=', ' = '), value);
  fc.assert(
    fc.property(fc.array(line), fc.constantFrom('\n', '\r\n'), fc.boolean(), (lines, end, isEnded) => {
      const text = lines
        .map(([lead, is, value], index) => `${lead}N${index}${is}${value}`)
        .join('\n# note\n');
      expectRemovable(dotenv, (text + (isEnded ? '\n' : '')).replaceAll('\n', end));
    }),
  );
});

it('gives the place of a value with its quotes', () => {
  const text = '\r\nexport A = "x" # c\r\nB= y # d\r\n';
  const found = dotenv.read(text);
  expect(spelled(text, found)).toEqual(['"x"', 'y']);
  expect(found.map(({ line }) => line)).toEqual([2, 3]);
});
