import { randomBytes, randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Assignment } from '../../src/intake/assignment.ts';
import { bare } from '../../src/intake/bare.ts';
import { alphanumeric, clientId, generatedKeys } from '../support/credentials.ts';
import { expectEnd, HOSTILE, pairs, spelled } from '../support/reading.ts';

const keys = generatedKeys();
const other = generatedKeys();
const four = [keys.api_key, keys.api_secret, keys.access_token, keys.access_token_secret];
const otherFour = [other.api_key, other.api_secret, other.access_token, other.access_token_secret];
const found = (text: string): Record<string, string> => Object.fromEntries(pairs(bare.read(text)));
const inScope = (scope: string, values: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [`${scope}/${name}`, value]));
const id = (kind: string): string => Buffer.from(`${alphanumeric(45)}:${kind}`).toString('base64url');

describe('values without names', () => {
  it.each([
    ['lines', four.join('\n')],
    ['another order', [...four].reverse().join('\r\n\r\n')],
    ['tabs', four.join('\t')],
    ['commas and quotes', four.map((value) => `"${value}"`).join(', ')],
    ['semicolons', `${four.join(';')}\n`],
    ['colons', four.join(':')],
  ])('are told apart by shape: %s', (_, text) => {
    expect(found(text)).toEqual(keys);
  });

  it('may be of OAuth 2.0, and a bearer token', () => {
    const values = {
      client_id: clientId(),
      client_secret: `${alphanumeric(20)}-${alphanumeric(29)}`,
      oauth2_access_token: id('1700000000000:1:1:at:1'),
      oauth2_refresh_token: id('1700000000000:1:1:rt:1'),
      bearer_token: `${'A'.repeat(22)}${alphanumeric(60)}%3D`,
    };
    expect(found(Object.values(values).join('\n'))).toEqual(values);
  });

  it('has a secret of 50 letters and digits by what is beside it', () => {
    const client_id = clientId();
    const client_secret = alphanumeric(50);
    const pair = { client_id, client_secret };
    expect(found(`${client_id}\n${client_secret}`)).toEqual(pair);
    expect(found(`${keys.api_key} ${keys.api_secret} ${client_id} ${client_secret}`)).toEqual({
      ...pair,
      api_key: keys.api_key,
      api_secret: keys.api_secret,
    });
    expect(found([keys.api_secret, client_secret, keys.api_key, client_id].join('\n'))).toEqual({
      client_id,
    });
  });

  it('tells older lengths by order', () => {
    const old = [alphanumeric(21), alphanumeric(41), `12345-${alphanumeric(40)}`, alphanumeric(42)];
    const names = ['api_key', 'api_secret', 'access_token', 'access_token_secret'];
    expect(found(old.join('\n'))).toEqual(Object.fromEntries(names.map((name, index) => [name, old[index]])));
    expect(found(old.slice(2).join('\n'))).toEqual({ access_token: old[2], access_token_secret: old[3] });
    expect(found([old[1], old[3], old[2]].join('\n'))).toEqual({ access_token: old[2] });
  });

  it('are parted into accounts, by row or where a value comes again, with a name beside them', () => {
    const both = { ...inScope('1', keys), ...inScope('2', other) };
    expect(found(`${four.join(' ')}\n${otherFour.join(' ')}\n`)).toEqual(both);
    expect(found([...four, '', ...otherFour].join('\n'))).toEqual(both);
    expect(found(`alice,${four.join()}\nbob,${otherFour.join()}`)).toEqual({
      ...both,
      '1/screen_name': 'alice',
      '2/screen_name': 'bob',
    });
  });

  it('have exact places, and an entry where a line is theirs', () => {
    const text = `\n  "${keys.access_token}",\n${keys.api_secret} ${keys.api_key}\n`;
    const read = bare.read(text);
    expect(spelled(text, read)[0]).toBe(`"${keys.access_token}"`);
    expect(read[0]?.line).toBe(2);
    expect(text.slice(read[0]?.entry?.start, read[0]?.entry?.end)).toBe(`  "${keys.access_token}",\n`);
    expect(read[2]).not.toHaveProperty('entry');
  });
});

