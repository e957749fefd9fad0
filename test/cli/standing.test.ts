import { chmodSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { User } from '../support/cli.ts';
import { tutorialLines } from '../support/credentials.ts';
import { Repository } from '../support/repository.ts';

/** What `twvault` alone says. */
function standing(user: User, options: Parameters<User['run']>[1] = {}) {
  const { status, stdout, stderr } = user.run(['--json'], options);
  expect([status, stderr]).toEqual([0, '']);
  return JSON.parse(stdout);
}

const nextOf = (...args: Parameters<typeof standing>): string => standing(...args).next.command;

describe('twvault without a command', () => {
  it('leads from nothing to the bot, one command at a time', () => {
    const user = new User();
    const repository = new Repository(user);
    const cwd = repository.path;
    expect(nextOf(user, { cwd })).toBe('twvault setup');
    user.withFileVault();
    expect(nextOf(user, { cwd })).toBe('twvault setup');
    const keys = user.add('brand');
    user.add('other');
    expect(standing(user, { cwd }).here).toBeNull();
    expect(nextOf(user, { cwd })).toBe('twvault use NAME --here');
    user.must(['use', 'brand', '--here'], { cwd });
    expect(standing(user, { cwd }).here).toEqual({ profiles: ['brand'], because: 'project' });

    repository.write('keys.env', tutorialLines(keys));
    expect(standing(user, { cwd }).plaintext.here).toEqual(['keys.env']);
    expect(nextOf(user, { cwd })).toBe('twvault import keys.env --scrub');
    user.must(['import', 'keys.env', '--profile', 'brand', '--yes', '--scrub'], { cwd });

    expect(standing(user, { cwd }).guard).toBe('missing');
    expect(nextOf(user, { cwd })).toBe('twvault guard install');
    user.must(['guard', 'install'], { cwd });
    expect(standing(user, { cwd }).guard).toBe('installed');
    expect(nextOf(user, { cwd })).toBe('twvault exec -- COMMAND');
    repository.write('bot.py', '');
    expect(nextOf(user, { cwd })).toBe('twvault exec -- python3 bot.py');
    repository.write('package.json', '{"scripts": {"start": "node bot.js"}}');
    expect(nextOf(user, { cwd })).toBe('twvault exec -- npm start');
  });

  it('proposes the preset whose names the program reads', () => {
    const user = new User().withFileVault();
    user.add('brand');
    const bot = join(user.root, 'work/bot.js');
    for (const [text, next] of [
      ['env.TWITTER_API_KEY, env.TWITTER_API_SECRET', 'twvault exec -- node bot.js'],
      ["os.environ['CONSUMER_KEY'], ['CONSUMER_SECRET']", 'twvault exec --as tutorial -- node bot.js'],
      ['env.X_API_KEY', 'twvault exec --as x -- node bot.js'],
      ['env.CLIENT_ID', 'twvault exec -- node bot.js'], // which the profile does not have
    ]) {
      writeFileSync(bot, text as string);
      expect(nextOf(user)).toBe(next);
    }
    writeFileSync(bot, 'env.X_API_KEY');
    writeFileSync(join(user.root, 'work/.twvault.json'), '{"preset": "node"}');
    expect(nextOf(user)).toBe('twvault exec -- node bot.js');
  });

  it('says it in words, and touches, opens and asks nothing', () => {
    const user = new User();
    expect(user.must([]).stdout).toBe(
      'vault      none yet\nplaintext  none near by\n\n' +
        'next: twvault setup\n      from nothing to a running bot, step by step\n',
    );
    expect(existsSync(user.home)).toBe(false);
    user.withFileVault();
    const keys = user.add('brand');
    writeFileSync(join(user.root, 'work/.env'), tutorialLines(keys));
    const env = { TWVAULT_IDENTITY_FILE: undefined };
    const { stdout } = user.must([], { env });
    expect(stdout).toContain(`vault      encrypted files in ${user.home}\n`);
    expect(stdout).toContain('profiles   brand\nhere       brand (the only one)\nplaintext  .env\n');
    expect(stdout).toContain('next: export TWVAULT_IDENTITY_FILE=FILE\n');
    for (const value of Object.values(keys)) expect(stdout).not.toContain(value);
  });

  it('leaves the files of tools in the home directory to their tools', () => {
    const user = new User().withFileVault();
    const keys = user.add('brand');
    writeFileSync(join(user.root, '.twitterrc'), tutorialLines(keys));
    const { plaintext, next } = standing(user);
    expect(plaintext).toEqual({ here: [], inHome: ['../.twitterrc'], isWhole: true });
    expect(next.command).toBe('twvault exec -- COMMAND');
  });

  it('looks at so many files only, and says so', () => {
    const user = new User();
    const folder = join(user.root, 'work');
    for (let at = 0; at < 201; at += 1) writeFileSync(join(folder, `part-${at}.py`), '');
    expect(standing(user).plaintext.isWhole).toBe(false);
    expect(user.must([]).stdout).toContain(
      'plaintext  none found, but not every file was looked at: twvault scan',
    );
    rmSync(join(folder, 'part-0.py'));
    expect(standing(user).plaintext.isWhole).toBe(true);
    const other = new User();
    for (const name of ['a.py', 'b.py', 'c.py']) {
      expect(standing(other).plaintext.isWhole).toBe(true);
      writeFileSync(join(other.root, 'work', name), '#'.repeat(200_000));
    }
    expect(standing(other).plaintext.isWhole).toBe(false);
  });

  it('tells a profile that is not there, and sends to the doctor for what is damaged', () => {
    const user = new User().withFileVault();
    user.add('brand');
    const project = join(user.root, 'work/.twvault.json');
    writeFileSync(project, '{"profile": "gone"}');
    expect(nextOf(user)).toBe('twvault add gone');
    writeFileSync(project, '{"profiles": ["brand"]}');
    expect(standing(user).here).toEqual({ profiles: ['brand'], because: 'project' });
    writeFileSync(project, 'nonsense');
    expect(standing(user)).toMatchObject({
      troubles: [`${project} is refused: not JSON`],
      next: { command: 'twvault doctor' },
    });
    rmSync(project);
    const config = join(user.home, 'vault.json');
    const text = readFileSync(config);
    writeFileSync(config, '{');
    expect(user.must([]).stdout).toContain(`trouble    ${config} is damaged: not JSON\n`);
    expect(nextOf(user)).toBe('twvault doctor');
    writeFileSync(config, text);
    chmodSync(config, 0o600);
    expect(nextOf(user)).toBe('twvault exec -- COMMAND');
  });

  it('is no answer to anything else', () => {
    const user = new User();
    expect(user.run(['--json', 'list']).status).toBe(2);
    expect(user.run(['--jsn']).status).toBe(2);
    expect(user.run(['']).status).toBe(2);
  });
});
