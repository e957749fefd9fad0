import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Decrypter, Encrypter } from 'age-encryption';
import { describe, expect, it } from 'vitest';
import { encodeBech32 } from '../../src/age/bech32.ts';
import { canonical, type Json } from '../../src/profile/json.ts';
import { writerOf } from '../../src/unlock/writer.ts';
import { isLocked, strays } from '../faults/writers.ts';
import { python, reads } from '../reader/python.ts';
import { User } from '../support/cli.ts';
import { generatedKeys, tutorialLines } from '../support/credentials.ts';
import { ageOpens, configOf, Holder, hasAge, profilePath } from './holder.ts';

function setting() {
  const user = new User().withFileVault();
  const keys = user.add('personal');
  return { user, keys, colleague: new Holder(user, 'colleague') };
}

const recipients = (user: User, ...args: string[]) => user.run(['recipients', ...args]);

describe.skipIf(!hasAge)('recipients add', () => {
  it('has a key open chosen profiles, from now on and after later writes, and no others', () => {
    const { user, keys, colleague } = setting();
    user.add('other');
    expect(ageOpens(colleague.file, profilePath(user))).toBeNull();
    const { status, stderr } = recipients(user, 'add', colleague.recipient, 'personal');
    expect([status, stderr]).toEqual([0, expect.stringContaining('personal is sealed to age1')]);
    expect(ageOpens(colleague.file, profilePath(user))).toContain(keys.api_secret);
    user.must(['set', 'personal', 'EXTRA'], { input: 'written later' });
    expect(ageOpens(colleague.file, profilePath(user))).toContain('written later');
    expect(ageOpens(user.identityFile, profilePath(user))).toContain('written later');
    expect(ageOpens(colleague.file, profilePath(user, 'other'))).toBeNull();
    user.add('third');
    expect(ageOpens(colleague.file, profilePath(user, 'third'))).toBeNull();
    expect(user.must(['get', 'personal', 'EXTRA']).stdout).toBe('written later\n');
    if (python) expect(reads(user, 'personal')).toMatchObject({ status: 0, stderr: '' });
  });

  it('--all is for new profiles too, and for copies and replacements', () => {
    const { user, colleague } = setting();
    expect(recipients(user, 'add', colleague.recipient, '--all').status).toBe(0);
    user.add('brand');
    user.must(['copy', 'brand', 'second']);
    user.add('personal', generatedKeys(), '--replace');
    for (const name of ['personal', 'brand', 'second'])
      expect(ageOpens(colleague.file, profilePath(user, name))).toContain(`"profile":"${name}"`);
    expect(configOf(user).recipients).toEqual([colleague.recipient]);
  });

  it('a restore brings no removed recipient back, and seals new profiles to the standing ones', () => {
    const { user, colleague } = setting();
    const recovery = new Holder(user, 'recovery');
    const path = join(user.root, 'backup.age');
    recipients(user, 'add', colleague.recipient, '--all');
    user.must(['backup', path, '--recipient', recovery.recipient]);
    expect(ageOpens(recovery.file, path)).not.toContain(colleague.recipient);
    recipients(user, 'remove', colleague.recipient, '--all');
    recipients(user, 'add', recovery.recipient, '--all');
    const restore = () => user.must(['restore', path, '--replace', '--identity', recovery.file]);
    user.must(['set', 'personal', 'EXTRA'], { input: 'written later' });
    restore();
    expect(ageOpens(recovery.file, profilePath(user))).not.toContain('written later');
    expect(ageOpens(colleague.file, profilePath(user))).toBeNull();
    user.must(['remove', 'personal', '--yes']);
    restore();
    expect(ageOpens(recovery.file, profilePath(user))).toContain('"profile":"personal"');
    expect(ageOpens(colleague.file, profilePath(user))).toBeNull();
  });

  it('says again what is so already, and writes nothing', () => {
    const { user, colleague } = setting();
    recipients(user, 'add', colleague.recipient, 'personal');
    const before = readFileSync(profilePath(user));
    const { status, stderr } = recipients(user, 'add', colleague.recipient, 'personal');
    expect([status, stderr]).toEqual([0, expect.stringContaining('personal was sealed to it already')]);
    expect(readFileSync(profilePath(user)).equals(before)).toBe(true);
  });

  it('names the parents that the key does not open', () => {
    const { user, colleague } = setting();
    user.must(['add', 'brand', '--stdin', '--inherit', 'personal'], {
      input: 'ACCESS_TOKEN=12-abcdefghijklmnopqrstuvwxyz\n',
    });
    const { stderr } = recipients(user, 'add', colleague.recipient, 'brand');
    expect(stderr).toContain('hint: brand takes values from personal, which it does not open');
    expect(recipients(user, 'add', colleague.recipient, 'brand', 'personal').stderr).not.toContain(
      'takes values',
    );
  });

  it('loses nothing where several are added at once', async () => {
    const { user } = setting();
    const others = ['a', 'b', 'c'].map((name) => new Holder(user, name));
    const results = await Promise.all(
      others.map(({ recipient }) => user.start(['recipients', 'add', recipient, 'personal'])),
    );
    expect(results.map(({ status }) => status)).toEqual([0, 0, 0]);
    for (const { file } of others) expect(ageOpens(file, profilePath(user))).toContain('api_key');
    expect([strays(user), isLocked(user)]).toEqual([[], false]);
  });
});

