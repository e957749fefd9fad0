import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BINARY, RUNNER, TWVAULT, temporaryFolder, User } from '../support/cli.ts';
import { generatedKeys, tutorialLines } from '../support/credentials.ts';
import { has } from '../support/tools.ts';
import { filesOf, formerUser, login, outcome, PRINT_KEY, quickly } from './login.ts';
import { hasSecretService } from './secret-service.ts';

const LOCKED = 'the keychain is locked';
const NO_SERVICE = 'no keychain: no Secret Service (gnome-keyring, KWallet, KeePassXC) answers on D-Bus';
const NO_BUS = 'no keychain: there is no D-Bus session here';
const BAD_ADDRESS = 'no keychain: no D-Bus answers at DBUS_SESSION_BUS_ADDRESS';
const NO_COLLECTION = 'the keychain has no default collection';

const hasPgrep = has('pgrep', 'a test of what a hung keychain leaves behind');

/** Every command that needs a profile's values, with its exit code where they cannot be had. */
const NEEDING: readonly (readonly [number, readonly string[]])[] = [
  [125, PRINT_KEY],
  [3, ['get', 'personal', 'api_key']],
  [3, ['set', 'personal', 'bearer_token']],
  [3, ['copy', 'personal', 'copied']],
  [3, ['rename', 'personal', 'renamed']],
  [3, ['remove', 'personal', '--yes']],
  [3, ['add', 'other', '--stdin']],
];

/** All commands end soon with this message, and the home is as it was. */
function expectRefusals(user: User, message: string): void {
  const before = filesOf(user.home);
  for (const [code, args] of NEEDING) {
    const keys = generatedKeys();
    const result = quickly(user, args, { input: args[0] === 'add' ? tutorialLines(keys) : keys.api_secret });
    expect([args[0], ...outcome(result)]).toEqual([args[0], code, message]);
    expect(result.stdout).toBe('');
  }
  expect(filesOf(user.home)).toEqual(before);
  expect(user.must(['show', 'personal']).stdout).toContain('api_secret');
}

/** The outcome of a first `add`, with all that was said. */
function firstAdd(user: User, limit?: number) {
  const options = { input: tutorialLines(generatedKeys()), env: { TWVAULT_HOME: join(user.root, 'new') } };
  const result = quickly(user, ['add', 'other', '--stdin'], options, limit);
  return { outcome: outcome(result), stderr: result.stderr };
}

