import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FIELDS, PRESETS, presetNames } from '../../src/profile/fields.ts';
import { Secret } from '../../src/profile/secret.ts';
import { childEnvironment, type EnvironmentInput } from '../../src/run/environment.ts';

const set = '2026-01-01T00:00:00Z';
const entry = (value: string) => ({ secret: new Secret(value), set, from: 'personal' });

function build(changes: Partial<EnvironmentInput>) {
  return childEnvironment({
    parent: {},
    profile: 'personal',
    fields: new Map([
      ['api_key', entry('key')],
      ['api_secret', entry('secret')],
    ]),
    extras: new Map([['OPENAI_API_KEY', entry('extra')]]),
    names: presetNames('twitter'),
    mapping: new Map(),
    ...changes,
  }).variables;
}

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
});
