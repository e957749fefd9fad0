import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { User } from '../support/cli.ts';
import { ageOpens, configOf, hasAge, keysIn, profilePath } from './holder.ts';

function setting() {
  const user = new User();
  const recovery = join(user.root, 'recovery.txt');
  const args = ['init', '--store', 'file', '--identity-out', user.identityFile, '--recovery-out', recovery];
  const { stderr } = user.must(args);
  user.env = { ...user.env, TWVAULT_IDENTITY_FILE: user.identityFile };
  return { user, recovery, stderr };
}

describe('a recovery key', () => {
  it('is in the file that was named and nowhere else', () => {
    const { user, recovery, stderr } = setting();
    const [key = ''] = keysIn(readFileSync(recovery, 'utf8'));
    expect(key).not.toBe('');
    expect(statSync(recovery).mode & 0o777).toBe(0o600);
    expect(stderr).not.toContain(key);
    expect(readFileSync(join(user.home, 'vault.json'), 'utf8')).not.toContain(key);
    expect(configOf(user).recipients).toHaveLength(1);
  });

  it.skipIf(!hasAge)('brings profiles, extras and all, into a new vault when all else is lost', () => {
    const { user, recovery } = setting();
    const keys = user.add('app');
    user.must(['add', 'brand', '--stdin', '--inherit', 'app'], {
      input: 'ACCESS_TOKEN=12-abcdefghijklmnopqrstuvwxyz\n',
    });
    user.must(['set', 'brand', 'OPENAI_API_KEY'], { input: 'made up' });
    const fresh = new User().withFileVault();
    for (const name of ['app', 'brand']) {
      const printed = ageOpens(recovery, profilePath(user, name)) ?? '';
      const { stderr } = fresh.must(['add', name, '--stdin'], { input: printed });
      expect(stderr).toContain(`from the record of ${name}`);
    }
    const { stdout } = fresh.must(['exec', '-p', 'brand', '--', 'env']);
    expect(stdout).toContain(`TWITTER_API_KEY=${keys.api_key}\n`);
    expect(stdout).toContain('TWITTER_ACCESS_TOKEN=12-abcdefghijklmnopqrstuvwxyz\n');
    expect(stdout).toContain('OPENAI_API_KEY=made up\n');
    expect(JSON.parse(fresh.must(['show', 'brand', '--json']).stdout)).toMatchObject({
      recipients: [],
      account: { id: '12' },
    });
    const printed = ageOpens(recovery, profilePath(user, 'app')) ?? '';
    const cut = fresh.run(['add', 'cut', '--stdin'], { input: printed.trimEnd().slice(0, -3) });
    expect([cut.status, cut.stderr]).toEqual([2, expect.stringMatching(/no whole record of a profile/)]);
  });

  it('does not open the vault itself, and says how it is used', () => {
    const { user, recovery } = setting();
    user.add('personal');
    const { status, stderr } = user.run(['get', 'personal', 'api_key'], {
      env: { TWVAULT_IDENTITY_FILE: recovery },
    });
    expect([status, stderr]).toEqual([
      3,
      expect.stringMatching(/^twvault: this identity is a further recipient/),
    ]);
    expect(stderr).toContain('hint: read them with age: age -d -i KEYFILE profiles/NAME.age');
  });

  it.skipIf(!hasAge)('can be made later, for one profile or all', () => {
    const user = new User().withFileVault();
    user.add('personal');
    user.add('other');
    const file = join(user.root, 'late.txt');
    expect(user.run(['recipients', 'add', '--recovery', 'personal'])).toMatchObject({ status: 2 });
    user.must(['recipients', 'add', '--recovery-out', file, 'personal']);
    expect(ageOpens(file, profilePath(user))).toContain('api_key');
    expect(ageOpens(file, profilePath(user, 'other'))).toBeNull();
    const again = user.run(['recipients', 'add', '--recovery-out', file, '--all']);
    expect([again.status, again.stderr]).toEqual([1, expect.stringMatching(/late\.txt exists already/)]);
  });

  it('belongs to encrypted files, and needs a terminal or a file', () => {
    const user = new User();
    expect(
      user.run(['init', '--store', 'file', '--identity-out', user.identityFile, '--recovery']),
    ).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/no terminal to show the recovery key on\n.*--recovery-out FILE/),
    });
    expect(existsSync(join(user.home, 'vault.json'))).toBe(false);
  });
});
