import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { RUNNER, TWVAULT, User } from '../support/cli.ts';
import { Terminal } from '../terminal/pty.ts';

const PASSPHRASE = 'a made-up passphrase for tests';

function userWithIdentity(): User {
  const user = new User().withFileVault();
  user.add('personal');
  user.env = { ...user.env, TWVAULT_IDENTITY_FILE: undefined };
  return user;
}

function userWithPassphrase(): User {
  const user = new User();
  const env = { TWVAULT_PASSPHRASE: PASSPHRASE };
  user.must(['init', '--store', 'file', '--passphrase', '--low-memory'], { env });
  user.must(['add', 'personal', '--stdin'], { env, input: 'API_KEY=k1Kk1Kk1Kk1Kk1Kk1Kk1Kk1K1\n' });
  return user;
}

/** A folder of credentials, as systemd would set it up. */
function credentials(user: User, name: string, text: string): string {
  const folder = join(user.root, 'credentials');
  mkdirSync(folder);
  writeFileSync(join(folder, name), text, { mode: 0o400 });
  return folder;
}

/** Runs a line of sh in which "$@" is twvault. */
function shell(user: User, line: string, env: Record<string, string> = {}) {
  const words = ['-c', line, 'sh', RUNNER, TWVAULT];
  return spawnSync('sh', words, {
    env: { ...user.env, ...env } as NodeJS.ProcessEnv,
    cwd: user.root,
    input: '',
    encoding: 'utf8',
    timeout: 20_000,
  });
}

const api = ['get', 'personal', 'api_key'];

describe('an identity for where nobody is asked', () => {
  it('comes from a variable, a file or a systemd credential', () => {
    const user = userWithIdentity();
    const text = readFileSync(user.identityFile, 'utf8');
    user.must(api, { env: { TWVAULT_IDENTITY: text } });
    user.must(api, { env: { TWVAULT_IDENTITY_FILE: user.identityFile } });
    user.must(api, { env: { CREDENTIALS_DIRECTORY: credentials(user, 'twvault-identity', text) } });
  });

  it.each([
    ['TWVAULT_IDENTITY_FD=3 "$@" get personal api_key 3<identity.txt'],
    ['TWVAULT_IDENTITY_FILE=/dev/fd/3 "$@" get personal api_key 3<identity.txt'],
    ['cat identity.txt | TWVAULT_IDENTITY_FD=0 "$@" get personal api_key'],
    ['cat identity.txt | { TWVAULT_IDENTITY_FD=5 "$@" get personal api_key 5<&0 </dev/null; }'],
    ['cat identity.txt | TWVAULT_IDENTITY_FILE=/dev/stdin "$@" get personal api_key'],
  ])('comes from a descriptor: %s', (line) => {
    const { status, stderr } = shell(userWithIdentity(), line);
    expect([status, stderr]).toEqual([0, '']);
  });

  it('goes no further than twvault: neither a variable nor the descriptor reaches the child', () => {
    const user = userWithIdentity();
    // 200 is above the numbers that Node keeps from its children by itself.
    const script = 'for fd in 3 200; do test -e /proc/self/fd/$fd && echo "open: $fd"; done; env';
    for (const fd of [3, 200]) {
      const line = `exec ${fd}<identity.txt; TWVAULT_IDENTITY_FD=${fd} TWVAULT_PASSPHRASE_FD=9 "$@" exec -- sh -c '${script}'`;
      const { status, stdout } = spawnSync('bash', ['-c', line, 'bash', RUNNER, TWVAULT], {
        env: user.env as NodeJS.ProcessEnv,
        cwd: user.root,
        encoding: 'utf8',
      });
      expect(status).toBe(0);
      expect(stdout).toContain('TWITTER_API_KEY=');
      expect(stdout).not.toMatch(/open: \d|TWVAULT_(IDENTITY|PASSPHRASE)/);
    }
  });

  it.each([
    ['TWVAULT_IDENTITY_FD=3', /descriptor 3 \(TWVAULT_IDENTITY_FD\) is not open/],
    ['TWVAULT_IDENTITY_FD=5', /is not open/],
    ['TWVAULT_IDENTITY_FD=40', /is not open/],
    ['TWVAULT_IDENTITY_FD=1', /is an output/],
    ['TWVAULT_IDENTITY_FD=three', /is not the number of a descriptor/],
    ['TWVAULT_IDENTITY_FILE=/dev/fd/4', /\/dev\/fd\/4 is not open/],
    [
      'TWVAULT_IDENTITY_FILE=/no/such/file',
      /^twvault: cannot read the file that TWVAULT_IDENTITY_FILE names: no such file or directory\ntwvault: hint: TWVAULT_IDENTITY_FILE holds a path; the identity itself belongs in TWVAULT_IDENTITY\n$/,
    ],
    ['TWVAULT_IDENTITY_FD=0', /descriptor 0 .* is not an age identity/],
  ])('is asked for with exit code 3 where it is not there: %s', (assignment, message) => {
    const { status, stdout, stderr } = shell(userWithIdentity(), `${assignment} "$@" get personal api_key`);
    expect([status, stdout]).toEqual([3, '']);
    expect(stderr).toMatch(message);
  });

  it('is never read from a terminal', async () => {
    const user = userWithIdentity();
    user.env = { ...user.env, TWVAULT_IDENTITY_FD: '0' };
    const terminal = Terminal.twvault(user, ...api);
    await terminal.until('descriptor 0 (TWVAULT_IDENTITY_FD) is a terminal');
    expect(await terminal.ended()).toBe(3);
  });
});

