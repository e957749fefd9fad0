import {
  chownSync,
  existsSync,
  lchownSync,
  mkdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { projectOf } from '../../src/project/project-file.ts';
import { temporaryFolder, User } from '../support/cli.ts';
import { alphanumeric, generatedKeys } from '../support/credentials.ts';

/** A repository with a folder two levels down. */
function repository() {
  const root = temporaryFolder();
  const deep = join(root, 'src', 'bots');
  mkdirSync(deep, { recursive: true });
  mkdirSync(join(root, '.git'));
  const write = (folder: string, value: unknown) =>
    writeFileSync(join(folder, '.twvault.json'), typeof value === 'string' ? value : JSON.stringify(value));
  return { root, deep, write };
}

describe('.twvault.json', () => {
  it('is the nearest one up to the root of the repository', () => {
    const { root, deep, write } = repository();
    write(root, { profile: 'upper' });
    expect(projectOf(deep)?.profile).toBe('upper');
    write(join(root, 'src'), {
      profile: 'nearer',
      preset: 'tweepy',
      env: { BOT_KEY: 'api_key', AI: 'OPENAI_API_KEY' },
    });
    expect(projectOf(deep)).toMatchObject({ profile: 'nearer', preset: 'tutorial' });
    expect([...(projectOf(deep)?.env ?? [])]).toEqual([
      ['BOT_KEY', 'api_key'],
      ['AI', 'OPENAI_API_KEY'],
    ]);
  });

  it('is never taken from above the repository, or from above a folder that is in none', () => {
    const { root, deep, write } = repository();
    write(root, { profile: 'outer' });
    mkdirSync(join(root, 'src', '.git'));
    expect(projectOf(deep)).toBeUndefined();
    const loose = temporaryFolder();
    mkdirSync(join(loose, 'below'));
    write(loose, { profile: 'loose' });
    expect(projectOf(loose)?.profile).toBe('loose');
    expect(projectOf(join(loose, 'below'))).toBeUndefined();
  });

  const key = alphanumeric(25);
  it.each([
    [{ profil: 'x' }, /unknown key "profil"/],
    [{ profile: 'No Such' }, /not a profile's name/],
    [{ preset: 'No Such' }, /not a preset's name/],
    [{ account: 12 }, /not a string/],
    [{ account: '@me' }, /not a numeric user id/],
    [{ env: { X: 'password' } }, /names neither a field nor an extra/],
    [{ env: { NODE_OPTIONS: 'api_key' } }, /changes how programs are run/],
    ...[
      'HTTPS_PROXY',
      'all_proxy',
      'GIT_SSH',
      'Path',
      'PERL5OPT',
      'RUBYOPT',
      'PYTHONHOME',
      'CURL_CA_BUNDLE',
    ].map((name): [object, RegExp] => [{ env: { [name]: 'api_key' } }, /changes how programs are run/]),
    [{ presets: { own: { api_key: 'https_proxy' } } }, /changes how programs are run/],
    [{ profile: key }, /profile is shaped like a credential/],
    [{ env: { CONSUMER_KEY: key } }, /env.CONSUMER_KEY is shaped like a credential/],
    [{ env: { [key]: 'api_key' } }, /a key of env is shaped like a credential/],
    [{ nested: { deep: [generatedKeys().access_token] } }, /shaped like a credential/],
    ['{"profile": "x"', /not JSON/],
    ['[]', /not an object/],
    ['{"__proto__": {"profile": "x"}}', /unknown key "__proto__"/],
  ])('is refused where it is wrong: %#', (value, message) => {
    const { root, write } = repository();
    write(root, value);
    let text = '';
    try {
      projectOf(root);
    } catch (error) {
      text = (error as Error).message;
    }
    expect(text).toMatch(message);
    expect(text).not.toContain(key);
  });
});

describe.skipIf(process.geteuid?.() !== 0)("another user's file", () => {
  const NOBODY = 65534;
  it('is refused, unless root works in a folder of that user', () => {
    const user = new User().withFileVault();
    const keys = user.add('personal');
    const shared = join(user.root, 'shared');
    const mine = join(shared, 'mine');
    mkdirSync(mine, { recursive: true });
    mkdirSync(join(shared, '.git'));
    const file = join(shared, '.twvault.json');
    writeFileSync(file, '{"env":{"NAME":"api_key"}}');
    const run = () => user.run(['exec', '--', 'printenv', 'NAME'], { cwd: mine });
    expect(run().stdout.trim()).toBe(keys.api_key);
    chownSync(file, NOBODY, NOBODY);
    expect(run()).toMatchObject({
      status: 125,
      stdout: '',
      stderr: expect.stringContaining('.twvault.json belongs to another user (uid 65534)'),
    });
    chownSync(mine, NOBODY, NOBODY);
    expect(run().stdout.trim()).toBe(keys.api_key);
  });

  it('is refused behind a link of that user to a file of ours', () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'ours.json'), '{"profile":"other"}');
    symlinkSync('ours.json', join(folder, '.twvault.json'));
    expect(projectOf(folder)?.profile).toBe('other');
    lchownSync(join(folder, '.twvault.json'), NOBODY, NOBODY);
    expect(() => projectOf(folder)).toThrow(/belongs to another user/);
  });
});

