import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { account } from '../examples/accounts.ts';
import { diverted } from '../standin/divert.mjs';
import { type Account, startStandIn } from '../standin/server.mjs';
import { User } from '../support/cli.ts';
import { generatedKeys, type Keys, tutorialLines } from '../support/credentials.ts';
import { Repository } from '../support/repository.ts';

const FILE = 'twitter_credentials.py';
const pythonLines = (keys: Keys): string => tutorialLines(keys).replace(/=(.+)$/gm, ' = "$1"');

/** A user with a bot in a repository, whose keys lie in a file, and with an identity for a vault yet to be made. */
function withBot(keys: Keys = generatedKeys('1234567')) {
  const user = new User();
  const { identityFile } = new User().withFileVault();
  user.env = { ...user.env, TWVAULT_IDENTITY_FILE: identityFile, SHELL: '/bin/sh' };
  const repository = new Repository(user);
  repository.write(FILE, pythonLines(keys)).write('bot.py', `import ${FILE.replace('.py', '')}\n`);
  return { user, keys, repository, cwd: repository.path };
}

async function withX(user: User, accounts: readonly Account[]): Promise<void> {
  const { port, close } = await startStandIn({ accounts });
  onTestFinished(close);
  user.env = { ...user.env, ...diverted(port) };
}

const project = (cwd: string) => JSON.parse(readFileSync(join(cwd, '.twvault.json'), 'utf8'));
const hook = (cwd: string): string => join(cwd, '.git/hooks/pre-commit');

