import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { profileFromJson, profileToJson } from '../../src/profile/codec.ts';
import { FIELDS, type FieldName } from '../../src/profile/fields.ts';
import { effectiveFields } from '../../src/profile/inherit.ts';
import { canonical, FormatError, type Json, parseCanonical } from '../../src/profile/json.ts';
import { isExtraName, isProfileName, printable, profileName, variableName } from '../../src/profile/names.ts';
import { changed, emptyProfile, type Profile, renamed, timestampAt } from '../../src/profile/profile.ts';
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
    expect([
      String(new Secret(value)),
      JSON.stringify(new Secret(value)),
      inspect(new Secret(value)),
    ]).toEqual(['[secret]', '"[secret]"', '[secret]']);
    expect(new Secret(value).length).toBe(value.length);
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

  it.each(['A', 'A1_', 'A'.repeat(128)])('%s can be an extra', (name) => {
    expect(isExtraName(name)).toBe(true);
  });

  it.each(['A'.repeat(129), 'A\n', ' A', '_A', 'LD_LIBRARY_PATH', 'TWVAULT_HOME', 'DYLD_X'])(
    '%j cannot',
    (name) => {
      expect(isExtraName(name)).toBe(false);
    },
  );

  it.each(['a', '_', 'Path2', 'TWITTER_API_KEY', 'MY_HOME', 'HOMES', 'XLD_PRELOAD', 'PYTHON_KEY'])(
    '%s can be a variable that something is put in',
    (name) => {
      expect(variableName(name)).toBe(name);
    },
  );

  it.each<[string, RegExp]>([
    ['', /^'' cannot be an environment variable's name$/],
    ['1a', /^'1a' cannot be an environment variable's name$/],
    [' a', /^' a' cannot be/],
    ['a b', /^'a b' cannot be/],
    ['a\n', /^'a\?' cannot be/],
    ['path', /^path cannot be set from a profile: it changes how programs are run$/],
    ['ld_preload', /^ld_preload cannot be set from a profile/],
    [
      'https_proxy',
      /^https_proxy is given no other value: it changes how programs are run, or whom they ask$/,
    ],
    ['GIT_SSH_COMMAND', /^GIT_SSH_COMMAND is given no other value/],
    ['MY_EDITOR', /^MY_EDITOR is given no other value/],
  ])('%j cannot', (name, words) => {
    expect(() => variableName(name)).toThrow(words);
  });

  it.each<[string, RegExp]>([
    ['A', /^'A' cannot be a profile's name$/],
    ['nul', /^'nul' is a device name on Windows: choose another name$/],
    ['nul.txt', /^'nul.txt' is a device name on Windows/],
  ])('%j is refused in words', (name, words) => {
    expect(() => profileName(name)).toThrow(words);
  });

  it('that only begin or end like a device are names', () => {
    for (const name of ['null', 'my.nul', 'con2', 'icon.x']) expect(profileName(name)).toBe(name);
  });

  it('shows neither keys nor control characters, and 40 characters at most', () => {
    expect(printable(alphanumeric(25))).toBe('(looks like a credential, not shown)');
    expect(printable('a\u001b[31mb')).toBe('a?[31mb');
    expect(printable('a'.repeat(40))).toBe('a'.repeat(40));
    expect(printable('a'.repeat(41))).toBe(`${'a'.repeat(37)}...`);
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
  const digits = fc.stringMatching(/^\d{1,20}$/);
  const handle = fc.stringMatching(/^\w{1,30}$/);
  const scope = fc.stringMatching(/^[a-z.]{1,40}$/);
  const time = fc.nat(2 ** 31).map((seconds) => timestampAt(seconds * 1000));
  const profiles = fc
    .tuple(
      name,
      fc.dictionary(field, value),
      fc.dictionary(extra, value),
      fc.option(name),
      fc.array(recipient, { maxLength: 20 }),
      fc.option(fc.record({ id: digits, name: handle }, { requiredKeys: ['id'] }), { nil: undefined }),
      fc.option(fc.record({ expires: time, scopes: fc.array(scope) }), { nil: undefined }),
      fc.dictionary(field, value),
    )
    .map(([own, fields, extras, parent, readers, account, grant, staged]) =>
      changed(emptyProfile(own), {
        fields: secrets(fields as never),
        extras: secrets(extras),
        inherit: parent,
        recipients: { add: readers.slice(0, 16) },
        ...(account && { account }),
        ...(grant && { grant }),
        staged: secrets(staged as never),
      }),
    );

  /** All of a profile, with its values in plain. */
  const plain = ({ fields, extras, staged, ...rest }: Profile) => ({
    ...rest,
    values: [fields, extras, staged].map(
      (entries) =>
        entries &&
        Object.fromEntries([...entries].map(([key, { secret, set }]) => [key, [secret.reveal(), set]])),
    ),
  });

  it('comes back as it was', () => {
    fc.assert(
      fc.property(profiles, (profile) => {
        const text = canonical(profileToJson(profile));
        const back = profileFromJson(parseCanonical(text));
        expect(canonical(profileToJson(back))).toBe(text);
        expect(plain(back)).toEqual(plain(profile));
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
    expect(() => parseCanonical(text)).toThrow(FormatError);
  });

  const AT = '2026-01-01T00:00:00Z';
  const entry = { value: 'x', set: AT };
  it.each<[string, Record<string, unknown>]>([
    ['the record has an unknown key', { unknown: 1 }],
    ["profile is not a profile's name", { profile: '../x' }],
    ['profile is not a string', { profile: 1 }],
    ['generation is not a positive whole number', { generation: 0 }],
    ['generation is not a positive whole number', { generation: '1' }],
    ['generation is not a positive whole number', { generation: 2 ** 53 }],
    ['created is not a time', { created: 'yesterday' }],
    ['created is not a time', { created: `${AT}\n` }],
    ['updated is not a time', { updated: ` ${AT}` }],
    ["inherit is not a profile's name", { inherit: 'A' }],
    ['fields is not an object', { fields: [] }],
    ['extras is not an object', { extras: null }],
    ['fields has an unknown name', { fields: { password: entry } }],
    ['extras has an unknown name', { extras: { PATH: entry } }],
    ['extras has an unknown name', { extras: JSON.parse(`{"__proto__":${JSON.stringify(entry)}}`) }],
    ['staged has an unknown name', { staged: { API_KEY: entry } }],
    ['fields.api_key is not an object', { fields: { api_key: 'x' } }],
    ['fields.api_key has an unknown key', { fields: { api_key: { ...entry, more: 1 } } }],
    ['extras.A.value is not a string', { extras: { A: { ...entry, value: 1 } } }],
    ['staged.api_key.set is not a time', { staged: { api_key: { ...entry, set: '' } } }],
    ['account is not an object', { account: 'me' }],
    ['account has an unknown key', { account: { id: '1', more: 1 } }],
    ['account.id is not a string', { account: { id: 1 } }],
    ['account.id is not a number', { account: { id: 'me' } }],
    ['account.id is not a number', { account: { id: '1'.repeat(21) } }],
    ['account.name is not a string', { account: { id: '1', name: 1 } }],
    ['account.name is not a user name', { account: { id: '1', name: 'a b' } }],
    ['account.name is not a user name', { account: { id: '1', name: 'a'.repeat(31) } }],
    ['grant is not an object', { grant: 1 }],
    ['grant has an unknown key', { grant: { expires: AT, scopes: [], more: 1 } }],
    ['grant.expires is not a string', { grant: { scopes: [] } }],
    ['grant.expires is not a time', { grant: { expires: 'soon', scopes: [] } }],
    ['grant.scopes is not a list', { grant: { expires: AT, scopes: 'tweet.read' } }],
    ['grant.scopes is not a string', { grant: { expires: AT, scopes: [1] } }],
    ['grant.scopes has an odd word', { grant: { expires: AT, scopes: ['tweet.read', 'a b'] } }],
    ['recipients is not a list', { recipients: madeUpRecipient(0) }],
    ['recipients is not a string', { recipients: [1] }],
    ['recipients has none or too many', { recipients: [] }],
    [
      'recipients has none or too many',
      { recipients: Array.from({ length: 17 }, (_, at) => madeUpRecipient(at)) },
    ],
    ['recipients has an odd recipient', { recipients: ['age1'] }],
    ['recipients has an odd recipient', { recipients: [madeUpRecipient(0), `${madeUpRecipient(1)}q`] }],
    ['recipients has an odd recipient', { recipients: [` ${madeUpRecipient(1)}`] }],
    ['recipients is not sorted', { recipients: [madeUpRecipient(1), madeUpRecipient(0)] }],
    ['recipients is not sorted', { recipients: [madeUpRecipient(0), madeUpRecipient(0)] }],
  ])('is refused: %s, of %j', (words, wrong) => {
    const good = profileToJson(profileOf('personal', { api_key: 'k' })) as Record<string, Json>;
    expect(() => profileFromJson(good)).not.toThrow();
    expect(() => profileFromJson({ ...good, ...(wrong as Record<string, Json>) })).toThrow(
      new FormatError(words),
    );
  });

  it('is refused where it is no object', () => {
    for (const value of [null, 'a', 1, []]) {
      expect(() => profileFromJson(value)).toThrow(new FormatError('the record is not an object'));
    }
  });

  it('may be nested 32 deep, and no deeper', () => {
    const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
    expect(canonical(parseCanonical(nested(33)))).toBe(nested(33));
    expect(() => parseCanonical(nested(34))).toThrow(new FormatError('nested too deeply'));
    const objects = (depth: number): string => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
    expect(canonical(parseCanonical(objects(32)))).toBe(objects(32));
    expect(() => parseCanonical(objects(33))).toThrow(new FormatError('nested too deeply'));
  });
});