describe('which profile', () => {
  it('is decided by option, variable, project, default, and last by there being only one', () => {
    const user = new User().withFileVault();
    const tokens = Object.fromEntries(
      ['one', 'two', 'three', 'four'].map((name) => [name, user.add(name).access_token]),
    );
    const used = (args: string[], env: Record<string, string> = {}, cwd?: string) => {
      const options = cwd === undefined ? { env } : { env, cwd };
      const { stdout } = user.must(
        ['exec', ...args, '--', 'sh', '-c', 'printf %s "$TWITTER_ACCESS_TOKEN"'],
        options,
      );
      return Object.keys(tokens).find((name) => tokens[name] === stdout);
    };
    const none = user.run(['exec', '--', 'true']);
    expect(none.status).toBe(125);
    expect(none.stderr).toMatch(/hint: profiles: four, one, three, two/);

    user.must(['use', 'one']);
    expect(used([])).toBe('one');
    const folder = join(user.root, 'project');
    mkdirSync(folder);
    user.must(['use', 'two', '--here'], { cwd: folder });
    expect(used([], {}, folder)).toBe('two');
    expect(used([], { TWVAULT_PROFILE: 'three' }, folder)).toBe('three');
    expect(used(['-p', 'four'], { TWVAULT_PROFILE: 'three' }, folder)).toBe('four');
    expect(used(['--profile=four'], {}, folder)).toBe('four');
    expect(used(['-pfour'], {}, folder)).toBe('four');
  });

  it('is never another than the one that was named', () => {
    const user = new User().withFileVault();
    user.add('personal');
    expect(user.run(['exec', '-p', 'persona', '--', 'true'])).toMatchObject({ status: 125, stdout: '' });
    expect(user.run(['exec', '--', 'true'], { env: { TWVAULT_PROFILE: 'gone' } }).status).toBe(125);
    writeFileSync(join(user.root, 'work', '.twvault.json'), '{"profile":"gone"}');
    expect(user.run(['exec', '--', 'true']).stderr).toContain('there is no profile gone');
  });

  it('is bound to a folder without touching what else its file says', () => {
    const user = new User().withFileVault();
    user.add('personal');
    const path = join(user.root, 'work', '.twvault.json');
    writeFileSync(path, '{"preset":"tutorial","env":{"K":"api_key"}}');
    user.must(['use', 'personal', '--here']);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({
      preset: 'tutorial',
      env: { K: 'api_key' },
      profile: 'personal',
    });
    const { stdout } = user.must(['exec', '--', 'env']);
    expect(stdout).toMatch(/^CONSUMER_KEY=/m);
    expect(stdout).toMatch(/^K=/m);
    expect(user.run(['use', 'nobody', '--here']).status).toBe(4);
    expect(existsSync(join(user.root, '.twvault.json'))).toBe(false);
  });
});

describe('an account pin', () => {
  it('refuses to run as another account', () => {
    const user = new User().withFileVault();
    user.add('right', generatedKeys('111'));
    user.add('wrong', generatedKeys('222'));
    const marker = join(user.root, 'ran');
    writeFileSync(join(user.root, 'work', '.twvault.json'), '{"profile":"right","account":"111"}');
    expect(user.run(['exec', '--', 'true']).status).toBe(0);
    const refused = user.run(['exec', '-p', 'wrong', '--', 'touch', marker]);
    expect(refused.status).toBe(125);
    expect(refused.stderr).toMatch(/pinned to account 111, but wrong belongs to 222/);
    expect(existsSync(marker)).toBe(false);
  });
});
