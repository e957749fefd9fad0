import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { profileFromJson, profileToJson } from '../../src/profile/codec.ts';
import { FIELDS, type FieldName } from '../../src/profile/fields.ts';
import { effectiveFields } from '../../src/profile/inherit.ts';
import { canonical, type Json, parseCanonical } from '../../src/profile/json.ts';
import { isExtraName, isProfileName, printable, profileName, variableName } from '../../src/profile/names.ts';
import { changed, emptyProfile, type Profile, renamed } from '../../src/profile/profile.ts';
import { Secret } from '../../src/profile/secret.ts';
import { alphanumeric, generatedKeys, sentinel } from '../support/credentials.ts';

const secrets = <Name extends string>(values: Record<Name, string>) =>
  new Map(Object.entries(values).map(([name, value]) => [name as Name, new Secret(value as string)]));
const profileOf = (name: string, values: Partial<Record<FieldName, string>>, inherit?: string): Profile =>
  changed(emptyProfile(name), {
    fields: secrets(values as Record<FieldName, string>),
    inherit: inherit ?? null,
  });

describe('a secret', () => {
  it('prints itself nowhere', () => {
    const value = sentinel();
    const profile = profileOf('personal', { api_key: value });
    const error = new Error('x', { cause: profile });
    const outputs = [
      String(new Secret(value)),
      JSON.stringify({ secret: new Secret(value) }),
      inspect(new Secret(value), { showHidden: true, depth: 10 }),
      inspect(profile, { showHidden: true, depth: 10 }),
      inspect(error, { depth: 10 }),
      `${new Secret(value)}`,
      JSON.stringify([...profile.fields]),
    ];
    for (const output of outputs) expect(output).not.toContain(value);
  });
});

describe('names', () => {
  it.each(['a', 'personal', 'my.bot-2_x', '0', 'a'.repeat(64)])('%s can be a profile', (name) => {
    expect(isProfileName(name)).toBe(true);
  });

  it.each([
    '',
    'A',
    '-a',
    '.a',
    '_a',
    'a/b',
    'a b',
    '..',
    'a'.repeat(65),
    'con',
    'nul',
    'com1',
    'lpt9.x',
    'é',
    'a\n',
  ])('%j cannot', (name) => {
    expect(isProfileName(name)).toBe(false);
    expect(() => profileName(name)).toThrow();
  });

  it('keeps a profile from changing how programs are run', () => {
    for (const name of [
      'PATH',
      'LD_PRELOAD',
      'NODE_OPTIONS',
      'TWVAULT_IDENTITY',
      'BASH_ENV',
      'lower',
      '1A',
    ]) {
      expect(isExtraName(name)).toBe(false);
    }
    expect(isExtraName('OPENAI_API_KEY')).toBe(true);
    expect(() => variableName('NODE_OPTIONS')).toThrow(/how programs are run/);
  });

  it('shows neither keys nor control characters', () => {
    expect(printable(alphanumeric(25))).not.toMatch(/[A-Z]/);
    expect(printable('a\u001b[31mb')).toBe('a?[31mb');
  });
});

