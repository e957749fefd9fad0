import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/cli/commands/registry.ts';
import { describeProgram } from '../../src/cli/completion/describe.ts';
import type { CommandEntry } from '../../src/cli/completion/table.ts';
import { EXPORT_FORMATS } from '../../src/export/formats.ts';
import { FIELDS, PRESETS } from '../../src/profile/fields.ts';
import { User } from '../support/cli.ts';

/** What is offered for the last of some words, without what is said of it. */
function offers(user: User, ...words: string[]): string[] {
  const { stdout } = user.must(['__complete', '--', String(words.length - 1), ...words]);
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split('\t')[0] as string);
}

function userWithProfiles(): User {
  const user = new User().withFileVault();
  user.add('brand');
  user.must(['set', 'brand', 'OPENAI_API_KEY'], { input: 'made-up-value-1' });
  user.must(['add', 'child', '--stdin', '--inherit', 'brand'], { input: 'BEARER_TOKEN=AAAAAAAAmade-up\n' });
  user.env = { ...user.env, TWVAULT_IDENTITY_FILE: undefined };
  return user;
}

const STORED = ['api_key', 'api_secret', 'access_token', 'access_token_secret', 'OPENAI_API_KEY'];

describe('the built table', () => {
  it('has every command and every option of the program', async () => {
    const user = new User();
    expect(offers(user, '')).toEqual(Object.keys(COMMANDS));
    const check = (entry: CommandEntry, path: readonly string[]): void => {
      const flags = entry.options.flatMap((option) => option.flags).filter((flag) => flag.startsWith('--'));
      expect([path, offers(user, ...path, '--')]).toEqual([path, flags]);
    };
    const { commands } = await describeProgram();
    for (const [name, entry] of Object.entries(commands)) {
      check(entry, [name]);
      for (const [inner, below] of Object.entries(entry.commands)) check(below, [name, inner]);
    }
  });

  it('knows what every placeholder stands for', async () => {
    const unknown: string[] = [];
    const look = (entry: CommandEntry, path: string): void => {
      for (const { flags, value } of entry.options)
        if (value?.kind === 'unknown') unknown.push(`${path} ${flags}`);
      for (const { kind } of entry.arguments) if (kind === 'unknown') unknown.push(path);
      for (const [name, inner] of Object.entries(entry.commands)) look(inner, `${path} ${name}`);
    };
    look(await describeProgram(), 'twvault');
    // A new placeholder needs a line in PLACEHOLDERS of src/cli/completion/describe.ts.
    expect(unknown).toEqual([]);
  });
});

describe('values', () => {
  it('of options are those that the option takes', () => {
    const user = new User();
    expect(offers(user, 'exec', '--as', '')).toEqual([...PRESETS]);
    expect(offers(user, 'exec', '--as=tu')).toEqual(['--as=tutorial']);
    expect(offers(user, 'export', 'brand', '--format', '')).toEqual(Object.keys(EXPORT_FORMATS));
    expect(offers(user, 'init', '--store', '')).toEqual(['keychain', 'file']);
    expect(offers(user, 'login', 'brand', '--scopes', 'poster,')).toEqual([
      'poster,reader',
      'poster,dm',
      'poster,all',
    ]);
    expect(offers(user, 'login', 'brand', '--scope', 'dm.')).toEqual(['dm.read', 'dm.write']);
    expect(offers(user, 'login', 'brand', '--port', '')).toEqual([]);
    expect(offers(user, 'add', 'brand', '--from', 'x')).toEqual([':files']);
    expect(offers(user, 'scan', 'one', '')).toEqual([':files']);
  });

  it('of a vault are its profiles, and the fields and extras of the one that is named', () => {
    const user = userWithProfiles();
    expect(offers(user, 'use', '')).toEqual(['brand', 'child']);
    expect(offers(user, 'verify', 'brand', 'c')).toEqual(['child']);
    expect(offers(user, 'exec', '-p', 'b')).toEqual(['brand']);
    expect(offers(user, 'get', 'brand', '')).toEqual(STORED);
    expect(offers(user, 'exec', '-pbrand', '--only', '')).toEqual(STORED);
    expect(offers(user, 'exec', '--profile=brand', '--only', 'api_key,a')).toEqual([
      'api_key,api_secret',
      'api_key,access_token',
      'api_key,access_token_secret',
    ]);
    expect(offers(user, 'get', 'child', '')).toEqual(['api_key', 'api_secret', 'bearer_token']);
    expect(offers(user, 'exec', '-p', 'brand', '--env', 'MY=O')).toEqual(['MY=OPENAI_API_KEY']);
    expect(offers(user, 'set', 'brand', '')).toEqual([...FIELDS.map(({ name }) => name), 'OPENAI_API_KEY']);
  });

  it('without a named profile are those of the one that exec would use', () => {
    const user = userWithProfiles();
    expect(offers(user, 'exec', '--only', 'O')).toEqual([]);
    user.must(['use', 'brand']);
    expect(offers(user, 'exec', '--only', 'O')).toEqual(['OPENAI_API_KEY']);
    writeFileSync(join(user.root, 'work/.twvault.json'), '{"profile": "child"}');
    expect(offers(user, 'exec', '--only', 'b')).toEqual(['bearer_token']);
    user.env = { ...user.env, TWVAULT_PROFILE: 'brand' };
    expect(offers(user, 'exec', '--only', 'b')).toEqual([]);
  });

  it('stand with what they are', () => {
    const user = userWithProfiles();
    const { stdout } = user.must(['__complete', '2', 'get', 'brand', 'api_k']);
    expect(stdout).toBe('api_key\tAPI Key\n');
  });
});

