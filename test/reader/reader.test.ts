import { createHmac, createPrivateKey, hkdfSync, sign } from 'node:crypto';
import { copyFileSync, linkSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Decrypter, Encrypter } from 'age-encryption';
import { describe, expect, it } from 'vitest';
import { User } from '../support/cli.ts';
import { alphanumeric, generatedKeys, tutorialLines } from '../support/credentials.ts';
import { python, reads } from './python.ts';

/** What the reader found in a profile. */
function found(user: User, profile: string): { fields: object; extras: object } {
  const { status, stdout, stderr } = reads(user, profile);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return JSON.parse(stdout);
}

/** Why the reader refused a profile: one line, and nothing of the profile. */
function refusal(user: User, profile: string): string {
  const { status, stdout, stderr } = reads(user, profile);
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  expect(stderr).toMatch(/^twvault_reader: .+\n$/);
  return stderr.slice('twvault_reader: '.length, -1);
}

const record = (user: User, profile: string) => join(user.home, 'profiles', `${profile}.age`);
const entry = (user: User, profile: string) => join(user.home, 'index', `${profile}.json`);
const withVault = () => new User().withFileVault();

/** Changes vault.json. */
function alter(user: User, members: object): void {
  const path = join(user.home, 'vault.json');
  writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, 'utf8')), ...members }));
}

const about = (user: User) => JSON.parse(readFileSync(join(user.home, 'vault.json'), 'utf8'));
const identityOf = (user: User) =>
  /^AGE-SECRET-KEY-1.+$/m.exec(readFileSync(user.identityFile, 'utf8'))?.[0] ?? '';

/** The plaintext of a profile, by another implementation of age. */
async function plaintext(user: User, profile: string): Promise<string> {
  const decrypter = new Decrypter();
  decrypter.addIdentity(identityOf(user));
  return decrypter.decrypt(readFileSync(record(user, profile)), 'text');
}

/** Puts a plaintext in a profile's place, as anybody can who knows the recipient; the index forgets the profile. */
async function plant(user: User, profile: string, plain: string): Promise<void> {
  const encrypter = new Encrypter();
  encrypter.addRecipient(about(user).recipient);
  writeFileSync(record(user, profile), await encrypter.encrypt(plain), { mode: 0o600 });
  rmSync(entry(user, profile), { force: true });
}

