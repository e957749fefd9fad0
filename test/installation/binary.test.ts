import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BINARY, User } from '../support/cli.ts';

const SRC = join(import.meta.dirname, '../../src/installation');

it('is in two folders with the same files', () => {
  expect(readdirSync(join(SRC, 'binary'))).toEqual(readdirSync(join(SRC, 'npm')));
});

// Where TWVAULT_BINARY names one, as all the other tests of the command.
describe.skipIf(BINARY === undefined)('the standalone binary', () => {
  const withProfile = () => {
    const user = new User().withFileVault();
    return { user, keys: user.add('personal') };
  };

  it('needs no Node, no other file and no PATH', () => {
    const { user, keys } = withProfile();
    const alone = join(user.root, 'alone');
    cpSync(BINARY as string, alone);
    const { TWVAULT_HOME, TWVAULT_IDENTITY_FILE } = user.env;
    const run = (...args: string[]) =>
      spawnSync(alone, args, { env: { TWVAULT_HOME, TWVAULT_IDENTITY_FILE }, cwd: '/', encoding: 'utf8' });
    expect(run('exec', '--', '/usr/bin/env').stdout).toContain(`TWITTER_API_KEY=${keys.api_key}\n`);
    expect(run('list').stdout).toContain('personal');
    expect(run('completion', 'bash').stdout).toContain('twvault');
    expect(run('scan', user.home).status).toBe(0);
  });

  it('reads no settings of its runtime from the folder where it runs', () => {
    const { user } = withProfile();
    const folder = join(user.root, 'work');
    writeFileSync(join(folder, '.env'), 'TWVAULT_HOME=/nowhere\nFROM_FOLDER=yes\n');
    writeFileSync(join(folder, 'bunfig.toml'), 'preload = ["./preload.js"]\n');
    writeFileSync(join(folder, 'preload.js'), 'require("fs").writeFileSync("ran", "")');
    writeFileSync(join(folder, 'package.json'), '{"type":"module","imports":{"#x":"./preload.js"}}');
    writeFileSync(join(folder, 'tsconfig.json'), '{"compilerOptions":{"paths":{"*":["./preload.js"]}}}');
    const { stdout } = user.must(['exec', '--', 'sh', '-c', 'echo "[$FROM_FOLDER]"']);
    expect([stdout, existsSync(join(folder, 'ran'))]).toEqual(['[]\n', false]);
  });

  it("sets variables that expose Bun's process aside, and gives them to the command", () => {
    const { user } = withProfile();
    const log = join(user.root, 'seen');
    const preload = join(user.root, 'preload.cjs');
    const seen = "(process.env.BUN_CONFIG_VERBOSE_FETCH ?? 'none') + '\\n'";
    writeFileSync(preload, `require('fs').appendFileSync(${JSON.stringify(log)}, ${seen})`);
    const env = { BUN_OPTIONS: `--preload ${preload}`, BUN_CONFIG_VERBOSE_FETCH: 'curl' };
    const { stdout } = user.must(
      ['exec', '--', 'sh', '-c', 'echo "$BUN_OPTIONS $BUN_CONFIG_VERBOSE_FETCH"'],
      { env },
    );
    expect(stdout).toBe(`${env.BUN_OPTIONS} curl\n`);
    // The first start has it; the one that opens the vault does not. A preload stays, as with Node.
    expect(readFileSync(log, 'utf8')).toBe('curl\nnone\n');
  });

  it('runs a script that does not say what runs it with a shell', () => {
    const { user } = withProfile();
    const script = join(user.root, 'plain');
    writeFileSync(script, 'echo "ran $1"\n', { mode: 0o755 });
    expect(user.must(['exec', '--mask', '--', script, 'it']).stdout).toBe('ran it\n');
  });

  it("writes shells' start files into the vault's home, once", () => {
    const { user } = withProfile();
    const shell = { SHELL: '/bin/bash' };
    user.must(['shell', 'personal'], { env: shell, input: 'true\n' });
    const file = join(user.home, 'shell/start/bash.sh');
    const repository = join(import.meta.dirname, '../../shell/start/bash.sh');
    expect(readFileSync(file, 'utf8')).toBe(readFileSync(repository, 'utf8'));
    expect(user.must(['doctor']).stdout).not.toContain('shell/');
  });
});