describe('a change', () => {
  it('keeps the date of a value that stays the same', () => {
    const keys = generatedKeys();
    const before = changed(
      emptyProfile('a', '2020-01-01T00:00:00Z'),
      { fields: secrets(keys) },
      '2020-01-01T00:00:00Z',
    );
    const after = changed(
      before,
      { fields: secrets({ ...keys, api_key: alphanumeric(25) }) },
      '2021-01-01T00:00:00Z',
    );
    expect(after.fields.get('api_secret')?.set).toBe('2020-01-01T00:00:00Z');
    expect(after.fields.get('api_key')?.set).toBe('2021-01-01T00:00:00Z');
    expect(after.generation).toBeGreaterThan(before.generation);
  });

  it('takes the account from the access token, and forgets what it knew of another', () => {
    const profile = { ...profileOf('a', generatedKeys('111')), account: { id: '111', name: 'old' } };
    const same = changed(profile, { fields: secrets({ access_token: `111-${alphanumeric(40)}` }) });
    const other = changed(profile, { fields: secrets({ access_token: `222-${alphanumeric(40)}` }) });
    expect(same.account).toEqual({ id: '111', name: 'old' });
    expect(other.account).toEqual({ id: '222' });
  });

  it('keeps what a login granted as long as its access token, and takes an account that X told', () => {
    const grant = { expires: '2026-01-01T00:00:00Z', scopes: ['tweet.read', 'offline.access'] };
    const token = secrets({ oauth2_access_token: alphanumeric(91) });
    const logged = changed(emptyProfile('a'), { fields: token, grant, account: { id: '7', name: 'seven' } });
    expect(logged).toMatchObject({ grant, account: { id: '7', name: 'seven' } });
    const read = profileFromJson(JSON.parse(JSON.stringify(profileToJson(logged))) as Json);
    expect(read.grant).toEqual(grant);
    expect(changed(logged, { fields: secrets({ api_key: alphanumeric(25) }) }).grant).toEqual(grant);
    const other = secrets({ oauth2_access_token: alphanumeric(91) });
    expect(changed(logged, { fields: other })).not.toHaveProperty('grant');
    expect(changed(logged, { fields: new Map([['oauth2_access_token', undefined]]) })).not.toHaveProperty(
      'grant',
    );
  });

  it('makes a profile under an old name newer than every copy of the old one', () => {
    const old = profileOf('a', generatedKeys());
    expect(renamed(profileOf('b', {}), 'a').generation).toBeGreaterThan(old.generation);
    expect(changed(emptyProfile('a'), {}).generation).toBeGreaterThanOrEqual(old.generation);
  });
});

describe('inheritance', () => {
  const app = profileOf('app', {
    api_key: 'k',
    api_secret: 's',
    bearer_token: 'b',
    access_token: '1-t',
    access_token_secret: 'u',
  });

  it('takes the fields of the app from the parent, and never the tokens of its user', () => {
    const child = profileOf('child', { access_token: '2-t', access_token_secret: 'v' }, 'app');
    const fields = effectiveFields([child, app]);
    expect(fields.get('api_key')).toMatchObject({ from: 'app' });
    expect(fields.get('access_token')?.secret.reveal()).toBe('2-t');
    expect(effectiveFields([profileOf('bare', {}, 'app'), app]).has('access_token')).toBe(false);
  });

  it('never mixes the halves of a pair', () => {
    const child = profileOf('child', { api_key: 'other' }, 'app');
    const fields = effectiveFields([child, app]);
    expect(fields.get('api_key')?.secret.reveal()).toBe('other');
    expect(fields.has('api_secret')).toBe(false);
    expect(fields.get('bearer_token')).toMatchObject({ from: 'app' });
  });

  it('goes through several generations, nearest first', () => {
    const middle = profileOf('middle', { bearer_token: 'nearer' }, 'app');
    const fields = effectiveFields([profileOf('child', {}, 'middle'), middle, app]);
    expect(fields.get('bearer_token')?.secret.reveal()).toBe('nearer');
    expect(fields.get('api_secret')).toMatchObject({ from: 'app' });
  });
});

/** One of a sorted list, by its form alone. */
const madeUpRecipient = (at: number) =>
  `age1${'ac'[Math.floor(at / 10)]}${'02345678qr'[at % 10]}${'q'.repeat(56)}`;

describe('further recipients', () => {
  const [first, second] = [madeUpRecipient(0), madeUpRecipient(1)];
  const sealed = changed(emptyProfile('a'), { recipients: { add: [second, first, second] } });

  it('come and go, sorted and each once, whoever changes them', () => {
    expect(sealed.recipients).toEqual([first, second]);
    expect(changed(sealed, {}).recipients).toEqual([first, second]);
    expect(changed(sealed, { recipients: { remove: [first] } }).recipients).toEqual([second]);
    const without = changed(sealed, { recipients: { remove: [first, second] } });
    expect('recipients' in without).toBe(false);
  });

  it('go with a copy, and are at most 16', () => {
    expect(renamed(sealed, 'b').recipients).toEqual([first, second]);
    const many = Array.from({ length: 17 }, (_, at) => madeUpRecipient(at));
    expect(() => changed(sealed, { recipients: { add: many } })).toThrow(/at most 16 recipients/);
  });
});