describe('a passphrase for where nobody is asked', () => {
  it('comes from a descriptor, a file, a variable or a systemd credential, in this order', () => {
    const user = userWithPassphrase();
    const file = join(user.root, 'passphrase.txt');
    writeFileSync(file, `${PASSPHRASE}\nand nothing of this line\n`);
    const folder = credentials(user, 'twvault-passphrase', `${PASSPHRASE}\n`);
    const wrong = 'another passphrase';
    user.must(api, { env: { CREDENTIALS_DIRECTORY: folder } });
    expect(user.run(api, { env: { CREDENTIALS_DIRECTORY: folder, TWVAULT_PASSPHRASE: wrong } }).status).toBe(
      3,
    );
    user.must(api, { env: { TWVAULT_PASSPHRASE_FILE: file, TWVAULT_PASSPHRASE: wrong } });
    const line =
      'TWVAULT_PASSPHRASE_FD=3 TWVAULT_PASSPHRASE_FILE=/no/such/file "$@" get personal api_key 3<passphrase.txt';
    expect(shell(user, line).status).toBe(0);
  });

  it('from a pipe serves a first add, which needs it to set up and again to open', () => {
    const user = new User();
    const line = `printf 'API_KEY=k1Kk1Kk1Kk1Kk1Kk1Kk1Kk1K1\\n' | { exec 4<&0; printf '%s\\n' "$PHRASE" | { TWVAULT_PASSPHRASE_FD=5 "$@" add personal --stdin 5<&0 0<&4 4<&-; }; }`;
    const { status, stderr } = shell(user, line, { PHRASE: PASSPHRASE });
    expect([status, stderr]).toEqual([0, expect.stringContaining('the passphrase opens them')]);
    user.must(api, { env: { TWVAULT_PASSPHRASE: PASSPHRASE } });
  });
});

it('names every way where none is used', () => {
  for (const user of [userWithIdentity(), userWithPassphrase()]) {
    const { status, stderr } = user.run(api);
    expect(status).toBe(3);
    for (const way of ['TWVAULT_IDENTITY_FILE', 'TWVAULT_IDENTITY_FD', 'systemd credential', '/dev/fd/N'])
      expect(stderr).toContain(way);
  }
});
