import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { account } from '../examples/accounts.ts';
import { formerUser } from '../keychain/login.ts';
import { hasSecretService } from '../keychain/secret-service.ts';
import { type Result, temporaryFolder, User } from '../support/cli.ts';
import { generatedKeys, tutorialLines } from '../support/credentials.ts';
import { Repository } from '../support/repository.ts';
import { valuesOf, World } from '../x/world.ts';

/** What is wrong, in the first line, and what to do about it, in the others. */
function said({ stderr }: Result): { message: string; hints: string } {
  const [message = '', ...hints] = stderr.trimEnd().split('\n');
  for (const line of hints) expect(line).toMatch(/^twvault: (hint|warning): /);
  return { message: message.replace('twvault: ', ''), hints: hints.join('\n') };
}

describe('the wrong directory', () => {
  it('has another program, or none', () => {
    const user = new User().withFileVault();
    user.add('brand');
    writeFileSync(join(user.root, 'work/bot.py'), 'print(1)\n');
    writeFileSync(join(user.root, 'work/start'), '#!/bin/sh\n', { mode: 0o755 });
    const exec = (...command: string[]) => {
      const result = user.run(['exec', '--', ...command]);
      return [result.status, said(result).message, said(result).hints];
    };
    expect(exec('bot.py')).toEqual([
      127,
      'command not found: bot.py',
      'twvault: hint: start it with python3: twvault exec -- python3 bot.py',
    ]);
    expect(exec('./bot.py')).toEqual([
      126,
      'cannot run ./bot.py: permission denied',
      'twvault: hint: start it with python3: twvault exec -- python3 ./bot.py',
    ]);
    expect(exec('start')[2]).toContain('./start');
    expect(exec('./other.py')).toEqual([
      127,
      'command not found: ./other.py',
      `twvault: hint: there is no ${join(user.root, 'work', 'other.py')}: change to the folder of the program`,
    ]);
    expect(exec('no-such-program')).toEqual([127, 'command not found: no-such-program', '']);
  });

  it('does not hold the file with the keys', () => {
    const user = new User().withFileVault();
    for (const args of [
      ['import', 'keys.py', '--yes'],
      ['add', 'brand', '--from', 'keys.py'],
      ['setup', '--from', 'keys.py', '--yes'],
    ]) {
      const result = user.run(args);
      expect([args, result.status, said(result)]).toEqual([
        args,
        1,
        {
          message: 'there is no file keys.py',
          hints: `twvault: hint: change to its folder, or name it from here: ${user.root}/work`,
        },
      ]);
    }
  });

  it('is no repository', () => {
    const result = new User().run(['guard', 'install']);
    expect(result.status).toBe(2);
    expect(said(result).hints).toContain('change to one, or make one: git init');
  });

  it('chooses no profile where there are several', () => {
    const user = new User().withFileVault();
    user.add('brand');
    user.add('personal');
    const result = user.run(['exec', '--', 'true']);
    expect([result.status, said(result).message]).toEqual([125, 'several profiles, and none chosen']);
    expect(said(result).hints).toContain('-p NAME, or make one the default: twvault use NAME');
  });
});

describe('no profile', () => {
  it('and no vault: setup makes both', () => {
    for (const args of [['exec', '--', 'true'], ['show'], ['verify'], ['use', 'brand']]) {
      const result = new User().run(args);
      expect([args, result.status]).toEqual([args, args[0] === 'exec' ? 125 : 4]);
      expect(said(result)).toEqual({
        message: 'there is no vault yet',
        hints: 'twvault: hint: twvault setup makes one and takes your keys in, step by step',
      });
    }
  });

  it('in a vault', () => {
    const result = new User().withFileVault().run(['exec', '--', 'true']);
    expect(said(result)).toEqual({
      message: 'the vault has no profile yet',
      hints: 'twvault: hint: add one: twvault add personal',
    });
  });

  it('of a name that something gives: it says what', () => {
    const user = new User().withFileVault();
    user.add('brand');
    expect(said(user.run(['exec', '-p', 'gone', '--', 'true'])).hints).toBe('twvault: hint: profiles: brand');
    const exec = (env = {}) => said(user.run(['exec', '--', 'true'], { env })).hints;
    expect(exec({ TWVAULT_PROFILE: 'gone' })).toContain(
      'TWVAULT_PROFILE names it: store it: twvault add gone, or change or unset the variable',
    );
    writeFileSync(join(user.root, 'work/.twvault.json'), '{"profile": "gone"}');
    expect(exec()).toContain(
      `${join(user.root, 'work', '.twvault.json')} names it: store it: twvault add gone, or choose another: twvault use NAME --here`,
    );
    user.env = { ...user.env, TWVAULT_IDENTITY_FILE: undefined };
    writeFileSync(join(user.root, 'work/.twvault.json'), '{"profile": "brand"}');
    expect(exec()).not.toContain('names it');
  });
});