describe('a recipient that is none', () => {
  it.each([
    [
      'mistyped',
      (key: string) => key.replace(/.$/, (end) => (end === 'q' ? 'p' : 'q')),
      /is no age recipient/,
    ],
    [
      'of another kind',
      () => 'age1yubikey1qwt50d05nh5vutpdzmlg5wn80xq5negm4uj9ghv0snvdd3yysf5yw3rhl3t',
      /no age rec/,
    ],
    ['a point that nobody holds', () => encodeBech32('age', new Uint8Array(32)), /is no age recipient/],
    ['a profile', () => 'personal', /is no age recipient/],
  ])('%s is refused', (_, text, message) => {
    const { user, colleague } = setting();
    const { status, stderr } = recipients(user, 'add', text(colleague.recipient), 'personal');
    expect([status, stderr.split('\n')[0]]).toEqual([2, expect.stringMatching(message)]);
  });

  it('a secret key is refused without being repeated', () => {
    const { user, colleague } = setting();
    const { status, stderr } = recipients(user, 'add', colleague.identity.encode(), 'personal');
    expect([status, stderr]).toEqual([
      2,
      expect.stringMatching(/secret key, and secrets are never arguments/),
    ]);
    expect(stderr).not.toContain(colleague.identity.encode().slice(-20));
  });

  it('the owner is neither added nor removed', () => {
    const { user } = setting();
    const { recipient } = configOf(user);
    expect(recipients(user, 'add', recipient, '--all')).toMatchObject({ status: 2 });
    const { status, stderr } = recipients(user, 'remove', recipient, '--all');
    expect([status, stderr]).toEqual([2, expect.stringMatching(/owner .* cannot be removed: twvault rekey/)]);
    expect(user.must(['get', 'personal', 'api_key']).stdout).not.toBe('');
  });

  it('says what is missing: profiles, a recipient, a profile that is not there', () => {
    const { user, colleague } = setting();
    expect(recipients(user, 'add', colleague.recipient)).toMatchObject({ status: 2 });
    expect(recipients(user, 'add', '--all')).toMatchObject({ status: 2 });
    expect(recipients(user, 'add', colleague.recipient, 'nobody')).toMatchObject({ status: 4 });
    expect(recipients(user, 'add', colleague.recipient, 'personal', '--all')).toMatchObject({ status: 2 });
    expect(recipients(user, 'remove', colleague.recipient, 'personal')).toMatchObject({ status: 4 });
    expect(recipients(user, 'remove', colleague.recipient, '--all')).toMatchObject({ status: 4 });
  });

  it('the keychain store has none', () => {
    const user = new User();
    mkdirSync(user.home, { mode: 0o700 });
    const config = { format: 'twvault-vault-1', vault: 'v', store: 'keychain', service: 'twvault:test' };
    writeFileSync(join(user.home, 'vault.json'), JSON.stringify(config), { mode: 0o600 });
    for (const args of [['list'], ['add', new Holder(user, 'a').recipient, '--all']]) {
      const { status, stderr } = recipients(user, ...args);
      expect([status, stderr]).toEqual([
        2,
        expect.stringMatching(/^twvault: profiles in the keychain have no rec/),
      ]);
    }
  });
});

describe.skipIf(!hasAge)('recipients remove', () => {
  it('seals again without the key, which still opens old copies, and says so', () => {
    const { user, colleague } = setting();
    recipients(user, 'add', colleague.recipient, '--all');
    user.add('brand');
    const copy = join(user.root, 'copy.age');
    copyFileSync(profilePath(user), copy);
    const one = recipients(user, 'remove', colleague.recipient, 'personal');
    expect([one.status, one.stderr]).toEqual([0, expect.stringContaining('new profiles will still be')]);
    expect(one.stderr).toMatch(/may have kept the keys.*\n.*renew the keys at X/);
    expect(ageOpens(colleague.file, profilePath(user))).toBeNull();
    expect(ageOpens(colleague.file, profilePath(user, 'brand'))).not.toBeNull();
    expect(ageOpens(colleague.file, copy)).toContain('api_key');

    expect(recipients(user, 'remove', colleague.recipient, '--all').status).toBe(0);
    user.add('third');
    for (const name of ['personal', 'brand', 'third'])
      expect(ageOpens(colleague.file, profilePath(user, name))).toBeNull();
    expect(Object.keys(configOf(user))).not.toContain('recipients');
    expect(Object.keys(configOf(user))).not.toContain('recipientsSig');

    copyFileSync(copy, profilePath(user));
    expect(user.run(['get', 'personal', 'api_key']).stderr).toContain('is older than what was last written');
  });
});