describe.skipIf(!hasSecretService)('a keychain', () => {
  it('that is locked: nothing opens, nothing is forgotten, and no other store takes its place', async () => {
    const { user, keys } = await formerUser();
    const service = await login(user, 'locked');
    expectRefusals(user, LOCKED);
    expect(user.must(['doctor']).stdout).toMatch(/^note +personal: the keychain is locked$/m);
    const first = firstAdd(user);
    expect(first.outcome).toEqual([3, LOCKED]);
    expect(first.stderr).toContain('twvault init --store file');
    await service.stop();
    await login(user, 'unlocked');
    expect(user.must(PRINT_KEY).stdout).toBe(`${keys.api_key}\n`);
  });

  it('that is not running, or cannot be reached: each has a message of its own', async () => {
    const { user } = await formerUser();
    await login(user, 'none');
    expectRefusals(user, NO_SERVICE);
    expect(firstAdd(user).outcome).toEqual([
      3,
      `${NO_SERVICE}, and there is no terminal to ask for a passphrase`,
    ]);
    const addresses: [string | undefined, string][] = [
      [undefined, NO_BUS],
      ['', BAD_ADDRESS],
      ['unix:path=/nowhere/bus', BAD_ADDRESS],
      ['nonsense', BAD_ADDRESS],
      ['magic:of=another,kind=x', BAD_ADDRESS],
    ];
    for (const [address, message] of addresses) {
      user.env = { ...user.env, DBUS_SESSION_BUS_ADDRESS: address };
      expect(outcome(quickly(user, PRINT_KEY))).toEqual([125, message]);
      expect(outcome(quickly(user, ['get', 'personal', 'api_key']))).toEqual([3, message]);
      expect(firstAdd(user).outcome[1]).toContain(message);
    }
  });

  it('that has no collection yet', async () => {
    const user = new User();
    await login(user, 'locked');
    expect(firstAdd(user).outcome).toEqual([3, NO_COLLECTION]);
  });

  describe('that hangs', () => {
    const EXACT = BINARY !== undefined || 'execve' in process;
    const message = (seconds: number) => `the keychain did not answer within ${seconds} s`;

    it('is given up on in time', async () => {
      const { user } = await formerUser();
      (await login(user, 'unlocked')).freeze();
      const limit = 12_000;
      const result = quickly(user, PRINT_KEY, {}, limit);
      // Older Node has no way to leave a blocked call with an exit code of its own.
      expect(outcome(result)).toEqual([EXACT ? 125 : 'SIGKILL', message(10)]);
      expect(result.stderr).toContain('waiting for the keychain');
      expect(firstAdd(user, limit).outcome).toEqual([3, message(10)]);
    });

    it('gets as long as the user allows, whose desktop may show a dialog', async () => {
      const { user } = await formerUser();
      (await login(user, 'unlocked')).freeze();
      const desktop = { ...user.env, DISPLAY: ':1' };
      for (const [seconds, shown] of [
        ['1.2345', 1.235],
        ['0.0001', 0.001],
      ] as const) {
        const env = { ...desktop, TWVAULT_KEYCHAIN_TIMEOUT: seconds };
        const result = quickly(user, PRINT_KEY, { env });
        expect(outcome(result)).toEqual([125, message(shown)]);
        expect(result.stderr.includes('it may be showing a dialog')).toBe(shown > 1);
        expect(outcome(quickly(user, ['get', 'personal', 'api_key'], { env }))).toEqual([3, message(shown)]);
      }
    });

    it('and dies in the middle of a call: the call ends, and the value is the old one', async () => {
      const { user, keys } = await formerUser();
      const calls: [string[], string][] = [
        [['get', 'personal', 'api_secret'], ''],
        [['set', 'personal', 'api_secret'], generatedKeys().api_secret],
      ];
      for (const [args, input] of calls) {
        const service = await login(user, 'unlocked');
        service.freeze();
        const env = { ...user.env, TWVAULT_KEYCHAIN_TIMEOUT: '60' } as NodeJS.ProcessEnv;
        const child = spawn(RUNNER, [TWVAULT, ...args], { env });
        child.stdin.end(input);
        let said = '';
        child.stderr.on('data', (bytes) => {
          said += bytes;
        });
        const end = once(child, 'close');
        // It says that it waits, so the call is under way.
        await expect.poll(() => said, { timeout: 15_000 }).toContain('waiting for the keychain');
        service.kill();
        expect(await end).toEqual([3, null]);
        expect(said).toMatch(/\ntwvault: (no keychain|the keychain)[^\n]+\n(twvault: hint: [^\n]+\n)*$/);
        await service.stop();
      }
      await login(user, 'unlocked');
      expect(user.must(['get', 'personal', 'api_secret']).stdout).toBe(`${keys.api_secret}\n`);
    });

    it.skipIf(!hasPgrep)('leaves no process behind', async () => {
      const { user } = await formerUser();
      (await login(user, 'unlocked')).freeze();
      const env = { ...user.env, DISPLAY: ':1', TWVAULT_KEYCHAIN_TIMEOUT: '0.3' } as NodeJS.ProcessEnv;
      const child = spawn(RUNNER, [TWVAULT, ...PRINT_KEY], { env, detached: true });
      expect(await once(child, 'exit')).toEqual([125, null]);
      // Detached, it had a process group of its own.
      const alive = () => spawnSync('pgrep', ['-g', String(child.pid), '-r', 'R,S,D']).status === 0;
      await expect.poll(alive).toBe(false);
    });

    it('may be given more time than timers know', async () => {
      const { user, keys } = await formerUser();
      await login(user, 'unlocked');
      for (const seconds of ['1e9', 'Infinity', 'soon']) {
        const env = { TWVAULT_KEYCHAIN_TIMEOUT: seconds };
        expect(user.must(PRINT_KEY, { env }).stdout).toBe(`${keys.api_key}\n`);
      }
    });
  });

  it('whose native library does not load', async () => {
    const { user } = await formerUser();
    const libraries = temporaryFolder();
    writeFileSync(join(libraries, 'libsecret-1.so.0'), 'not a library');
    user.env = { ...user.env, LD_LIBRARY_PATH: libraries };
    expectRefusals(user, 'no keychain: its native library did not load');
  });

  it.skipIf(BINARY)('whose optional package was left out', async () => {
    const { user } = await formerUser();
    const command = join(temporaryFolder(), 'twvault');
    mkdirSync(command);
    for (const part of ['bin', 'dist', 'package.json']) {
      cpSync(join(dirname(TWVAULT), '..', part), join(command, part), { recursive: true });
    }
    const args = [join(command, 'bin/twvault.js'), ...PRINT_KEY];
    const env = user.env as NodeJS.ProcessEnv;
    const result = spawnSync(process.execPath, args, { env, encoding: 'utf8' });
    expect(outcome(result)).toEqual([125, 'no keychain: the optional package keytar is not installed']);
  });
});