describe('the command line of exec', () => {
  it.each([
    [['exec', ''], ':command 1'],
    [['exec', '--', 'no'], ':command 2'],
    [['exec', '-p', 'brand', 'node', '--he'], ':command 3'],
    [['exec', '--serve', '--', 'node', '-p', ''], ':command 3'],
  ])('%j is completed as a command of its own', (words, answer) => {
    expect(offers(new User(), ...words)).toEqual([answer]);
  });
});

describe('someone who types is never disturbed', () => {
  const quiet = (user: User, ...args: string[]): void => {
    expect(user.run(['__complete', ...args])).toEqual({ status: 0, signal: null, stdout: '', stderr: '' });
  };

  it('where there is no vault, no such command, or no sense in the question', () => {
    const user = new User();
    quiet(user, '1', 'use', '');
    quiet(user, '1', 'nonesuch', '');
    quiet(user, '2', 'guard', 'nonesuch', '');
    quiet(user, '2', 'exec', '--only', '');
    quiet(user, '1', 'list', '--jsn');
    quiet(user, '5', 'exec', '');
    for (const args of [[], ['-1'], ['x', 'exec'], ['1e9', 'exec'], ['1.5', 'exec', '']])
      quiet(user, ...args);
  });

  it('where the vault is damaged; what is left is still offered', () => {
    const user = new User().withFileVault();
    for (const name of ['brand', 'other']) user.add(name);
    writeFileSync(join(user.home, 'index/brand.json'), '{"name": 7');
    expect(offers(user, 'use', '')).toEqual(['brand', 'other']);
    quiet(user, '2', 'get', 'brand', '');
    writeFileSync(join(user.home, 'vault.json'), 'nonsense');
    writeFileSync(join(user.root, 'work/.twvault.json'), 'nonsense');
    quiet(user, '2', 'exec', '--only', '');
    expect(offers(user, 'get', 'other', 'api_k')).toEqual(['api_key']);
    rmSync(join(user.home, 'index'), { recursive: true });
    writeFileSync(join(user.home, 'index'), '');
    quiet(user, '1', 'use', '');
  });

  it('and nothing is written, locked or opened for it', () => {
    const user = userWithProfiles();
    rmSync(join(user.home, 'profiles'), { recursive: true });
    mkdirSync(join(user.home, 'profiles'));
    const before = readdirSync(user.home, { recursive: true }).sort();
    expect(offers(user, 'get', 'brand', 'api_k')).toEqual(['api_key']);
    expect(readdirSync(user.home, { recursive: true }).sort()).toEqual(before);
  });
});

it.each(['bash', 'zsh', 'fish', 'powershell'])('twvault completion %s prints a script', (shell) => {
  const { stdout } = new User().must(['completion', shell]);
  expect(stdout).toContain('__complete');
  expect(stdout).not.toMatch(/\beval\b|Invoke-Expression "/);
});
