import { describe, expect, it } from 'vitest';
import { FormatError, type Json } from '../../src/profile/json.ts';
import { namesIn, presetsFrom, presetsToJson } from '../../src/profile/preset.ts';

const OWN = { mine: { api_key: 'MY_KEY', api_secret: 'MY_SECRET' }, other: { bearer_token: 'BEARER' } };
const from = (value: Json) => presetsFrom(value, 'presets');

describe('presets of the user', () => {
  it('come back as they were', () => {
    expect(presetsToJson(from(OWN))).toEqual(OWN);
    expect(presetsToJson(from({}))).toEqual({});
  });

  it('are found behind the built-in ones, those given first before the others', () => {
    const [first, second] = [from({ mine: { api_key: 'FIRST' } }), from(OWN)];
    expect(namesIn('mine', first, second)?.get('api_key')).toBe('FIRST');
    expect(namesIn('mine', undefined, second)).toEqual(new Map(Object.entries(OWN.mine)));
    expect(namesIn('other', first, second)?.get('bearer_token')).toBe('BEARER');
    expect(namesIn('twitter', first, second)?.get('api_key')).toBe('TWITTER_API_KEY');
    expect([namesIn('third', first, second), namesIn('mine')]).toEqual([undefined, undefined]);
  });

  it.each<[string, Json]>([
    ['presets is not an object', []],
    ["a key of presets is not a preset's name", { 'A B': { api_key: 'K' } }],
    ['presets.twitter has the name of a built-in preset', { twitter: { api_key: 'K' } }],
    ['presets.tweepy has the name of a built-in preset', { tweepy: { api_key: 'K' } }],
    ['presets.mine is not an object', { mine: 'K' }],
    ['presets.mine names no field', { mine: {} }],
    ['a key of presets.mine is not a field', { mine: { password: 'K' } }],
    ['presets.mine.api_key is not a string', { mine: { api_key: 1 } }],
    ['presets.mine: oauth2_refresh_token is never handed over', { mine: { oauth2_refresh_token: 'K' } }],
    ['presets.mine has K twice', { mine: { api_key: 'K', api_secret: 'K' } }],
  ])('are refused: %s', (words, value) => {
    expect(() => from(value)).toThrow(new FormatError(words));
  });

  it('may not put a value where it changes how programs are run', () => {
    expect(() => from({ mine: { api_key: 'LD_PRELOAD' } })).toThrow(
      /^LD_PRELOAD cannot be set from a profile/,
    );
  });
});
