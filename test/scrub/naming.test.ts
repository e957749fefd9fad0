import { describe, expect, test } from 'vitest';
import type { FieldName, Preset } from '../../src/profile/fields.ts';
import { chooseNames, type Wanted } from '../../src/scrub/naming.ts';
import { moveOf } from './hand-made.ts';

const wanted = (isFixed: boolean, names: Record<string, FieldName>): Wanted[] =>
  Object.entries(names).map(([name, field]) => ({
    move: moveOf('literal', name, 'literal', field),
    name,
    isFixed,
  }));

function chosen(all: readonly Wanted[], preset?: Preset, env: Record<string, string> = {}) {
  const naming = chooseNames(all, [], { preset, env: new Map(Object.entries(env)) });
  return { preset: naming.preset, env: Object.fromEntries(naming.env), names: [...naming.names.values()] };
}

describe('the preset', () => {
  test.each([
    ['tutorial', ['CONSUMER_KEY', 'CONSUMER_SECRET', 'ACCESS_TOKEN', 'ACCESS_TOKEN_SECRET']],
    ['tutorial', ['consumer_key', 'consumer_secret', 'access_token', 'access_token_secret']],
    [
      'twitter',
      ['TWITTER_API_KEY', 'TWITTER_API_SECRET', 'TWITTER_ACCESS_TOKEN', 'TWITTER_ACCESS_TOKEN_SECRET'],
    ],
    ['node', ['TWITTER_APP_KEY', 'TWITTER_APP_SECRET', 'TWITTER_ACCESS_TOKEN', 'TWITTER_ACCESS_SECRET']],
    [
      'consumer',
      ['twitterConsumerKey', 'twitterConsumerSecret', 'twitterAccessToken', 'twitterAccessTokenSecret'],
    ],
    ['twitter', ['a', 'b', 'c', 'd']],
  ])('%s agrees with %s', (preset, [key = '', secret = '', token = '', tokenSecret = '']) => {
    const names = {
      [key]: 'api_key',
      [secret]: 'api_secret',
      [token]: 'access_token',
      [tokenSecret]: 'access_token_secret',
    };
    expect(chosen(wanted(false, names as Record<string, FieldName>))).toMatchObject({ preset, env: {} });
  });

  test('of the project stays', () => {
    expect(chosen(wanted(false, { CONSUMER_KEY: 'api_key' }), 'x')).toEqual({
      preset: 'x',
      env: {},
      names: ['X_API_KEY'],
    });
  });
});

describe('a variable', () => {
  test('that a file reads already keeps its name', () => {
    expect(chosen(wanted(true, { Consumer_Secret_Key: 'api_secret', ACCESS_TOKEN: 'access_token' }))).toEqual(
      {
        preset: 'tutorial',
        env: { Consumer_Secret_Key: 'api_secret' },
        names: ['Consumer_Secret_Key', 'ACCESS_TOKEN'],
      },
    );
  });

  test('of the preset may be given another meaning by the file', () => {
    const { env, names } = chosen(wanted(true, { ACCESS_TOKEN: 'oauth2_access_token' }), 'tutorial');
    expect([env, names]).toEqual([{ ACCESS_TOKEN: 'oauth2_access_token' }, ['ACCESS_TOKEN']]);
  });

  test('without a name in the preset is mapped', () => {
    expect(chosen(wanted(false, { refreshToken: 'oauth2_refresh_token' }), 'twitter')).toMatchObject({
      env: { REFRESH_TOKEN: 'oauth2_refresh_token' },
      names: ['REFRESH_TOKEN'],
    });
  });

  test('whose own name is taken or of the system gets another', () => {
    const all = [
      ...wanted(true, { REFRESH_TOKEN: 'api_key' }),
      ...wanted(false, { refresh_token: 'oauth2_refresh_token' }),
    ];
    expect(chosen(all, 'twitter').names).toEqual(['REFRESH_TOKEN', 'TWITTER_OAUTH2_REFRESH_TOKEN']);
    expect(chosen(wanted(false, { path: 'oauth2_refresh_token' }), 'twitter').names).toEqual([
      'TWITTER_OAUTH2_REFRESH_TOKEN',
    ]);
  });

  test('keeps what the project file maps already', () => {
    expect(
      chosen(wanted(false, { k: 'oauth2_refresh_token' }), 'x', {
        MINE: 'oauth2_refresh_token',
        OTHER: 'OPENAI',
      }),
    ).toEqual({
      preset: 'x',
      env: { MINE: 'oauth2_refresh_token', OTHER: 'OPENAI' },
      names: ['MINE'],
    });
  });

  test('cannot hold two values', () => {
    const two = [...wanted(true, { KEY: 'api_key' }), ...wanted(true, { KEY: 'api_secret' })];
    expect(() => chosen(two)).toThrow('KEY would have to hold both api_key and api_secret');
    expect(() => chosen(wanted(true, { KEY: 'api_key' }), 'x', { KEY: 'OPENAI' })).toThrow(
      'KEY would have to hold both',
    );
    expect(() => chosen(wanted(true, { PATH: 'api_key' }))).toThrow('PATH cannot be set');
  });
});