describe('recipients list', () => {
  it('says who opens what, without opening anything', () => {
    const { user, colleague } = setting();
    const recovery = new Holder(user, 'recovery');
    recipients(user, 'add', recovery.recipient, '--all');
    recipients(user, 'add', colleague.recipient, 'personal');
    user.add('brand');
    const locked = { ...user.env, TWVAULT_IDENTITY_FILE: undefined };
    const json = JSON.parse(user.must(['recipients', 'list', '--json'], { env: locked }).stdout);
    const both = [colleague.recipient, recovery.recipient].sort();
    expect(json).toEqual({
      owner: configOf(user).recipient,
      standing: [recovery.recipient],
      profiles: { personal: both, brand: [recovery.recipient] },
    });
    const text = user.must(['recipients', 'list'], { env: locked }).stdout;
    expect(text).toMatch(new RegExp(`^${recovery.recipient} +brand personal \\(every new profile\\)$`, 'm'));
    expect(text).toMatch(new RegExp(`^${colleague.recipient} +personal$`, 'm'));
    expect(user.must(['show', 'personal'], { env: locked }).stdout).toContain(colleague.recipient);
    expect(JSON.parse(user.must(['show', 'brand', '--json'], { env: locked }).stdout).recipients).toEqual([
      recovery.recipient,
    ]);
    expect(user.must(['doctor', '--fix']).stdout).toContain('personal: opens');
    expect(JSON.parse(user.must(['recipients', 'list', '--json']).stdout)).toEqual(json);
  });
});

describe('who can write to the folder, and is no owner,', () => {
  type Record_ = {
    body: { profile: { fields: Record<string, { value: string }> }; writer: string };
    sig: string;
  };

  /** The record of a profile, as a recipient reads it. */
  async function readBy({ identity }: Holder, user: User): Promise<Record_> {
    const decrypter = new Decrypter();
    decrypter.addIdentity(identity.encode());
    return JSON.parse(await decrypter.decrypt(readFileSync(profilePath(user)), 'text'));
  }

  async function plant(user: User, record: object, ...to: string[]): Promise<void> {
    const encrypter = new Encrypter();
    for (const recipient of to) encrypter.addRecipient(recipient);
    const text = canonical(record as unknown as Json);
    writeFileSync(profilePath(user), await encrypter.encrypt(text), { mode: 0o600 });
    rmSync(join(user.home, 'index', 'personal.json'), { force: true });
  }

  it('a recipient reads, and what it writes is refused', async () => {
    const { user, keys, colleague } = setting();
    recipients(user, 'add', colleague.recipient, 'personal');
    const record = await readBy(colleague, user);
    expect(record.body.profile.fields.api_key?.value).toBe(keys.api_key);
    const owner = configOf(user).recipient;
    const writer = writerOf(colleague.identity);
    const forged = structuredClone(record);
    Object.assign(forged.body.profile.fields.api_key ?? {}, { value: 'of the colleague' });
    const sign = async (body: object) =>
      writer.sign(Buffer.from(`twvault record v1\n${canonical(body as unknown as Json)}`));
    const own = { ...forged.body, writer: writer.id };
    for (const planted of [
      forged,
      { body: forged.body, sig: await sign(forged.body) },
      { body: own, sig: await sign(own) },
    ]) {
      await plant(user, planted, owner, colleague.recipient);
      const { status, stdout, stderr } = user.run(['get', 'personal', 'api_key']);
      expect([status, stdout, stderr]).toEqual([1, '', expect.stringMatching(/its signature does not hold/)]);
      user.run(['doctor', '--fix']);
      expect(user.run(['get', 'personal', 'api_key']).stdout).toBe('');
    }
    await plant(user, record, owner, colleague.recipient);
    expect(user.must(['get', 'personal', 'api_key']).stdout).toBe(`${keys.api_key}\n`);
  });

  it('cannot make a key of theirs a standing recipient', () => {
    const { user, colleague } = setting();
    const other = new Holder(user, 'other');
    recipients(user, 'add', colleague.recipient, '--all');
    const good = configOf(user);
    const [first, second] = [colleague.recipient, other.recipient].sort();
    const foreign = new User().withFileVault();
    recipients(foreign, 'add', other.recipient, '--all');
    for (const altered of [
      { recipients: [first, second] },
      { recipients: [other.recipient] },
      { recipients: [other.recipient], recipientsSig: undefined },
      { recipients: [other.recipient], recipientsSig: configOf(foreign).recipientsSig },
    ]) {
      writeFileSync(join(user.home, 'vault.json'), JSON.stringify({ ...good, ...altered }));
      const { status, stderr } = user.run(['add', 'brand', '--stdin'], {
        input: tutorialLines(generatedKeys()),
      });
      expect([status, stderr]).toEqual([1, expect.stringMatching(/were not chosen by its owner/)]);
      expect(user.must(['get', 'personal', 'api_key']).stdout).not.toBe('');
    }
    writeFileSync(join(user.home, 'vault.json'), JSON.stringify(good));
    user.add('brand');
  });
});
