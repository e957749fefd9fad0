import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { RUNNER, TWVAULT, User } from '../support/cli.ts';
import { generatedKeys, sentinel, tutorialLines } from '../support/credentials.ts';

function userWithKeys() {
  const user = new User().withFileVault();
  const keys = user.add('personal');
  return { user, keys, work: join(user.root, 'work') };
}

function repository(folder: string): void {
  execFileSync('git', ['init', '-q', folder]);
  writeFileSync(join(folder, '.gitignore'), 'ignored/\n*.secret\n');
}

describe('export', () => {
  it("writes under a preset's names, inherited fields and extras too", () => {
    const { user, keys } = userWithKeys();
    const child = generatedKeys();
    user.must(['add', 'brand', '--inherit', 'personal', '--stdin'], {
      input: `ACCESS_TOKEN=${child.access_token}\nACCESS_TOKEN_SECRET=${child.access_token_secret}\n`,
    });
    const extra = `${sentinel()}'s`;
    user.must(['set', 'brand', 'OPENAI_API_KEY'], { input: extra });
    expect(JSON.parse(user.must(['export', 'brand', '--format', 'json']).stdout)).toEqual({
      TWITTER_API_KEY: keys.api_key,
      TWITTER_API_SECRET: keys.api_secret,
      TWITTER_ACCESS_TOKEN: child.access_token,
      TWITTER_ACCESS_TOKEN_SECRET: child.access_token_secret,
      OPENAI_API_KEY: extra,
    });
    const { stdout } = user.must(['export', 'personal', '--format', 'dotenv', '--as', 'tweepy']);
    expect(stdout).toBe(tutorialLines(keys));
  });

  it('gives a field without a name in the preset its own, and warns of a refresh token', () => {
    const { user } = userWithKeys();
    const token = sentinel().padEnd(91, 'x1Y');
    user.must(['set', 'personal', 'oauth2_refresh_token'], { input: token });
    const { stdout, stderr } = user.must([
      'export',
      'personal',
      '--format',
      'docker-env',
      '--only',
      'oauth2_refresh_token',
    ]);
    expect(stdout).toBe(`OAUTH2_REFRESH_TOKEN=${token}\n`);
    expect(stderr).toContain('a refresh token works once');
    expect(stderr).not.toContain(token);
  });

  it('takes only what is asked for, and refuses what is not there', () => {
    const { user, keys } = userWithKeys();
    const { stdout } = user.must([
      'export',
      'personal',
      '--format',
      'shell',
      '--only',
      'CONSUMER_KEY,api_secret',
    ]);
    expect(stdout).toBe(
      `export TWITTER_API_KEY='${keys.api_key}'\nexport TWITTER_API_SECRET='${keys.api_secret}'\n`,
    );
    for (const [args, status] of [
      [['personal', '--format', 'json', '--only', 'bearer_token'], 4],
      [['personal', '--format', 'json', '--as', 'nothing'], 2],
      [['personal', '--format', 'xml'], 2],
      [['personal'], 2],
      [['nobody', '--format', 'json'], 4],
      [['personal', '--format', 'json', '--even-in-git'], 2],
    ] as const) {
      const result = user.run(['export', ...args]);
      expect([args, result.status, result.stdout]).toEqual([args, status, '']);
    }
  });

  it('writes a new file that only its owner can read', () => {
    const { user, keys, work } = userWithKeys();
    const path = join(work, 'bot.env');
    const { stdout, stderr } = user.must(['export', 'personal', '--format', 'dotenv', '-o', 'bot.env']);
    expect(stdout).toBe('');
    expect(stderr).toContain('plaintext');
    for (const value of Object.values(keys)) expect(stderr).not.toContain(value);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const before = readFileSync(path, 'utf8');
    expect(before).toContain(keys.api_key);
    expect(user.run(['export', 'personal', '--format', 'json', '-o', 'bot.env']).status).toBe(1);
    expect(readFileSync(path, 'utf8')).toBe(before);
    symlinkSync(join(work, 'elsewhere'), join(work, 'link.env'));
    expect(user.run(['export', 'personal', '--format', 'json', '-o', 'link.env']).status).toBe(1);
    expect(existsSync(join(work, 'elsewhere'))).toBe(false);
    expect(user.run(['export', 'personal', '--format', 'json', '-o', 'none/bot.env']).status).toBe(1);
  });

  it('refuses a place that git would commit', () => {
    const { user, work } = userWithKeys();
    repository(work);
    for (const folder of ['ignored', 'src', 'src/deep']) mkdirSync(join(work, folder));
    const write = (path: string, ...more: string[]) =>
      user.run(['export', 'personal', '--format', 'dotenv', '-o', path, ...more]);
    for (const path of ['bot.env', 'src/deep/bot.env', '-bot.env']) {
      const { status, stderr } = write(path);
      expect([path, status]).toEqual([path, 1]);
      expect(stderr).toContain('git would commit');
      expect(existsSync(join(work, path))).toBe(false);
    }
    symlinkSync(join(work, 'src'), join(user.root, 'link'));
    expect(write('../link/bot.env').status).toBe(1);
    for (const path of ['ignored/bot.env', 'src/bot.secret', '../bot.env'])
      expect([path, write(path).status]).toEqual([path, 0]);
    expect(write('src/bot.env', '--even-in-git').status).toBe(0);
  });

  it('refuses a path that is ignored but in the index, which the next commit would take', () => {
    const { user, work } = userWithKeys();
    repository(work);
    const git = (...args: string[]) => execFileSync('git', ['-C', work, ...args]);
    writeFileSync(join(work, 'bot.secret'), '');
    git('add', '-f', 'bot.secret');
    rmSync(join(work, 'bot.secret'));
    const { status, stderr } = user.run(['export', 'personal', '--format', 'json', '-o', 'bot.secret']);
    expect(stderr).toContain('git would commit');
    expect(status).toBe(1);
    expect(existsSync(join(work, 'bot.secret'))).toBe(false);
  });

  it.each(['sh', 'bash'])('is evaluated by %s as the help says', (shell) => {
    const { user } = userWithKeys();
    const extra = `-n ${sentinel()}'s "$HOME" \`id\` \\ ü\n!`;
    user.must(['set', 'personal', 'OPENAI_API_KEY'], { input: extra });
    const script = `eval "$("$0" "$1" export personal --format shell)"; printf %s "$OPENAI_API_KEY"`;
    const output = execFileSync(shell, ['-c', script, RUNNER, TWVAULT], {
      env: user.env as NodeJS.ProcessEnv,
      encoding: 'utf8',
    });
    expect(output).toBe(extra);
  });

  it('does not ask the repository that a hook names', () => {
    const { user, work } = userWithKeys();
    repository(work);
    const env = { GIT_DIR: join(user.root, 'nowhere'), GIT_WORK_TREE: user.root };
    expect(user.run(['export', 'personal', '--format', 'json', '-o', 'bot.env'], { env }).status).toBe(1);
  });

  it('refuses where there is a repository and no git to ask', () => {
    const { user, work } = userWithKeys();
    repository(work);
    const { status, stderr } = user.run(['export', 'personal', '--format', 'json', '-o', 'bot.env'], {
      env: { PATH: '/nowhere' },
    });
    expect(status).toBe(1);
    expect(stderr).toContain('git does not say');
  });

  it('prints commands for gh without a value', () => {
    const { user, keys } = userWithKeys();
    const { stdout } = user.must(['export', 'personal', '--format', 'github', '--as', 'tutorial']);
    expect(stdout.split('\n')[0]).toBe('twvault get personal api_key | gh secret set CONSUMER_KEY');
    for (const value of Object.values(keys)) expect(stdout).not.toContain(value);
  });
});
