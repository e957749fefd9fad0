import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scryptWorkFactor } from '../../src/age/scrypt.ts';
import { Secret } from '../../src/profile/secret.ts';
import { openWithPassphrase } from '../../src/unlock/sealed-identity.ts';
import { isLocked, strays } from '../faults/writers.ts';
import { User } from '../support/cli.ts';
import { profilePath } from './holder.ts';

const OLD = 'the old passphrase';
const NEW = 'a new passphrase, with é';

const identityFile = (user: User) => join(user.home, 'identity.age');
const opens = (user: User, passphrase: string) =>
  user.run(['get', 'personal', 'api_key'], { env: { TWVAULT_PASSPHRASE: passphrase } }).status;

function setting(...options: string[]): User {
  const user = new User();
  user.env = { ...user.env, TWVAULT_PASSPHRASE: OLD };
  user.must(['init', '--store', 'file', '--passphrase', ...options]);
  user.add('personal');
  return user;
}

describe('passwd', { timeout: 120_000 }, () => {
  it('changes the passphrase and nothing else; a copy made before opens with the old one', async () => {
    const user = setting();
    const copy = join(user.root, 'copy.age');
    copyFileSync(identityFile(user), copy);
    const profile = readFileSync(profilePath(user));
    const { stderr } = user.must(['passwd', '--new-passphrase-file', '-'], { input: `${NEW}\nmore\n` });
    expect(stderr).toMatch(/copies of identity\.age.* still open with the old one/);
    expect(stderr).toContain('twvault rekey makes those copies worthless');
    expect(opens(user, OLD)).toBe(3);
    expect(opens(user, NEW)).toBe(0);
    expect(readFileSync(profilePath(user)).equals(profile)).toBe(true);
    const [then] = await openWithPassphrase(readFileSync(copy), new Secret(OLD), copy);
    const [now] = await openWithPassphrase(readFileSync(identityFile(user)), new Secret(NEW), copy);
    expect(then.encode()).toBe(now.encode());
    expect([strays(user), isLocked(user)]).toEqual([[], false]);
  });

  it('raises a cost that is too low by now, and lowers it on request', () => {
    const user = setting('--low-memory');
    const cost = () => scryptWorkFactor(readFileSync(identityFile(user)));
    const file = join(user.root, 'new.txt');
    writeFileSync(file, `${OLD}\n`);
    expect(cost()).toBe(17);
    user.must(['passwd', '--new-passphrase-file', file]);
    expect(cost()).toBe(18);
    user.must(['passwd', '--new-passphrase-file', file, '--low-memory']);
    expect(cost()).toBe(17);
    expect(opens(user, OLD)).toBe(0);
  });

  it('changes nothing with a wrong passphrase, without a new one, or where there is none at all', () => {
    const user = setting('--low-memory');
    const before = readFileSync(identityFile(user));
    const wrong = user.run(['passwd', '--new-passphrase-file', '-'], {
      input: NEW,
      env: { TWVAULT_PASSPHRASE: 'another passphrase' },
    });
    expect([wrong.status, wrong.stderr]).toEqual([3, 'twvault: wrong passphrase\n']);
    const empty = user.run(['passwd', '--new-passphrase-file', '-'], { input: '\n' });
    expect([empty.status, empty.stderr]).toEqual([2, expect.stringMatching(/the new passphrase is empty/)]);
    const none = user.run(['passwd']);
    expect([none.status, none.stderr]).toEqual([3, expect.stringMatching(/hint: .*--new-passphrase-file -/)]);
    const unknown = user.run(['passwd', '--new-passphrase-file', '-'], {
      input: NEW,
      env: { TWVAULT_PASSPHRASE: undefined },
    });
    expect([unknown.status, unknown.stderr]).toEqual([
      3,
      expect.stringMatching(/set TWVAULT_PASSPHRASE_FILE/),
    ]);
    expect(readFileSync(identityFile(user)).equals(before)).toBe(true);
  });

  it('says what to do where the vault has no passphrase', () => {
    const user = new User().withFileVault();
    const { status, stderr } = user.run(['passwd']);
    expect([status, stderr]).toEqual([1, expect.stringMatching(/no passphrase: whoever has the file/)]);
    expect(stderr).toContain('hint: twvault rekey --identity-out FILE');
    expect(new User().run(['passwd'])).toMatchObject({ status: 4 });
  });
});