describe('values with labels', () => {
  it.each([
    ['colons', ['API Key: ', 'API Key Secret: ', 'Access Token: ', 'Access Token Secret: ']],
    ['lines above', ['API Key\n', 'API Key Secret:\n', 'Access Token\n\n', '**Access Token Secret**\n']],
    [
      'older ones, tabs',
      ['Consumer Key (API Key)\t', 'Consumer Secret (API Secret)\t', 'Access Token\t', 'Secret\t'],
    ],
    ['lists', ['- api key = ', '* Secret: ', '1. `Access Token`: ', 'Secret: ']],
    ['spaces', ['API key ', 'API secret ', 'Access token ', 'Access token secret ']],
    ['commas', ['CONSUMER_KEY,', 'CONSUMER_SECRET,', 'ACCESS_TOKEN,', 'ACCESS_TOKEN_SECRET,']],
  ])('are read: %s', (_, labels) => {
    const text = `My notes\n\n${labels.map((label, index) => `${label}${four[index]}\n`).join('')}`;
    const read: Assignment[] = bare.read(text);
    expect(read.map(({ secret }) => secret.reveal())).toEqual(four);
    expect(new Set(read.map(({ name }) => name)).size).toBe(4);
    expect(spelled(text, read)).toEqual(four);
  });

  it("have the console's labels for OAuth 2.0", () => {
    expect(found('OAuth 2.0 Client ID: abcdefghijk\nOAuth 2.0 Client Secret: lmnopqrstuv')).toEqual({
      client_id: 'abcdefghijk',
      client_secret: 'lmnopqrstuv',
    });
  });

  it('have an entry of both lines where the label stands above', () => {
    const text = `API Key\n${keys.api_key}\nAPI Secret: ${keys.api_secret}\n`;
    const read = bare.read(text);
    expect(read.map(({ entry }) => text.slice(entry?.start, entry?.end))).toEqual([
      `API Key\n${keys.api_key}\n`,
      `API Secret: ${keys.api_secret}\n`,
    ]);
  });

  it('are parted into accounts where a label comes again', () => {
    const lines = (user: string, values: Record<string, string>): string =>
      [`Username: ${user}`, ...Object.entries(values).map(([name, value]) => `${name}: ${value}`), ''].join(
        '\n',
      );
    expect(found(lines('alice', keys) + lines('bob', other))).toEqual({
      ...inScope('1', { screen_name: 'alice', ...keys }),
      ...inScope('2', { screen_name: 'bob', ...other }),
    });
  });
});

describe('a table with a header', () => {
  it.each([',', '\t', ';', '|'])('has an account in each row: %j', (delimiter) => {
    const rows = [
      ['Account', ...Object.keys(keys), 'note'],
      ['alice', ...four, ''],
      ['bob', ...otherFour.map((value) => `"${value}"`), '"a ""b"""'],
    ];
    const text = rows.map((row) => row.join(delimiter)).join('\n');
    expect(found(text)).toEqual({
      ...inScope('1', { screen_name: 'alice', ...keys }),
      ...inScope('2', { screen_name: 'bob', ...other, note: 'a "b"' }),
    });
    const places = bare.read(text).find(({ scope, name }) => scope[0] === '2' && name === 'api_key');
    expect(text.slice(places?.value.start, places?.value.end)).toBe(`"${other.api_key}"`);
    expect(places?.line).toBe(3);
  });

  it('has no scope with one row', () => {
    expect(found(`api_key,api_secret\n${keys.api_key},${keys.api_secret}\n`)).toEqual({
      api_key: keys.api_key,
      api_secret: keys.api_secret,
    });
  });
});

describe('a text without credentials of X', () => {
  it.each([
    [
      'hashes and ids',
      [
        randomBytes(20).toString('hex'),
        randomUUID(),
        '1029384756102938475',
        randomBytes(32).toString('hex'),
      ].join('\n'),
    ],
    [
      'prose',
      'The access token was lost.\nAPI Key: see below\nThe secret is safe, and the token\nis: nowhere\nToken: expired-yesterday',
    ],
    [
      'log lines',
      `2024-03-01 10:11:12 INFO bot[17]: token ${alphanumeric(45)} accepted\n10:11 GET /a?token=${alphanumeric(25)} 200`,
    ],
    ['one value that anybody may have', alphanumeric(50)],
    ['values without partners', `${alphanumeric(25)}\n${alphanumeric(45)}\n${alphanumeric(41)}`],
    [
      'sums of files',
      `${randomBytes(32).toString('base64')}  a.txt\nsha256-${randomBytes(32).toString('base64')}`,
    ],
    ['nothing', ''],
  ])('gives nothing: %s', (_, text) => {
    expect(found(text)).toEqual({});
  });
});

describe('hostile text', () => {
  const repeated = (part: string): string => part.repeat(Math.ceil(2 ** 20 / part.length));
  it.each([
    ...HOSTILE,
    ['values', repeated(`${four.join('\n')}\n`)] as const,
    ['values in one line', repeated(`${four.join(' ')} `)] as const,
    ['quotes that do not end', `api_key,api_secret\n${repeated('"""a,')}`] as const,
    ['short rows', `api_key,api_secret\n${repeated('a,b\n')}`] as const,
    ['labels', repeated('API Key: abcdefghijklm\n')] as const,
  ])('comes to an end: %s', (_, text) => expectEnd(bare, text));
});