test('a key without its secret: where it is stored, and where it is verified', async () => {
  const world = await new World().withX([]);
  const { api_key } = generatedKeys();
  const { stderr } = world.user.must(['add', 'half', '--stdin'], { input: `API_KEY=${api_key}\n` });
  expect(stderr).toContain('warning: api_key is of no use without api_secret: twvault set half api_secret');
  const verified = await world.run(['verify', 'half']);
  expect(verified.status).toBe(1);
  expect(verified.stderr).toContain('api_key cannot be tested without api_secret');
  expect(verified.stderr).toContain('twvault set half FIELD adds a value');
});

test('an app that may only read', async () => {
  const ada = { ...account('ada'), access_level: 'read' };
  const world = await new World().withX([ada]);
  world.store('brand', valuesOf(ada));
  const { status, stderr } = await world.run(['verify', 'brand']);
  expect(status).toBe(0);
  expect(stderr).toContain('read-only: these tokens cannot post');
  expect(stderr).toContain(
    "hint: set the app's permissions to Read and write in console.x.com, then regenerate the access token",
  );
});

test('a clock that is off', async () => {
  const ada = account('ada');
  const date = new Date(Date.now() + 300_000).toUTCString();
  const refused = { status: 401, body: { errors: [{ code: 135 }] }, headers: { date } };
  const world = await new World().withX([ada], ({ endpoint }) =>
    endpoint.includes('verify_credentials') ? refused : undefined,
  );
  world.store('brand', valuesOf(ada));
  const { status, stderr } = await world.run(['verify', 'brand']);
  expect(status).toBe(1);
  expect(stderr).toMatch(/this machine's clock is \d+ s behind X's, so X takes no signature from it/);
  expect(stderr).toContain('hint: set the clock (timedatectl set-ntp true');
});

describe('no keychain', () => {
  const NO_BUS = 'no keychain: there is no D-Bus session here';
  const FILES = 'keep profiles in encrypted files (twvault init --store file';

  it('and nobody to ask for a passphrase: it names what makes an encrypted file', () => {
    const user = new User();
    const result = user.run(['add', 'brand', '--stdin'], { input: tutorialLines(generatedKeys()) });
    expect([result.status, said(result).message]).toEqual([
      3,
      `${NO_BUS}, and there is no terminal to ask for a passphrase`,
    ]);
    expect(said(result).hints).toContain('twvault init --store file --identity-out FILE makes');
  });

  it.each([
    ['in WSL', { WSL_DISTRO_NAME: 'Ubuntu' }, 'WSL starts no keychain by itself'],
    ['over SSH without a session bus', { SSH_CONNECTION: '192.0.2.1 50000 192.0.2.2 22' }, 'over SSH'],
    ['in a container', { container: 'podman' }, 'a container has no keychain of its own'],
  ])('%s: it says why there is none, and what takes its place', (_, env, why) => {
    const user = new User();
    const result = user.run(['init', '--store', 'keychain'], { env });
    expect([result.status, said(result).message]).toEqual([3, NO_BUS]);
    expect(said(result).hints).toContain(why);
    expect(said(result).hints).toContain(FILES);
    expect(user.must(['doctor'], { env }).stdout).toContain(why);
  });

  it.skipIf(!hasSecretService)('of a vault that is in one: how to leave it', async () => {
    const { user } = await formerUser();
    const result = user.run(['exec', '-p', 'personal', '--', 'true'], { env: { SSH_CONNECTION: '1' } });
    expect(result.status).toBe(125);
    expect(said(result).hints).toContain('those in a keychain that answers: twvault migrate --to file');
  });
});

const BIN = join(import.meta.dirname, '../../bin/twvault.js');

describe('an old Node', () => {
  /** What the command sees of a Node of that version: this one runs it, but says another number. */
  function runOn(version: string, ...args: string[]) {
    const preload = join(temporaryFolder(), 'old.cjs');
    const text = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } });`;
    writeFileSync(preload, text);
    return spawnSync(process.execPath, ['--require', preload, BIN, ...args], {
      env: { PATH: process.env.PATH, HOME: temporaryFolder() },
      encoding: 'utf8',
    });
  }

  it('is told which one twvault needs', () => {
    for (const version of ['10.24.1', '18.20.8', '20.18.3']) {
      const { status, stdout, stderr } = runOn(version, 'list');
      expect([status, stdout]).toEqual([1, '']);
      expect(stderr).toBe(
        `twvault: Node ${version} is too old: twvault needs 20.19 or later\n` +
          'twvault: hint: install a newer one (https://nodejs.org), and see that `node --version` says it\n',
      );
    }
    expect(runOn('18.20.8', 'exec', '--', 'true').status).toBe(125);
    expect(runOn('18.20.8', '__complete', '0', '').stderr).toBe('');
    expect(runOn('20.19.0', '--version').status).toBe(0);
  });
});

test('none of it is said of a folder that is set up', () => {
  const user = new User().withFileVault();
  const repository = new Repository(user);
  user.add('brand');
  mkdirSync(join(repository.path, 'src'));
  repository.twvault(['use', 'brand', '--here']);
  const cwd = join(repository.path, 'src');
  expect(user.must(['exec', '--', 'true'], { cwd })).toMatchObject({ stdout: '', stderr: '' });
});