describe.skipIf(python === undefined)('a reader written from docs/format.md', () => {
  it('reads the fields, with an identity in a file and in the environment', () => {
    const user = withVault();
    const keys = user.add('dev');
    const bearer_token = `${'A'.repeat(20)}${alphanumeric(90)}`;
    user.must(['set', 'dev', 'bearer_token'], { input: bearer_token });
    expect(found(user, 'dev')).toEqual({ fields: { ...keys, bearer_token }, extras: {} });

    user.env = { ...user.env, TWVAULT_IDENTITY_FILE: undefined, TWVAULT_IDENTITY: identityOf(user) };
    expect(found(user, 'dev').fields).toEqual({ ...keys, bearer_token });

    const mistyped = identityOf(user).replace(/.$/, (digit) => (digit === 'Q' ? 'P' : 'Q'));
    user.env = { ...user.env, TWVAULT_IDENTITY: mistyped };
    expect(refusal(user, 'dev')).toBe('the identity has a typing error');
  });

  it('reads a vault whose identity is under a passphrase', () => {
    const user = new User();
    user.env = { ...user.env, TWVAULT_PASSPHRASE: 'five wörds: \u00e9 and e\u0301 differ' };
    user.must(['init', '--store', 'file', '--passphrase']);
    const keys = user.add('dev');
    expect(found(user, 'dev').fields).toEqual(keys);

    user.env = { ...user.env, TWVAULT_PASSPHRASE: 'five wörds: e\u0301 and \u00e9 differ' };
    expect(refusal(user, 'dev')).toBe('the identity or passphrase does not open the file');
  });

  it.each([
    ['unicode', 'žluťoučký 🐦 \u2028\u2029\u0080 \ufeff e\u0301 \u{10ffff}\uffff'],
    ['a byte order mark', '\ufeffvalue'],
    ['quotes', `"it's" a \\"test\\" \\u0041 / <$x> \`y\``],
    ['lines', 'one\n\ntwo\r\n\tthree\r'],
    ['control characters', `${String.fromCharCode(...Array.from({ length: 31 }, (_, n) => n + 1))}\x7f`],
    ['spaces', '   '],
    ['a second chunk', 'x'.repeat(100_000)],
    ['a second chunk with wide characters', '🐦é'.repeat(20_000)],
    ['an exponent', '1e3'],
    ['zeros', '007'],
    ['a number that is not exact', '9007199254740993'],
    ['not a number', 'NaN'],
    ['a literal', 'null'],
  ])('reads an extra with %s', (_, value) => {
    const user = withVault();
    const fields = user.add('dev');
    user.must(['set', 'dev', 'EXTRA'], { input: value });
    user.must(['set', 'dev', 'A_SECOND'], { input: 'second' });
    expect(found(user, 'dev')).toEqual({ fields, extras: { EXTRA: value, A_SECOND: 'second' } });
  });

  it('reads plaintexts of many lengths, around the ends of blocks and of a chunk', async () => {
    const user = withVault();
    user.add('dev');
    user.must(['set', 'dev', 'EXTRA'], { input: 'x' });
    const room = 4096 - ((await plaintext(user, 'dev')).trimEnd().length - 1);
    for (const length of [room - 1, room, room + 1, room + 15 * 4096, room + 15 * 4096 + 1]) {
      const value = 'v'.repeat(length);
      user.must(['set', 'dev', 'EXTRA'], { input: value });
      expect((await plaintext(user, 'dev')).length % 4096).toBe(0);
      expect(found(user, 'dev').extras).toEqual({ EXTRA: value });
    }
  });

  it('inherits what belongs to the app, from the nearest that has it, and pairs whole', () => {
    const user = withVault();
    const grand = user.add('grand');
    user.must(['set', 'grand', 'bearer_token'], { input: `${'A'.repeat(20)}${alphanumeric(90)}` });
    user.must(['set', 'grand', 'client_id'], { input: alphanumeric(34) });
    user.must(['set', 'grand', 'client_secret'], { input: alphanumeric(50) });
    user.must(['set', 'grand', 'EXTRA'], { input: 'not inherited' });
    const half = `API_KEY=${alphanumeric(25)}\n`;
    user.must(['add', 'parent', '--inherit', 'grand', '--stdin'], { input: half });
    const { access_token, access_token_secret } = generatedKeys();
    const tokens = `ACCESS_TOKEN=${access_token}\nACCESS_TOKEN_SECRET=${access_token_secret}\n`;
    user.must(['add', 'child', '--inherit', 'parent', '--stdin'], { input: tokens });
    user.must(['set', 'child', 'client_id'], { input: alphanumeric(34) });
    user.must(['add', 'brand', '--inherit', 'grand', '--stdin'], { input: tokens });

    const brand = found(user, 'brand');
    expect(brand.fields).toMatchObject({ api_key: grand.api_key, access_token, access_token_secret });
    expect(Object.keys(found(user, 'child').fields)).toEqual(
      expect.arrayContaining(['api_key', 'bearer_token', 'client_id', 'access_token', 'access_token_secret']),
    );
    for (const profile of ['grand', 'parent', 'child', 'brand']) {
      const { fields, extras } = found(user, profile);
      const { fields: shown } = JSON.parse(user.must(['show', profile, '--json']).stdout);
      expect(Object.keys(fields).sort()).toEqual(Object.keys(shown).sort());
      for (const [field, value] of Object.entries(fields)) {
        expect(user.must(['get', profile, field]).stdout.trimEnd()).toBe(value);
      }
      expect(extras).toEqual(profile === 'grand' ? { EXTRA: 'not inherited' } : {});
    }
  });

  it('follows eight parents', () => {
    const user = withVault();
    const { api_key } = user.add('p0');
    const input = `ACCESS_TOKEN=${generatedKeys().access_token}\n`;
    for (let n = 1; n <= 8; n++) user.must(['add', `p${n}`, '--inherit', `p${n - 1}`, '--stdin'], { input });
    expect(found(user, 'p8').fields).toMatchObject({ api_key });
    expect(user.must(['get', 'p8', 'api_key']).stdout.trimEnd()).toBe(api_key);

    rmSync(record(user, 'p0'));
    expect(refusal(user, 'p8')).toMatch(/No such file or directory/);
  });

  it('reads a record that is newer than its index entry, and one that has none', () => {
    const user = withVault();
    user.add('dev');
    const older = readFileSync(entry(user, 'dev'));
    user.must(['set', 'dev', 'EXTRA'], { input: 'new' });
    writeFileSync(entry(user, 'dev'), older);
    expect(found(user, 'dev').extras).toEqual({ EXTRA: 'new' });
    rmSync(entry(user, 'dev'));
    expect(found(user, 'dev').extras).toEqual({ EXTRA: 'new' });
  });

  it('refuses a file with one bit changed, a shorter and a longer one', () => {
    const user = withVault();
    user.add('dev');
    rmSync(entry(user, 'dev'));
    const bytes = readFileSync(record(user, 'dev'));
    const mac = bytes.indexOf('\n--- ') + 5;
    const nonce = bytes.indexOf('\n', mac) + 1;
    const stanza = bytes.indexOf('X25519 ') + 7;
    const changed: [string | RegExp, Buffer][] = [
      [/^this is no age/, flipped(bytes, 0)],
      [/does not open the file|malformed/, flipped(bytes, stanza)],
      [/does not open the file|malformed/, flipped(bytes, stanza + 50)],
      [/the header was changed|malformed/, flipped(bytes, mac)],
      ['base64 is malformed', respelt(bytes, nonce - 2)],
      ['the payload was changed', flipped(bytes, nonce)],
      ['the payload was changed', flipped(bytes, nonce + 16)],
      ['the payload was changed', flipped(bytes, bytes.length - 1)],
      ['the payload was changed', bytes.subarray(0, -1)],
      ['the payload is cut off', bytes.subarray(0, nonce + 16)],
      ['the payload was changed', Buffer.concat([bytes, Buffer.from([0])])],
      [/too large$/, Buffer.concat([bytes, Buffer.alloc(2 ** 20)])],
    ];
    expect(found(user, 'dev').extras).toEqual({});
    for (const [reason, content] of changed) {
      writeFileSync(record(user, 'dev'), content);
      expect(refusal(user, 'dev')).toMatch(reason);
    }
  });

  it('refuses a link and a hard link', () => {
    const user = withVault();
    user.add('dev');
    copyFileSync(record(user, 'dev'), join(user.root, 'copy'));
    rmSync(record(user, 'dev'));
    symlinkSync(join(user.root, 'copy'), record(user, 'dev'));
    expect(refusal(user, 'dev')).toMatch(/Too many levels of symbolic links/);
    rmSync(record(user, 'dev'));
    linkSync(join(user.root, 'copy'), record(user, 'dev'));
    expect(refusal(user, 'dev')).toMatch(/is a link/);
  });

  it("refuses another profile's file", () => {
    const user = withVault();
    user.add('dev');
    user.add('prod');
    copyFileSync(record(user, 'prod'), record(user, 'dev'));
    expect(refusal(user, 'dev')).toBe('the record is of another profile');
    rmSync(entry(user, 'dev'));
    expect(refusal(user, 'dev')).toBe('the record is of another profile');
  });

  it('refuses an earlier copy, and the same record sealed again', async () => {
    const user = withVault();
    user.add('dev');
    const older = readFileSync(record(user, 'dev'));
    user.must(['set', 'dev', 'EXTRA'], { input: 'new' });
    const [index, newer] = [readFileSync(entry(user, 'dev')), await plaintext(user, 'dev')];
    writeFileSync(record(user, 'dev'), older);
    expect(refusal(user, 'dev')).toBe('the file is an earlier copy');

    await plant(user, 'dev', newer);
    expect(found(user, 'dev').extras).toEqual({ EXTRA: 'new' });
    writeFileSync(entry(user, 'dev'), index);
    expect(refusal(user, 'dev')).toBe('another file was put in its place');
  });

  it("refuses another vault's file, sealed to the same identity", () => {
    const user = withVault();
    const keys = user.add('dev');
    const other = new User();
    other.env = { ...other.env, TWVAULT_IDENTITY_FILE: user.identityFile };
    other.must(['init', '--store', 'file']);
    expect(about(other).writer).toBe(about(user).writer);
    other.must(['add', 'dev', '--stdin'], { input: tutorialLines(keys) });
    expect(found(other, 'dev').fields).toEqual(keys);
    copyFileSync(record(other, 'dev'), record(user, 'dev'));
    expect(refusal(user, 'dev')).toBe('the record is of another vault');
  });

  it('refuses a vault.json with another writer, another pin or another identity', () => {
    const [user, other] = [withVault(), withVault()];
    user.add('dev');
    const { writer, pin } = about(user);
    const { writer: strangeWriter, pin: strangePin } = about(other);
    const reason = 'the pin in vault.json does not fit its writer and this identity';
    for (const members of [
      { writer: strangeWriter },
      { pin: strangePin },
      { writer: strangeWriter, pin: strangePin },
    ]) {
      alter(user, { writer, pin, ...members });
      expect(refusal(user, 'dev')).toBe(reason);
    }
    alter(user, { writer, pin });
    expect(Object.keys(found(user, 'dev').fields)).toHaveLength(4);
    alter(user, { unknown: true });
    expect(refusal(user, 'dev')).toBe('members are missing or unknown');

    other.add('dev');
    other.env = { ...other.env, TWVAULT_IDENTITY_FILE: user.identityFile };
    expect(refusal(other, 'dev')).toBe(reason);
  });
});