describe('the record', () => {
  const name = fc.stringMatching(/^[a-z0-9][a-z0-9._-]{0,30}$/).filter(isProfileName);
  const field = fc.constantFrom(...FIELDS.map((row) => row.name));
  const extra = fc.stringMatching(/^[A-Z][A-Z0-9_]{0,20}$/).filter(isExtraName);
  const value = fc.string({ minLength: 1, unit: 'binary' });
  const recipient = fc.stringMatching(/^age1[02-9ac-hj-np-z]{58}$/);
  const profiles = fc
    .tuple(
      name,
      fc.dictionary(field, value),
      fc.dictionary(extra, value),
      fc.option(name),
      fc.array(recipient, { maxLength: 20 }),
    )
    .map(([own, fields, extras, parent, readers]) =>
      changed(emptyProfile(own), {
        fields: secrets(fields as never),
        extras: secrets(extras),
        inherit: parent,
        recipients: { add: readers.slice(0, 16) },
      }),
    );

  it('comes back as it was', () => {
    fc.assert(
      fc.property(profiles, (profile) => {
        const text = canonical(profileToJson(profile));
        const back = profileFromJson(parseCanonical(text));
        expect(canonical(profileToJson(back))).toBe(text);
        expect(back.name).toBe(profile.name);
        expect(back.recipients).toEqual(profile.recipients);
      }),
    );
  });

  it.each([
    ['{"a":1,"a":1}', 'a duplicate key'],
    ['{"b":1,"a":1}', 'keys out of order'],
    ['{ "a":1}', 'white space'],
    ['1.5', 'a fraction'],
    ['1e3', 'an exponent'],
    ['"\\u0041"', 'an escape that is not needed'],
    ['{"a":', 'half a document'],
  ])('refuses %s (%s)', (text) => {
    expect(() => parseCanonical(text)).toThrow();
  });

  it.each([
    ['an unknown key', { unknown: 1 }],
    ['an unknown field', { fields: { password: { value: 'x', set: '2020-01-01T00:00:00Z' } } }],
    ['a reserved extra', { extras: { PATH: { value: 'x', set: '2020-01-01T00:00:00Z' } } }],
    [
      '__proto__ as an extra',
      { extras: JSON.parse('{"__proto__":{"value":"x","set":"2020-01-01T00:00:00Z"}}') },
    ],
    ['a value that is no string', { extras: { A: { value: 1, set: '2020-01-01T00:00:00Z' } } }],
    ['a date that is none', { created: 'yesterday' }],
    ['a generation of 0', { generation: 0 }],
    ['a name that is a path', { profile: '../x' }],
    ['an account that is no number', { account: { id: 'me' } }],
    ['a grant without an end', { grant: { scopes: [] } }],
    ['no recipients', { recipients: [] }],
    ['a recipient that is none', { recipients: ['age1'] }],
    ['recipients out of order', { recipients: [`age1${'q'.repeat(58)}`, `age1${'p'.repeat(58)}`] }],
    ['a recipient twice', { recipients: [`age1${'q'.repeat(58)}`, `age1${'q'.repeat(58)}`] }],
    ['too many recipients', { recipients: Array.from({ length: 17 }, (_, at) => madeUpRecipient(at)) }],
    ['a grant whose scopes are no words', { grant: { expires: '2026-01-01T00:00:00Z', scopes: ['a b'] } }],
  ])('refuses %s', (_, wrong) => {
    const good = profileToJson(profileOf('personal', { api_key: 'k' })) as Record<string, Json>;
    expect(() => profileFromJson(good)).not.toThrow();
    expect(() => profileFromJson({ ...good, ...(wrong as Record<string, Json>) })).toThrow();
  });
});