describe('setup without a terminal', () => {
  it('takes over and scrubs what is near by, verifies, binds and guards, and prints the line to run', async () => {
    const ada = account('ada');
    const { user, cwd } = withBot(ada);
    await withX(user, [ada]);
    const { status, stdout, stderr } = await user.start(['setup', '--yes'], { cwd });
    expect([stderr, status]).toEqual([expect.any(String), 0]);
    expect(stdout).toMatch(/^account-\d+ +valid +@ada \(\d+\) +read-write /m);
    expect(stdout.split('\n').at(-2)).toBe('twvault exec -- python3 bot.py');
    expect(stderr).toContain(`took the values out of ${FILE}`);
    expect(project(cwd)).toEqual({ profile: `account-${ada.id}`, preset: 'tutorial' });
    expect(readFileSync(hook(cwd), 'utf8')).toContain('scan --staged');
    for (const value of [ada.api_secret, ada.access_token]) {
      expect(stdout + stderr).not.toContain(value);
      expect(readFileSync(join(cwd, FILE), 'utf8')).not.toContain(value);
    }
    const bot = user.must(['exec', '--', 'sh', '-c', 'echo "$CONSUMER_SECRET"'], { cwd });
    expect(bot.stdout).toBe(`${ada.api_secret}\n`);
  });

  it('does what each option says, and nothing that one forbids', () => {
    const { user, keys, cwd } = withBot();
    const none = ['--no-scrub', '--no-verify', '--no-bind', '--no-guard'];
    const { stdout } = user.must(['setup', '--from', FILE, '--profile', 'brand', ...none], { cwd });
    expect(stdout).toBe('twvault exec --as tutorial -- python3 bot.py\n');
    expect(user.must(['get', 'brand', 'api_key']).stdout).toBe(`${keys.api_key}\n`);
    expect(readFileSync(join(cwd, FILE), 'utf8')).toContain(keys.api_secret);
    for (const path of [join(cwd, '.twvault.json'), hook(cwd)]) expect(existsSync(path)).toBe(false);

    const again = user.must(
      ['setup', '--no-import', '--profile', 'brand', '--no-verify', '--bind', '--guard'],
      { cwd },
    );
    expect(again.stderr).toContain('brand is stored already');
    expect(project(cwd)).toEqual({ profile: 'brand' });
    expect(existsSync(hook(cwd))).toBe(true);
  });

  it('reads standard input', () => {
    const { user, keys, repository } = withBot();
    const folder = join(user.root, 'work');
    const args = ['setup', '--stdin', '--profile', 'brand', '--no-verify', '--bind'];
    const { stdout, stderr } = user.must(args, { cwd: folder, input: tutorialLines(keys) });
    expect(stdout).toBe('twvault exec -- COMMAND\n');
    expect(stderr).not.toContain('plaintext');
    expect(user.must(['get', 'brand', 'access_token']).stdout).toBe(`${keys.access_token}\n`);
    expect(readFileSync(join(repository.path, FILE), 'utf8')).toContain(keys.api_key);
    // Once more with the same keys: nothing to do. With others: nothing is done.
    const again = user.must(args, { cwd: folder, input: tutorialLines(keys) });
    expect(again.stderr).toContain('brand has these values already: unchanged');
    expect(again.stderr).toContain('brand is used in this folder already');
    const others = user.run(args, { cwd: folder, input: tutorialLines(generatedKeys()) });
    expect([others.status, others.stdout]).toEqual([1, '']);
    expect(others.stderr).toContain('--replace');
    user.must([...args, '--replace'], { cwd: folder, input: tutorialLines(generatedKeys('1234567')) });
    expect(user.must(['get', 'brand', 'access_token']).stdout).not.toBe(`${keys.access_token}\n`);
  });

  it.each([
    [[], '--verify or --no-verify, --bind or --no-bind, --from FILE or --stdin', 'work'],
    [
      [],
      '--guard or --no-guard, --verify or --no-verify, --bind or --no-bind, --import or --no-import',
      'repo',
    ],
    [['--import', '--no-guard', '--no-verify', '--bind'], '--profile NAME, --scrub or --no-scrub', 'repo'],
    [['--import', '--no-guard', '--no-verify', '--bind', '--profile', 'x'], '--scrub or --no-scrub', 'repo'],
    [['--no-import', '--yes'], '--from FILE or --stdin', 'repo'],
  ])('with %j lacks answers, names their options and does nothing', (options, lacking, folder) => {
    const { user, keys, cwd } = withBot();
    const result = user.run(['setup', ...options], { cwd: join(user.root, folder) });
    expect([result.status, result.stdout]).toEqual([2, '']);
    expect(result.stderr.split('\n')[0]).toBe(`twvault: there is no terminal to ask on: say ${lacking}`);
    expect(existsSync(user.home)).toBe(false);
    expect(existsSync(hook(cwd))).toBe(false);
    expect(readFileSync(join(cwd, FILE), 'utf8')).toContain(keys.api_key);
  });

  it('refuses what cannot be, before anything is done', () => {
    const { user, repository, cwd } = withBot();
    repository.write('other.py', pythonLines(generatedKeys('7654321')));
    repository.write('empty.env', 'PORT=80\n');
    const cases: [string[], number, RegExp][] = [
      [['--stdin', '--from', FILE], 2, /exclude each other/],
      [['--profile', 'one'], 2, /--profile names one profile, but the files hold 2/],
      [['--profile', 'No Name', '--from', FILE], 2, /cannot be a profile's name/],
      [['--from', 'empty.env'], 4, /no usable key of X/],
      [['--from', 'gone.py'], 1, /there is no file gone.py/],
      [['--store', 'nowhere'], 2, /nowhere/],
      [['--store', 'keychain', '--passphrase'], 2, /belong to --store file/],
      [['--store', 'keychain'], 3, /no keychain/],
      [['--guard', '--bind', 'No Name'], 2, /cannot be a profile's name/],
      [['--bind', 'gone'], 4, /there is no profile gone/],
    ];
    for (const [options, code, message] of cases) {
      const { status, stdout, stderr } = user.run(['setup', ...options, '--yes'], { cwd });
      expect([options, status, stdout]).toEqual([options, code, '']);
      expect(stderr).toMatch(message);
    }
    expect(existsSync(user.home)).toBe(false);
    const outside = user.run(['setup', '--stdin', '--guard', '--yes'], { cwd: join(user.root, 'work') });
    expect([outside.status, existsSync(user.home)]).toEqual([2, false]);
  });

  it('needs a way to open the vault where there is no keychain', () => {
    const { user, cwd } = withBot();
    user.env = { ...user.env, TWVAULT_IDENTITY_FILE: undefined };
    const { status, stderr } = user.run(['setup', '--yes'], { cwd });
    expect(status).toBe(3);
    expect(stderr).toContain('twvault init --store file --identity-out FILE');
    expect(existsSync(user.home)).toBe(false);
    const out = join(user.root, 'id.txt');
    const done = user.must(['setup', '--yes', '--no-verify', '--store', 'file', '--identity-out', out], {
      cwd,
    });
    expect(done.stderr).toContain(`hint: before that: export TWVAULT_IDENTITY_FILE=${out}`);
    const env = { TWVAULT_IDENTITY_FILE: out };
    user.must(['exec', '--', 'true'], { cwd, env });
    const other = user.run(['setup', '--yes', '--no-verify', '--store', 'keychain'], { cwd, env });
    expect([other.status, other.stderr]).toEqual([
      1,
      expect.stringContaining('twvault migrate --to keychain'),
    ]);
  });

  it('stops where X rejects the keys, and goes on later', async () => {
    const ada = account('ada');
    const wrong = { ...ada, access_token_secret: generatedKeys().access_token_secret };
    const { user, cwd } = withBot(wrong);
    await withX(user, [ada]);
    const args = ['setup', '--profile', 'brand', '--yes'];
    const stopped = await user.start(args, { cwd });
    expect(stopped.status).toBe(5);
    expect(stopped.stderr).toContain('setup stopped here: X does not take these keys');
    expect(stopped.stderr).toContain('with other keys: twvault setup --profile brand --replace');
    expect(existsSync(hook(cwd))).toBe(false);

    user.must(['set', 'brand', 'access_token_secret'], { input: ada.access_token_secret });
    const done = await user.start(args, { cwd });
    expect([done.stderr, done.status]).toEqual([expect.stringContaining('brand is stored already'), 0]);
    expect(existsSync(hook(cwd))).toBe(true);
    const third = await user.start(args, { cwd });
    expect(third.status).toBe(0);
    for (const text of [
      'brand is stored already',
      'brand is used in this folder already',
      'commits are checked already',
    ])
      expect(third.stderr).toContain(text);
  });

  it('goes on where X cannot be asked, and says so at the end', async () => {
    const { user, cwd } = withBot();
    const { port, close } = await startStandIn({ accounts: [] });
    await close();
    user.env = { ...user.env, ...diverted(port) };
    const { status, stdout } = await user.start(['setup', '--yes'], { cwd });
    expect(status).toBe(1);
    expect(stdout).toMatch(/untested/);
    expect(stdout.split('\n').at(-2)).toBe('twvault exec -- python3 bot.py');
    expect(existsSync(hook(cwd))).toBe(true);
  });

  it('stores several accounts, and takes the one that is named for the folder', () => {
    const { user, repository, cwd } = withBot();
    repository.write('other.py', pythonLines(generatedKeys('7654321')));
    const args = ['setup', '--yes', '--no-scrub', '--no-verify', '--no-guard'];
    const { stderr } = user.must(args, { cwd });
    expect(stderr).toContain('twvault use NAME --here (account-7654321, account-1234567)');
    expect(existsSync(join(cwd, '.twvault.json'))).toBe(false);
    user.must([...args, '--bind', 'account-1234567'], { cwd });
    expect(project(cwd)).toEqual({ profile: 'account-1234567' });
  });

  it("leaves a tool's own file in the home directory as it is", () => {
    const { user, keys } = withBot();
    writeFileSync(join(user.root, '.twitterrc'), tutorialLines(keys));
    const cwd = join(user.root, 'work');
    user.must(['setup', '--yes', '--no-verify', '--profile', 'brand'], { cwd });
    expect(readFileSync(join(user.root, '.twitterrc'), 'utf8')).toBe(tutorialLines(keys));
    expect(user.must(['get', 'brand', 'api_key']).stdout).toBe(`${keys.api_key}\n`);
    const named = ['setup', '--from', '../.twitterrc', '--yes', '--no-verify', '--profile', 'brand'];
    expect(user.must(named, { cwd }).stderr).toContain('.twitterrc still holds the keys in plaintext');
    user.must([...named, '--scrub'], { cwd });
    expect(readFileSync(join(user.root, '.twitterrc'), 'utf8')).not.toContain(keys.api_key);
  });

  it('reports a file that cannot be scrubbed at the end, with all else done', () => {
    const { user, repository, cwd } = withBot();
    // Two values that would both have to be TWITTER_API_KEY.
    const [one, two] = [generatedKeys('1'), generatedKeys('2')];
    repository.write(FILE, '').write('a.env', tutorialLines(one)).write('b.env', tutorialLines(two));
    const { status, stderr, stdout } = user.run(['setup', '--yes', '--no-verify'], { cwd });
    expect(status).toBe(1);
    expect(stderr).toContain('not every file was scrubbed');
    expect(stdout).toContain('twvault exec');
    expect(existsSync(hook(cwd))).toBe(true);
  });

  it('has the shell complete twvault, once, and only where it is told to', () => {
    const { user, cwd } = withBot();
    user.env = { ...user.env, SHELL: '/usr/bin/fish' };
    const script = join(user.root, '.config/fish/completions/twvault.fish');
    const args = [
      'setup',
      '--import',
      '--profile',
      'brand',
      '--scrub',
      '--no-verify',
      '--bind',
      '--no-guard',
    ];
    expect(user.run(args, { cwd }).stderr).toContain('say --completion or --no-completion\n');
    user.must([...args, '--no-completion'], { cwd });
    expect(existsSync(script)).toBe(false);
    expect(user.must([...args, '--completion'], { cwd }).stderr).toContain(`put it into ${script}`);
    expect(user.must(args, { cwd }).stderr).not.toContain('put it into');
    writeFileSync(script, 'mine');
    expect(user.must([...args, '--yes'], { cwd }).stderr).toContain(
      `warning: no completion: ${script} exists`,
    );
    user.env = { ...user.env, SHELL: '/bin/sh' };
    const unknown = user.run([...args, '--completion'], { cwd });
    expect([unknown.status, unknown.stderr]).toEqual([
      2,
      expect.stringContaining('twvault completion install'),
    ]);
  });

  it('asks more than --guard for a hooks folder that other repositories use', () => {
    const { user, cwd, repository } = withBot();
    const hooks = join(user.root, 'hooks');
    mkdirSync(hooks);
    repository.must(['config', '--global', 'core.hooksPath', hooks]);
    const args = ['setup', '--import', '--profile', 'brand', '--scrub', '--no-verify', '--bind'];
    const refused = user.run([...args, '--guard'], { cwd });
    expect(refused.status).toBe(2);
    expect(refused.stderr).toContain('--no-guard or --yes');
    expect(existsSync(user.home)).toBe(false);
    user.must([...args, '--guard', '--yes'], { cwd });
    expect(existsSync(join(hooks, 'pre-commit'))).toBe(true);
  });
});
