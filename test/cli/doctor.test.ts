import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Decrypter, Encrypter } from 'age-encryption';
import { describe, expect, it } from 'vitest';
import { seal } from '../../src/age/age.ts';
import { X25519Identity } from '../../src/age/x25519.ts';
import { User } from '../support/cli.ts';
import { generatedKeys, tutorialLines } from '../support/credentials.ts';

const findings = (user: User) =>
  JSON.parse(user.run(['doctor', '--json']).stdout) as Record<
    'status' | 'subject' | 'text' | 'hint',
    string
  >[];
const about = (user: User, subject: string) => findings(user).filter((each) => each.subject === subject);

/** The same content under the same passphrase, as a much older program might have sealed it. */
async function cheapened(sealed: Uint8Array, passphrase: string): Promise<Uint8Array> {
  const [opener, sealer] = [new Decrypter(), new Encrypter()];
  opener.addPassphrase(passphrase);
  sealer.setPassphrase(passphrase);
  sealer.setScryptWorkFactor(12);
  return sealer.encrypt(await opener.decrypt(sealed));
}

describe('doctor notes', () => {
  it.each(['Dropbox', 'OneDrive - Firm', 'Google Drive'])('a home in %s', (name) => {
    const user = new User();
    user.env = { ...user.env, TWVAULT_HOME: join(user.root, name, 'vault') };
    user.withFileVault();
    expect(about(user, 'place')).toMatchObject([
      { status: 'note', text: expect.stringContaining(`a synchronized folder, ${name}`) },
    ]);
  });

  it('a file with the identity that others can read', () => {
    const user = new User().withFileVault();
    const path = user.identityFile;
    const ok = { status: 'ok', text: 'at hand' };
    expect(about(user, 'identity')).toMatchObject([ok]);
    chmodSync(path, 0o640);
    expect(about(user, 'identity')).toMatchObject([
      { status: 'note', text: `${path} is 0640: others may open the vault`, hint: `chmod 600 ${path}` },
      ok,
    ]);
  });

  it('a home below the mark of Syncthing, and no other', () => {
    const user = new User().withFileVault();
    expect(about(user, 'place')).toEqual([]);
    mkdirSync(join(user.root, '.stfolder'));
    expect(about(user, 'place')).toMatchObject([{ text: expect.stringContaining(user.root) }]);
  });

  it('a passphrase that is cheap to guess, until passwd', async () => {
    const user = new User();
    const passphrase = 'long enough for us';
    user.env = { ...user.env, TWVAULT_PASSPHRASE: passphrase };
    user.must(['init', '--store', 'file', '--passphrase', '--low-memory']);
    expect(about(user, 'passphrase')).toEqual([]);
    const path = join(user.home, 'identity.age');
    writeFileSync(path, await cheapened(readFileSync(path), passphrase));
    expect(about(user, 'passphrase')).toMatchObject([{ status: 'note', hint: 'twvault passwd' }]);
    user.must(['passwd', '--low-memory', '--new-passphrase-file', '-'], { input: passphrase });
    expect(about(user, 'passphrase')).toEqual([]);
  });

  it('fingerprints that an earlier version made, until it mends them', () => {
    const user = new User().withFileVault();
    user.add('personal');
    expect(about(user, 'personal')).toHaveLength(1);
    const path = join(user.home, 'index/personal.json');
    const made = readFileSync(path, 'utf8');
    writeFileSync(path, made.replace(/\.token"/, '"'));
    expect(about(user, 'personal')).toMatchObject([
      { status: 'ok' },
      { status: 'note', text: 'a scan does not know all of its values', hint: 'twvault doctor --fix' },
    ]);
    user.must(['doctor', '--fix']);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(JSON.parse(made));
    expect(about(user, 'personal')).toHaveLength(1);
  });

  it('keys that lie open near by, and shows none', () => {
    const user = new User().withFileVault();
    const keys = generatedKeys();
    writeFileSync(
      join(user.root, 'work/my credentials.py'),
      tutorialLines(keys).replace(/=(.+)/g, " = '$1'"),
    );
    const { stdout, status } = user.run(['doctor']);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^note +plaintext: my credentials\.py holds keys in the open$/m);
    expect(stdout).toContain("-> twvault import 'my credentials.py' --scrub\n");
    for (const value of Object.values(keys)) expect(stdout).not.toContain(value);
    user.must(['import', 'my credentials.py', '--scrub', '--yes']);
    expect(about(user, 'plaintext')).toEqual([]);
  });
});

describe('doctor finds wrong', () => {
  it('a profile that the identity does not open, and goes on with the others', async () => {
    const user = new User().withFileVault();
    user.add('other');
    user.add('personal');
    const foreign = await seal(Buffer.from('{}'), [X25519Identity.generate().recipient()]);
    writeFileSync(join(user.home, 'profiles/other.age'), foreign, { mode: 0o600 });
    expect(about(user, 'other')).toMatchObject([
      { status: 'problem', text: expect.stringContaining('the identity at hand does not open') },
    ]);
    expect(about(user, 'personal')).toMatchObject([{ status: 'ok' }]);
  });

  it('a restore that was cut short', () => {
    const user = new User().withFileVault();
    const marker = { format: 'twvault-restore-1', file: '/b.age', sha256: 'a'.repeat(64), mode: 'add' };
    writeFileSync(join(user.home, 'restore.json'), JSON.stringify(marker), { mode: 0o600 });
    expect(about(user, 'unfinished')).toMatchObject([
      { status: 'problem', text: expect.stringContaining('a restore of /b.age was not finished') },
    ]);
  });
});

describe('doctor --fix', () => {
  it('mends what needs no key where the vault is locked, and says what is left', () => {
    const user = new User().withFileVault();
    user.add('personal');
    chmodSync(user.home, 0o755);
    const { status, stderr } = user.run(['doctor', '--fix'], { env: { TWVAULT_IDENTITY_FILE: '' } });
    expect(statSync(user.home).mode & 0o777).toBe(0o700);
    expect([status, stderr]).toEqual([0, expect.stringContaining('could not go on: the vault is locked')]);
  });
});
