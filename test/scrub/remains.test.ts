import { expect, test } from 'vitest';
import { remainsIn } from '../../src/scrub/remains.ts';
import { alphanumeric } from '../support/credentials.ts';
import { moveOf } from './hand-made.ts';

const [key, stranger] = [alphanumeric(25), alphanumeric(50)];
const move = moveOf(`k = "${key}"`, 'k', `"${key}"`);

test.each([
  ['the value', key, 'api_key'],
  ['the value inside others', `x${key}y`, 'api_key'],
  ['the value in base64', Buffer.from(key).toString('base64'), 'api_key'],
  ['a stranger', stranger, undefined],
  ['the default of a variable', `\${KEY:-${stranger}}`, undefined],
])('a line with %s is named', (_, text, field) => {
  const remain = field === undefined ? { line: 2 } : { line: 2, field };
  expect(remainsIn(`first\r\nkey: ${text} # x\nlast`, [move])).toEqual([remain]);
});

test('words, names and numbers are not', () => {
  const text =
    'CONSUMER_KEY_OF_THE_OTHER_ACCOUNT = os.environ["CONSUMER_KEY"]\n-------------------------\n1234567890123456789';
  expect(remainsIn(text, [move])).toEqual([]);
});
