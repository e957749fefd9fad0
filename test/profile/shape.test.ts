import { describe, expect, it } from 'vitest';
import { FIELDS, type FieldName, fieldOf } from '../../src/profile/fields.ts';
import { isClientId, oauth2Field, oauth2Token as read } from '../../src/profile/oauth2-value.ts';
import { Secret } from '../../src/profile/secret.ts';
import {
  accountIdOf,
  holdsCredential,
  isPlausible,
  isUnguessable,
  looksLikeCredential,
  shapeWarnings,
  unguessablePart,
} from '../../src/profile/shape.ts';
import { alphanumeric, bearerToken, clientId, generatedKeys, oauth2Token } from '../support/credentials.ts';

/** A value of each field as X issues it. */
const issued = (): Record<FieldName, string> => ({
  ...generatedKeys('12345'),
  bearer_token: bearerToken(),
  client_id: clientId(),
  client_secret: `${alphanumeric(48)}_-`,
  oauth2_access_token: oauth2Token('at'),
  oauth2_refresh_token: oauth2Token('rt'),
});

describe('values of X', () => {
  it.each(FIELDS.map(({ name }) => name))('%s has its shape, and no more and no less', (name) => {
    const value = issued()[name];
    expect(isPlausible(name, value)).toBe(true);
    expect(looksLikeCredential(value)).toBe(true);
    for (const odd of [
      ` ${value}`,
      `${value} `,
      `${value}\n`,
      `!${value}`,
      value.slice(0, 10),
      'é'.repeat(50),
    ])
      expect([odd.length, fieldOf(name).shape.test(odd)]).toEqual([odd.length, false]);
    expect(isPlausible(name, value.toLowerCase())).toBe(false);
  });

  it('look like what they are in no name that people choose', () => {
    for (const name of ['personal', 'MY_TWITTER_BOT_ACCOUNT_2', 'a-long-name-of-a-profile-1', '1234567890'])
      expect([name, looksLikeCredential(name), holdsCredential(name)]).toEqual([name, false, false]);
    expect(looksLikeCredential(`12345-${'a'.repeat(30)}`)).toBe(true); // an access token, by its number
    expect(holdsCredential(`a path/${alphanumeric(18)}.txt`)).toBe(true);
    expect(holdsCredential(`a path/${alphanumeric(17)}.txt`)).toBe(false);
  });

  it('tell the account that an access token belongs to', () => {
    expect(accountIdOf(new Secret(`12345-${alphanumeric(40)}`))).toBe('12345');
    for (const other of [`x12345-${alphanumeric(40)}`, alphanumeric(40), `${'1'.repeat(21)}-a`])
      expect(accountIdOf(new Secret(other))).toBeUndefined();
  });
});

describe('OAuth 2.0 values say what they are', () => {
  it.each([
    ['at', 'oauth2_access_token'],
    ['rt', 'oauth2_refresh_token'],
    ['ac', undefined],
  ] as const)('%s is for %s', (kind, field) => {
    const value = oauth2Token(kind, 1_767_268_800_000);
    expect(read(value)).toEqual({ kind, issued: 1_767_268_800_000 });
    expect(oauth2Field(value)).toBe(field);
  });

  it('a client id by its end', () => {
    expect([isClientId(clientId()), oauth2Field(clientId())]).toEqual([true, 'client_id']);
  });

  const token = (text: string): string => Buffer.from(text, 'latin1').toString('base64url');
  const random = 'r'.repeat(45);
  it.each([
    ['nothing', ''],
    ['a key', alphanumeric(50)],
    ['base64 of another alphabet', `${oauth2Token()}+`],
    ['a token with a line end', `${oauth2Token()}\n`],
    ['a token behind a blank', ` ${oauth2Token()}`],
    ['another kind', token(`${random}:1767268800000:1:1:xx:1`)],
    ['a time in seconds', token(`${random}:1767268800:1:1:at:1`)],
    ['no time', token(`${random}:abcdefghijklm:1:1:at:1`)],
    ['letters for numbers', token(`${random}:1767268800000:a:1:at:1`)],
    ['more behind it', token(`${random}:1767268800000:1:1:at:1x`)],
    ['bytes before it', token(`\0${random}:1767268800000:1:1:at:1`)],
    ['a client id with more behind', token(`${random.slice(0, 20)}:1:cix`)],
    ['a client id of bytes', token(`\x80${random.slice(0, 20)}:1:ci`)],
    ['a client id that is too short', token(`rrrr:1:ci`)],
  ])('%s is none', (_, value) => {
    expect([read(value), isClientId(value), oauth2Field(value)]).toEqual([undefined, false, undefined]);
  });
});

describe('what nobody can guess', () => {
  it.each([
    [alphanumeric(18), true],
    [alphanumeric(17), false],
    [`${alphanumeric(30)} `, false],
    ['a'.repeat(30), false],
    ['1'.repeat(30), false],
    ['abcdefghijklmnopqrstuvwxyz', false],
    ['12345678901234567890-!$%&/()', false],
    [`${'ab1'.repeat(10)}cdefgh`, false], // nine characters
    [`${'ab1'.repeat(10)}cdefghi`, true], // ten
  ])('%j: %s', (value, expected) => {
    expect(isUnguessable(value)).toBe(expected);
    expect(unguessablePart(value)).toBe(/\s/.test(value) || expected ? value.trim() : undefined);
  });

  it('of a key in PEM is its longest line, of those the last', () => {
    const [first, second] = [alphanumeric(64), alphanumeric(64)];
    const pem = `-----BEGIN KEY-----\n${first}\n${second}\n${alphanumeric(20)}\n-----END KEY-----\n`;
    expect(unguessablePart(pem)).toBe(second);
  });

  it('is nothing of a sentence, whatever stands in it', () => {
    for (const text of [
      'see https://example.com/Some/Long/Path0123456789?x=abcdefghij for more',
      'the quick brown fox jumps over 13 lazy dogs',
      `a ${'abc123def456ghi789jkl'} b`, // no upper case
    ])
      expect(unguessablePart(text)).toBeUndefined();
  });
});

describe('warnings', () => {
  const warned = (values: Partial<Record<FieldName, string>>): string[] =>
    shapeWarnings(new Map(Object.entries(values).map(([name, value]) => [name, new Secret(value)] as never)));

  it('there are none of what X issues', () => {
    expect(warned(issued())).toEqual([]);
  });

  it('tell swapped pairs, once', () => {
    const { api_key, api_secret, access_token, access_token_secret } = issued();
    expect(warned({ api_key: api_secret, api_secret: api_key })).toEqual([
      'api_key and api_secret look swapped',
    ]);
    expect(warned({ access_token: access_token_secret, access_token_secret: access_token })).toEqual([
      'access_token and access_token_secret look swapped',
    ]);
  });

  it('tell a value in another shape, a client id in the wrong place, and one value twice; and none of the values', () => {
    const keys = issued();
    expect(warned({ api_key: keys.api_secret })).toEqual([
      expect.stringMatching(/^api_key has an unusual shape \(50 characters; expected 25 letters and digits/),
    ]);
    expect(warned({ api_key: keys.client_id })).toEqual([
      'api_key holds an OAuth 2.0 client id, not a api_key',
    ]);
    expect(warned({ api_secret: keys.api_secret, client_secret: keys.api_secret })).toEqual([
      'api_secret and client_secret hold the same value',
    ]);
    expect(warned({ api_key: 'short', api_secret: keys.api_secret })).toEqual([
      expect.stringMatching(/^api_key has an unusual shape \(5 characters;/),
    ]);
  });
});