/** Bytes with the lowest bit of one of them changed. */
function flipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}

/** Bytes with the last digit of some base64 at `at` changed so that it stands for the same bytes. */
function respelt(bytes: Buffer, at: number): Buffer {
  const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  const copy = Buffer.from(bytes);
  copy.write(digits[digits.indexOf(String.fromCharCode(bytes[at] ?? 0)) + 1] ?? '', at);
  return copy;
}

/** JSON as docs/format.md has it: for documents with names in ASCII and integers only. */
function canonical(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`).join(',')}}`;
}

const PREFIX = 'twvault record v1\n';

/** A writer, written from docs/format.md too: records that twvault itself would not write. */
function writerOf(user: User, alien = false) {
  const identity = identityOf(user);
  const digits = [...identity.slice('AGE-SECRET-KEY-1'.length, -6).toLowerCase()]
    .map((digit) => 'qpzry9x8gf2tvdw0s3jn54khce6mua7l'.indexOf(digit).toString(2).padStart(5, '0'))
    .join('');
  const scalar = Buffer.from(
    BigInt(`0b${digits.slice(0, 256)}`)
      .toString(16)
      .padStart(64, '0'),
    'hex',
  );
  const derive = (info: string) => Buffer.from(hkdfSync('sha256', scalar, '', info, 32));
  const seed = alien ? Buffer.alloc(32, 7) : derive('twvault writer v1');
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]);
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  const jwk = key.export({ format: 'jwk' });
  const id = Buffer.from(jwk.x ?? '', 'base64url').toString('base64');
  const pin = createHmac('sha256', derive('twvault pin v1')).update(id).digest('base64');
  const signed = (body: string, prefix = PREFIX) =>
    `{"body":${body},"sig":"${sign(null, Buffer.from(prefix + body), key).toString('base64')}"}`;
  return { id, pin, signed };
}

