import { describe, expect, it } from 'vitest';
import { FIELDS, PRESETS, presetNamed, presetNames } from '../../src/profile/fields.ts';
import { fieldNamed } from '../../src/profile/spelling.ts';

describe('the field table', () => {
  it('gives every variable of every preset to one field only', () => {
    const owners = new Map<string, Set<string>>();
    for (const preset of PRESETS) {
      for (const [field, variable] of presetNames(preset)) {
        owners.set(variable, (owners.get(variable) ?? new Set()).add(field));
      }
    }
    expect([...owners].filter(([, fields]) => fields.size > 1)).toEqual([]);
  });

  it('gives every spelling to one field only', () => {
    const spellings = FIELDS.flatMap(({ name, aliases }) => aliases.map((alias) => [alias, name] as const));
    expect(new Set(spellings.map(([alias]) => alias)).size).toBe(spellings.length);
  });

  it('pairs fields both ways', () => {
    for (const { name, partner } of FIELDS) {
      if (partner) expect(FIELDS.find((field) => field.name === partner)?.partner).toBe(name);
    }
  });

  // The names as the programs read them, written down apart from the table: X platform notes, 2026.
  it.each([
    ['twitter', 'TWITTER_API_KEY TWITTER_API_SECRET TWITTER_ACCESS_TOKEN TWITTER_ACCESS_TOKEN_SECRET'],
    ['tutorial', 'CONSUMER_KEY CONSUMER_SECRET ACCESS_TOKEN ACCESS_TOKEN_SECRET'],
    ['x', 'X_API_KEY X_API_SECRET X_ACCESS_TOKEN X_ACCESS_TOKEN_SECRET'],
    ['node', 'TWITTER_APP_KEY TWITTER_APP_SECRET TWITTER_ACCESS_TOKEN TWITTER_ACCESS_SECRET'],
    ['eliza', 'TWITTER_API_KEY TWITTER_API_SECRET_KEY TWITTER_ACCESS_TOKEN TWITTER_ACCESS_TOKEN_SECRET'],
    ['xmcp', 'X_OAUTH_CONSUMER_KEY X_OAUTH_CONSUMER_SECRET X_OAUTH_ACCESS_TOKEN X_OAUTH_ACCESS_TOKEN_SECRET'],
    [
      'consumer',
      'TWITTER_CONSUMER_KEY TWITTER_CONSUMER_SECRET TWITTER_ACCESS_TOKEN TWITTER_ACCESS_TOKEN_SECRET',
    ],
    ['mcp', 'API_KEY API_SECRET_KEY ACCESS_TOKEN ACCESS_TOKEN_SECRET'],
  ] as const)('knows the four OAuth 1.0a names of %s', (preset, names) => {
    const four = ['api_key', 'api_secret', 'access_token', 'access_token_secret'] as const;
    const found = presetNames(preset);
    expect(four.map((field) => found.get(field)).join(' ')).toBe(names);
  });

  it.each([
    ['xurl', ['CLIENT_ID', 'CLIENT_SECRET']],
    ['authjs', ['AUTH_TWITTER_ID', 'AUTH_TWITTER_SECRET']],
  ] as const)('knows the names of %s, and no others', (preset, names) => {
    expect([...presetNames(preset).values()]).toEqual(names);
  });

  it('finds a preset by its other name, and none by a name of Object.prototype', () => {
    expect(presetNamed('tweepy')).toBe('tutorial');
    expect(presetNamed('constructor')).toBeUndefined();
    expect(presetNamed('toString')).toBeUndefined();
  });
});

describe('spellings', () => {
  it.each([
    ['Consumer_Secret_Key', 'api_secret'],
    ['consumerKey', 'api_key'],
    ['oauth.consumerKey', 'api_key'],
    ['APIKeySecret', 'api_secret'],
    ['HUBOT_TWITTER_CONSUMER_KEY', 'api_key'],
    ['TWITTER_SECRET', 'api_secret'],
    ['OAUTH_TOKEN_SECRET', 'access_token_secret'],
    ['acess_token', 'access_token'],
    ['BEARER_ACCESS_TOKEN', 'bearer_token'],
    ['TWITTER_OAUTH2_USER_ACCESS_TOKEN', 'oauth2_access_token'],
    ['secret', 'access_token_secret'],
  ])('%s means %s', (name, field) => {
    expect(fieldNamed(name)).toBe(field);
  });

  it.each([
    'TWITTER_TOKEN',
    'TWITTER_AUTH_TOKEN',
    'TWITTER_CT0',
    'OPENAI_API_KEY',
    'GITHUB_TOKEN',
    'PASSWORD',
    '__proto__',
  ])('%s means none', (name) => {
    expect(fieldNamed(name)).toBeUndefined();
  });
});
