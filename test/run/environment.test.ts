import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { EXIT } from '../../src/failure.ts';
import { FIELDS, PRESETS, presetNames } from '../../src/profile/fields.ts';
import { Secret } from '../../src/profile/secret.ts';
import { childEnvironment, type EnvironmentInput, isWanted, layered } from '../../src/run/environment.ts';

const set = '2026-01-01T00:00:00Z';
const entry = (value: string) => ({ secret: new Secret(value), set, from: 'personal' });

const INPUT: EnvironmentInput = {
  parent: {},
  profile: 'personal',
  fields: new Map([
    ['api_key', entry('key')],
    ['api_secret', entry('secret')],
  ]),
  extras: new Map([['OPENAI_API_KEY', entry('extra')]]),
  names: presetNames('twitter'),
  mapping: new Map(),
};

const build = (changes: Partial<EnvironmentInput>) => childEnvironment({ ...INPUT, ...changes }).variables;

describe("the child's environment", () => {
  it("is the parent's with the profile's values", () => {
    expect(build({ parent: { HOME: '/h' } })).toEqual({
      HOME: '/h',
      TWITTER_API_KEY: 'key',
      TWITTER_API_SECRET: 'secret',
      OPENAI_API_KEY: 'extra',
    });
  });

  it('has no stale name of the preset, and keeps those of others', () => {
    const parent = { TWITTER_BEARER_TOKEN: 'old', TWITTER_API_KEY: 'old', ACCESS_TOKEN: 'kept' };
    const variables = build({ parent });
    expect(variables).not.toHaveProperty('TWITTER_BEARER_TOKEN');
    expect(variables).toMatchObject({ TWITTER_API_KEY: 'key', ACCESS_TOKEN: 'kept' });
  });

  it('hands over only what was asked for, and still clears the rest of the preset', () => {
    const variables = build({ parent: { TWITTER_API_SECRET: 'old' }, only: new Set(['api_key']) });
    expect(variables).toEqual({ TWITTER_API_KEY: 'key' });
  });

  it('fills further variables from fields and extras', () => {
    const mapping = new Map([
      ['MY_KEY', 'api_key'],
      ['AI', 'OPENAI_API_KEY'],
    ]);
    expect(build({ only: new Set(['api_secret']), mapping })).toEqual({
      TWITTER_API_SECRET: 'secret',
      MY_KEY: 'key',
      AI: 'extra',
    });
  });

  it.each([
    [{ only: new Set(['bearer_token']) }, 'bearer_token'],
    [{ mapping: new Map([['X', 'client_id']]) }, 'client_id'],
    [{ only: new Set(['MISSING_EXTRA']) }, 'MISSING_EXTRA'],
  ])('refuses what the profile does not have (%#)', (changes, name) => {
    expect(() => build(changes)).toThrow(`the profile personal has no ${name}`);
  });

  it("never holds what twvault is unlocked with, nor a value under another preset's name", () => {
    const own = {
      TWVAULT_IDENTITY: 'i',
      TWVAULT_IDENTITY_FILE: 'f',
      TWVAULT_PASSPHRASE: 'p',
      TWVAULT_PASSPHRASE_FILE: 'q',
      TWVAULT_IDENTITY_FD: '3',
      TWVAULT_PASSPHRASE_FD: '4',
      TWVAULT_TOKEN_URL: 'u',
      TWVAULT_TOKEN_SECRET: 's',
      TWVAULT_SET_ASIDE: '{"NODE_DEBUG":"net"}',
    };
    const fields = new Map(FIELDS.map(({ name }) => [name, entry(`value-of-${name}`)]));
    fc.assert(
      fc.property(fc.constantFrom(...PRESETS), fc.dictionary(fc.string(), fc.string()), (preset, others) => {
        const parent = { ...others, ...own };
        const variables = build({ parent, fields, names: presetNames(preset), extras: new Map() });
        for (const name of Object.keys(own)) expect(variables).not.toHaveProperty([name]);
        const given = Object.entries(variables).filter(([, value]) => value.startsWith('value-of-'));
        expect(new Map(given.map(([name, value]) => [value.slice(9), name]))).toEqual(presetNames(preset));
      }),
    );
  });

  it('keeps back what it is told to, and says what it filled', () => {
    const without = new Set(['api_secret', 'OPENAI_API_KEY']);
    expect(build({ parent: { TWITTER_API_SECRET: 'old' }, without })).toEqual({ TWITTER_API_KEY: 'key' });
    expect(isWanted('api_key', { only: new Set(['api_key']), without: new Set(['api_key']) })).toBe(false);
    expect(isWanted('api_key', {})).toBe(true);
  });

  it('says which variables it filled', () => {
    const input = { parent: { HOME: '/h' }, prefix: 'BOT_', mapping: new Map([['K', 'api_key']]) };
    expect(childEnvironment({ ...INPUT, ...input })).toEqual({
      variables: {
        HOME: '/h',
        BOT_TWITTER_API_KEY: 'key',
        BOT_TWITTER_API_SECRET: 'secret',
        BOT_OPENAI_API_KEY: 'extra',
        BOT_K: 'key',
      },
      filled: ['BOT_TWITTER_API_KEY', 'BOT_TWITTER_API_SECRET', 'BOT_OPENAI_API_KEY', 'BOT_K'],
    });
  });

  it('makes no variable with a prefix that would change how programs are run', () => {
    expect(() => build({ prefix: '1' })).toThrow(/cannot be an environment variable's name/);
    expect(() => build({ prefix: 'LD_' })).toThrow(/how programs are run/);
  });

  it('tells how to set what is not there', () => {
    expect(() => build({ only: new Set(['bearer_token']) })).toThrow(
      expect.objectContaining({
        exitCode: EXIT.missing,
        hints: ['set it: twvault set personal bearer_token'],
      }),
    );
  });

  it('gives the command what was set aside while twvault started, but nothing stale', () => {
    const aside = { NODE_OPTIONS: '--inspect', NODE_DEBUG: 'net' };
    const parent = { LEFT_OUT: undefined, TWVAULT_SET_ASIDE: JSON.stringify(aside) };
    const variables = layered(parent, ['NODE_DEBUG'], []);
    expect(Object.entries(variables)).toEqual([['NODE_OPTIONS', '--inspect']]);
  });

  it('lets the last layer win', () => {
    const layers = [new Map([['A', '1']]), new Map([['A', '2']])];
    expect(layered({ A: '0' }, [], layers)).toEqual({ A: '2' });
  });

  it("takes any name of the parent's for a mere name", () => {
    const parent = JSON.parse('{"__proto__":"p","constructor":"c"}');
    expect(Object.entries(layered(parent, [], []))).toEqual(Object.entries(parent));
  });
});

describe('a name in another case', () => {
  const { platform } = process;
  const runOn = (value: string) => Object.defineProperty(process, 'platform', { value });
  afterEach(() => {
    runOn(platform);
  });

  it('is the same variable on Windows alone', () => {
    const parent = { Twvault_Identity: 'i', Stale: 's' };
    runOn('win32');
    expect(layered(parent, ['STALE'], [])).toEqual({});
    runOn('linux');
    expect(layered(parent, ['STALE'], [])).toEqual(parent);
  });
});
