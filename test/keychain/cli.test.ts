import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BINARY, RUNNER, TWVAULT, type User } from '../support/cli.ts';
import { generatedKeys, sentinel, tutorialLines } from '../support/credentials.ts';
import { filesOf, outcome, PRINT_KEY, userOf } from './login.ts';
import { hasSecretService, sharedService } from './secret-service.ts';

const config = (user: User) => JSON.parse(readFileSync(join(user.home, 'vault.json'), 'utf8'));

describe.skipIf(!hasSecretService)('with an unlocked keychain', () => {
  const service = sharedService();

  it('the first add chooses it by itself, and no file holds a value', () => {
    const user = userOf(service());
    const keys = generatedKeys();
    const { stderr } = user.must(['add', 'personal', '--stdin'], { input: tutorialLines(keys) });
    expect(stderr).toContain("profiles are kept in the operating system's keychain");
    expect(user.must(PRINT_KEY).stdout).toBe(`${keys.api_key}\n`);
    const files = Object.values(filesOf(user.home)).join('\n');
    expect(files).toContain('api_key');
    for (const value of Object.values(keys)) {
      expect(files).not.toContain(value);
      expect(files).not.toContain(Buffer.from(value).toString('base64').slice(4, 24));
    }
  });

  it('every command works on it', () => {
    const user = userOf(service());
    const keys = user.add('personal');
    const token = sentinel();
    user.must(['set', 'personal', 'OPENAI_API_KEY'], { input: token });
    expect(user.must(['get', 'personal', 'OPENAI_API_KEY']).stdout).toContain(token);
    expect(user.must(['show', 'personal']).stdout).toMatch(/store +keychain/);
    user.must(['rename', 'personal', 'main']);
    user.must(['copy', 'main', 'second']);
    user.must(['unset', 'second', 'OPENAI_API_KEY']);
    expect(user.run(['get', 'second', 'OPENAI_API_KEY']).status).toBe(4);
    expect(user.must(['get', 'second', 'api_key']).stdout).toContain(keys.api_key);
    user.must(['remove', 'main', '--yes']);
    expect(user.run(['get', 'main', 'api_key']).status).toBe(4);
    expect(JSON.parse(user.must(['list', '--json']).stdout)).toHaveLength(1);
    const { stdout } = user.must(['doctor']);
    expect(stdout).toMatch(/^ok +keychain: answers$/m);
    expect(stdout).toMatch(/^ok +second: opens; 4 fields, 0 extras$/m);
  });

  it('a removed profile and a probe leave no item', () => {
    const user = userOf(service());
    user.add('personal');
    const { service: name } = config(user);
    expect(service().keytar('getPassword', name, 'personal')).toMatch(/^[\w+/=]+$/);
    user.must(['remove', 'personal', '--yes']);
    expect(service().keytar('getPassword', name, 'personal')).toBeNull();
    expect(user.must(['doctor']).stdout).toContain('keychain: answers');
    expect(service().keytar('findCredentials', name)).toEqual([]);
    const accounts = (service().keytar('findCredentials', 'twvault') as { account: string }[]).map(
      (item) => item.account,
    );
    expect(accounts.filter((account) => !account.startsWith('identity:'))).toEqual([]);
  });

  it('two homes do not share items', () => {
    const [one, other] = [userOf(service()), userOf(service())];
    const keys = [one.add('personal'), other.add('personal')];
    expect([one, other].map((user) => user.must(PRINT_KEY).stdout)).toEqual(
      keys.map(({ api_key }) => `${api_key}\n`),
    );
    one.must(['remove', 'personal', '--yes']);
    expect(other.must(PRINT_KEY).stdout).toBe(`${keys[1]?.api_key}\n`);
  });

  it('it can keep the identity of encrypted files', () => {
    const user = userOf(service());
    const { stderr } = user.must(['init', '--store', 'file', '--identity-in-keychain']);
    expect(stderr).toContain("their identity is in the operating system's keychain");
    const keys = user.add('personal');
    expect(readdirSync(join(user.home, 'profiles'))).toEqual(['personal.age']);
    expect(JSON.stringify(filesOf(user.home))).not.toContain('AGE-SECRET-KEY');
    expect(user.must(PRINT_KEY).stdout).toBe(`${keys.api_key}\n`);
  });

  it('an item that was lost is said to be lost, and can be forgotten', () => {
    const user = userOf(service());
    user.add('personal');
    const { service: name } = config(user);
    expect(service().keytar('deletePassword', name, 'personal')).toBe(true);
    const lost = 'the keychain no longer has the item twvault/personal';
    expect(outcome(user.run(['get', 'personal', 'api_key']))).toEqual([3, lost]);
    expect(outcome(user.run(PRINT_KEY))).toEqual([125, lost]);
    expect(outcome(user.run(['set', 'personal', 'bearer_token'], { input: sentinel() }))).toEqual([3, lost]);
    expect(service().keytar('getPassword', name, 'personal')).toBeNull();
    user.must(['remove', 'personal', '--yes']);
    user.add('personal');
  });

  it('an identity that was lost is said to be lost, and no other takes its place', () => {
    const user = userOf(service());
    user.must(['init', '--store', 'file', '--identity-in-keychain']);
    user.add('personal');
    const { vault } = config(user);
    expect(service().keytar('deletePassword', 'twvault', `identity:${vault}`)).toBe(true);
    const lost = "the keychain no longer has the vault's identity";
    expect(outcome(user.run(PRINT_KEY))).toEqual([125, lost]);
    const added = user.run(['add', 'other', '--stdin'], { input: tutorialLines(generatedKeys()) });
    expect(outcome(added)).toEqual([3, lost]);
    expect(service().keytar('getPassword', 'twvault', `identity:${vault}`)).toBeNull();
  });

  it('an item of another profile is refused', () => {
    const user = userOf(service());
    user.add('personal');
    user.add('brand');
    const { service: name } = config(user);
    const item = service().keytar('getPassword', name, 'personal') as string;
    service().keytar('setPassword', name, 'brand', item);
    const result = user.run(['get', 'brand', 'api_key']);
    expect(outcome(result)).toEqual([
      1,
      'the keychain item twvault/brand is refused: it holds the profile personal, not brand',
    ]);
  });

  it.skipIf(!(BINARY || 'execve' in process))(
    'exec becomes the command, and leaves it no way to the keychain',
    () => {
      const user = userOf(service());
      user.add('personal');
      const args = [TWVAULT, 'exec', '--', 'sh', '-c', 'echo $$; ls -l /proc/self/fd'];
      const { stdout } = spawnSync('sh', ['-c', 'echo $$; exec "$0" "$@"', RUNNER, ...args], {
        env: user.env as NodeJS.ProcessEnv,
        encoding: 'utf8',
      });
      const [before, after, ...descriptors] = stdout.split('\n');
      expect(after).toBe(before);
      // Standard input and outputs are pipes or sockets of the test itself.
      expect(descriptors.filter((line) => / ([3-9]|\d\d+) -> (socket|anon_inode)/.test(line))).toEqual([]);
    },
  );
});
