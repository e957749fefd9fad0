import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type Result, User } from '../support/cli.ts';

const profile = (user: User, name = 'personal') => join(user.home, 'profiles', `${name}.age`);
const set = (user: User, value: string) => user.must(['set', 'personal', 'TOKEN'], { input: value });
const get = (user: User) => user.run(['get', 'personal', 'TOKEN']);

function expectOlder({ status, stdout, stderr }: Result, code = 1): void {
  expect(stderr).toMatch(/^twvault: personal is older than what was last written/);
  expect(stderr).toMatch(/^twvault: hint: .*doctor --fix$/m);
  expect({ status, stdout }).toEqual({ status: code, stdout: '' });
}

it('an older file put back is refused by every command that opens it, and accepted by doctor --fix', () => {
  const user = new User().withFileVault();
  user.add('personal');
  set(user, 'old');
  const older = readFileSync(profile(user));
  set(user, 'new');
  writeFileSync(profile(user), older);
  expectOlder(get(user));
  expectOlder(user.run(['set', 'personal', 'TOKEN'], { input: 'newer' }));
  expectOlder(user.run(['exec', '-p', 'personal', '--', process.execPath, '-p', 'process.env.TOKEN']), 125);
  expectOlder(user.run(['rename', 'personal', 'main']));
  expectOlder(user.run(['copy', 'personal', 'main']));
  expect(readFileSync(profile(user)).equals(older)).toBe(true);
  user.run(['doctor', '--fix']);
  expect(get(user).stdout).toBe('old\n');
  set(user, 'newer');
  expect(get(user).stdout).toBe('newer\n');
});

it('the file of a removed profile does not pass for the one made anew under its name', () => {
  const user = new User().withFileVault();
  user.add('personal');
  set(user, 'old');
  copyFileSync(profile(user), join(user.root, 'kept.age'));
  user.must(['remove', 'personal', '--yes']);
  user.add('personal');
  set(user, 'new');
  copyFileSync(join(user.root, 'kept.age'), profile(user));
  expectOlder(get(user));
});

it('the current file put back is taken', () => {
  const user = new User().withFileVault();
  user.add('personal');
  set(user, 'new');
  const bytes = readFileSync(profile(user));
  rmSync(profile(user));
  const { status, stderr } = get(user);
  expect(status).toBe(1);
  expect(stderr).toContain(`twvault: ${profile(user)} is missing`);
  writeFileSync(profile(user), bytes, { mode: 0o600 });
  expect(get(user).stdout).toBe('new\n');
});