const TIME = '2026-01-02T03:04:05Z';
const PROFILE = {
  profile: 'dev',
  generation: 1,
  created: TIME,
  updated: TIME,
  fields: {},
  extras: { EXTRA: { set: TIME, value: 'lone \ud800 and \udc00, \ud83d\udc26' } },
};

/** A document as the writer above makes it, with some members replaced. */
function documentOf(user: User, members: object = {}, profile: object = {}, alien = false): string {
  const { id, signed } = writerOf(user, alien);
  const inner = { ...PROFILE, ...profile };
  const body = { format: 'twvault-record-1', vault: about(user).vault, writer: id, profile: inner };
  return signed(canonical({ ...body, ...members }));
}

const pad = (json: string) => json + ' '.repeat(-Buffer.byteLength(json) & 4095);

describe.skipIf(python === undefined)('records made by a writer from docs/format.md', () => {
  it('are accepted by both readers', async () => {
    const user = withVault();
    const { id, pin } = writerOf(user);
    expect(about(user)).toMatchObject({ writer: id, pin });
    user.add('dev');
    await plant(user, 'dev', pad(documentOf(user)));
    expect(found(user, 'dev')).toEqual({ fields: {}, extras: { EXTRA: PROFILE.extras.EXTRA.value } });
    expect(user.must(['get', 'dev', 'EXTRA']).stdout).toBe('lone \ufffd and \ufffd, \ud83d\udc26\n');
  });

  const one = { set: TIME, value: 'one' };
  it.each<[string, string, (user: User) => string]>([
    [
      "another writer's signature",
      'the signature does not hold',
      (user) => documentOf(user, { writer: writerOf(user).id }, {}, true),
    ],
    ['another writer', 'another writer wrote the record', (user) => documentOf(user, {}, {}, true)],
    [
      'a changed body',
      'the signature does not hold',
      (user) => documentOf(user).replace('"generation":1', '"generation":2'),
    ],
    [
      'no prefix under the signature',
      'the signature does not hold',
      (user) => writerOf(user).signed(documentOf(user).slice(8, -98), ''),
    ],
    [
      'another format',
      'the record is of another format',
      (user) => documentOf(user, { format: 'twvault-record-2' }),
    ],
    [
      'another vault',
      'the record is of another vault',
      (user) => documentOf(user, { vault: about(withVault()).vault }),
    ],
    ['another name', 'the record is of another profile', (user) => documentOf(user, {}, { profile: 'prod' })],
    ['white space', 'the record is not canonical JSON', (user) => documentOf(user).replace(':', ': ')],
    ['a line feed after it', 'the record is not canonical JSON', (user) => `${documentOf(user)}\n`],
    [
      'keys in another order',
      'the record is not canonical JSON',
      (user) => documentOf(user).replace(/^\{("body":.*),("sig":.*)\}$/, '{$2,$1}'),
    ],
    [
      'a key twice',
      'the record is not canonical JSON',
      (user) => documentOf(user).replace('"generation":1', '"generation":1,"generation":1'),
    ],
    [
      'a needless escape',
      'the record is not canonical JSON',
      (user) => documentOf(user).replace('lone', '\\u006cone'),
    ],
    [
      'an escape in upper case',
      'the record is not canonical JSON',
      (user) => documentOf(user).replace('\\ud800', '\\uD800'),
    ],
    [
      'a number written otherwise',
      'the record is not canonical JSON',
      (user) => documentOf(user).replace('"generation":1,', '"generation":-0,'),
    ],
    ['a fraction', 'a number is no integer', (user) => documentOf(user, {}, { generation: 1.5 })],
    ['a large number', 'a number is no integer', (user) => documentOf(user, {}, { generation: 2 ** 53 })],
    [
      'generation 0',
      'the generation is no positive integer',
      (user) => documentOf(user, {}, { generation: 0 }),
    ],
    ['an unknown member', 'members are missing or unknown', (user) => documentOf(user, {}, { note: 'x' })],
    ['an unknown member outside', 'members are missing or unknown', (user) => documentOf(user, { note: 1 })],
    ['an unknown field', 'a field is unknown', (user) => documentOf(user, {}, { fields: { password: one } })],
    [
      'a variable that changes how programs are run',
      'an extra has a name that it may not have',
      (user) => documentOf(user, {}, { extras: { LD_PRELOAD: one } }),
    ],
    [
      'a value that is no text',
      'a value is malformed',
      (user) => documentOf(user, {}, { extras: { EXTRA: { set: TIME, value: 1 } } }),
    ],
    [
      'recipients out of order',
      'the recipients are malformed',
      (user) => documentOf(user, {}, { recipients: [`age1${'q'.repeat(58)}`, `age1${'p'.repeat(58)}`] }),
    ],
    ['no recipients', 'the recipients are malformed', (user) => documentOf(user, {}, { recipients: [] })],
    ['a malformed time', 'a time is malformed', (user) => documentOf(user, {}, { updated: 'yesterday' })],
    [
      'an account without an id',
      'members are missing or unknown',
      (user) => documentOf(user, {}, { account: {} }),
    ],
    [
      'a parent that is no name',
      "the parent's name is none",
      (user) => documentOf(user, {}, { inherit: '../x' }),
    ],
  ])('are refused by both readers with %s', async (_, reason, documentFor) => {
    const user = withVault();
    user.add('dev');
    await plant(user, 'dev', pad(documentFor(user)));
    expect(refusal(user, 'dev')).toBe(reason);
    const { status, stdout } = user.run(['get', 'dev', 'EXTRA']);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  });

  it('are refused by both readers where they inherit in a circle', async () => {
    const user = withVault();
    for (const [name, inherit] of [
      ['dev', 'prod'],
      ['prod', 'dev'],
    ] as const) {
      user.add(name);
      await plant(user, name, pad(documentOf(user, {}, { profile: name, inherit })));
    }
    expect(refusal(user, 'dev')).toBe('the profile inherits through too many others');
    expect(user.run(['get', 'dev', 'api_key']).status).toBe(1);
  });
});
