import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { User } from '../support/cli.ts';
import { alphanumeric, generatedKeys, type Keys, tutorialLines } from '../support/credentials.ts';

function newUser() {
  const user = new User().withFileVault();
  const work = join(user.root, 'work');
  return { user, work, write: (name: string, text: string) => writeFileSync(join(work, name), text) };
}

/** Every value that `get` gives of a profile. */
const valuesIn = (user: User, profile: string, fields: readonly string[]) =>
  Object.fromEntries(fields.map((field) => [field, user.must(['get', profile, field]).stdout.trim()]));

const tutorialFile = (keys: Keys): string =>
  tutorialLines(keys).replace(/=(.*)/g, ' = "$1"').concat('# nothing else\n');

const userTokens = ({ access_token, access_token_secret }: Keys) => ({ access_token, access_token_secret });

/** Two accounts of one app as Python dictionaries, with the secret of another service. */
function twoAccounts(first = 'alice', second = 'bob') {
  const [alice, bob] = [generatedKeys('1111111'), generatedKeys('2222222')];
  const { api_key, api_secret } = alice;
  const text = [
    `${first} = ${JSON.stringify(alice, null, 2)}`,
    `${second} = ${JSON.stringify({ api_key, api_secret, ...userTokens(bob) })}`,
    `OPENAI_API_KEY = "sk-${alphanumeric(40)}"`,
    '',
  ].join('\n');
  return { alice, bob: { ...bob, api_key, api_secret }, text };
}

describe('import', () => {
  it("takes over the tutorial's file, and never shows a value", () => {
    const { user, work, write } = newUser();
    const keys = generatedKeys('1234567');
    write('twitter_credentials.py', tutorialFile(keys));
    const { stdout, stderr } = user.must([
      'import',
      'twitter_credentials.py',
      '--yes',
      '--profile',
      'brand',
      '--json',
    ]);
    expect(valuesIn(user, 'brand', Object.keys(keys))).toEqual(keys);
    const report = JSON.parse(stdout);
    expect(report.profiles).toMatchObject([
      { name: 'brand', inherit: null, account: { id: '1234567' }, stored: true, outcome: 'created' },
    ]);
    expect(Object.keys(report.profiles[0].fields)).toEqual(Object.keys(keys));
    expect(report.profiles[0].fields.api_key[0]).toMatchObject({
      path: 'twitter_credentials.py',
      name: 'CONSUMER_KEY',
    });
    expect(stderr).toContain('twitter_credentials.py still holds the keys in plaintext');
    expect(stderr).toContain('renew');
    for (const value of Object.values(keys)) expect(stdout + stderr).not.toContain(value.slice(-12));
    expect(readFileSync(join(work, 'twitter_credentials.py'), 'utf8')).toBe(tutorialFile(keys));
  });

  it('makes a profile for each account, and one for their app', () => {
    const { user, write } = newUser();
    const { alice, bob, text } = twoAccounts();
    write('accounts.py', text);
    const { stdout, stderr } = user.must(['import', 'accounts.py', '--yes', '--json']);
    const report = JSON.parse(stdout);
    expect(report.profiles.map(({ name, inherit }: Record<string, unknown>) => [name, inherit])).toEqual([
      ['app', null],
      ['alice', 'app'],
      ['bob', 'app'],
    ]);
    expect(report.leftAlone).toMatchObject([{ path: 'accounts.py', name: 'OPENAI_API_KEY' }]);
    expect(stderr).toContain('left alone: OPENAI_API_KEY');
    expect(valuesIn(user, 'alice', Object.keys(alice))).toEqual(alice);
    expect(valuesIn(user, 'bob', Object.keys(bob))).toEqual(bob);
    expect(JSON.parse(user.must(['show', 'bob', '--json']).stdout).fields.api_key.from).toBe('app');
  });

  it('says what is unchanged, adds what is new, and replaces only when told to', () => {
    const { user, write } = newUser();
    const keys = generatedKeys('1234567');
    const outcomeOf = (...options: string[]) =>
      JSON.parse(user.must(['import', '.env', '--yes', '--json', ...options]).stdout).profiles[0].outcome;
    write('.env', tutorialLines(keys));
    expect(outcomeOf('--profile', 'brand')).toBe('created');
    const generation = JSON.parse(readFileSync(join(user.home, 'index/brand.json'), 'utf8')).generation;
    expect(outcomeOf('--profile', 'brand')).toBe('unchanged');
    expect(JSON.parse(readFileSync(join(user.home, 'index/brand.json'), 'utf8')).generation).toBe(generation);
    // The account is stored as brand, so that is what it is called.
    expect(outcomeOf()).toBe('unchanged');
    const bearer = `${'A'.repeat(22)}${alphanumeric(80)}%3D`;
    write('.env', `${tutorialLines(keys)}BEARER_TOKEN=${bearer}\n`);
    expect(outcomeOf()).toBe('extended');
    expect(user.must(['get', 'brand', 'bearer_token']).stdout).toBe(`${bearer}\n`);

    const other = generatedKeys('1234567');
    write('.env', tutorialLines(other));
    const refused = user.run(['import', '.env', '--yes']);
    expect(refused.status).toBe(1);
    expect(refused.stderr).toContain('brand exists already and has another api_key, api_secret');
    expect(refused.stderr).toContain('--replace');
    expect(valuesIn(user, 'brand', Object.keys(keys))).toEqual(keys);
    expect(outcomeOf('--replace')).toBe('replaced');
    expect(valuesIn(user, 'brand', Object.keys(other))).toEqual(other);
    expect(user.run(['get', 'brand', 'bearer_token']).status).toBe(4);
  });

  it('gives the app of other accounts a name of its own', () => {
    const { user, write } = newUser();
    const [first, second] = [twoAccounts(), twoAccounts('carol', 'dave')];
    write('first.py', first.text);
    write('second.py', second.text);
    user.must(['import', 'first.py', '--yes']);
    user.must(['import', 'second.py', '--yes']);
    expect(valuesIn(user, 'alice', ['api_key'])).toEqual({ api_key: first.alice.api_key });
    expect(valuesIn(user, 'dave', ['api_key'])).toEqual({ api_key: second.alice.api_key });
    expect(JSON.parse(user.must(['show', 'dave', '--json']).stdout).inherit).toBe('app-2');
    // Both are found again.
    for (const file of ['first.py', 'second.py']) {
      const { stdout } = user.must(['import', file, '--yes', '--json']);
      const outcomes = JSON.parse(stdout).profiles.map(({ outcome }: { outcome: string }) => outcome);
      expect(new Set(outcomes)).toEqual(new Set(['unchanged']));
    }
    expect(JSON.parse(user.must(['list', '--json']).stdout)).toHaveLength(6);
  });

  it('shows what it would do, and does nothing', () => {
    const user = new User();
    const work = join(user.root, 'work');
    writeFileSync(join(work, 'accounts.py'), twoAccounts().text);
    const { stdout, stderr } = user.must(['import', 'accounts.py', '--dry-run']);
    expect(stdout).toMatch(/^alice \(1111111\), with the keys of app: /m);
    expect(stdout).toMatch(/^left alone: accounts.py:\d+ OPENAI_API_KEY/m);
    expect(stderr).toContain('nothing was stored');
    const report = JSON.parse(user.must(['import', 'accounts.py', '--dry-run', '--json']).stdout);
    expect(report.profiles.map(({ stored }: { stored: boolean }) => stored)).toEqual([false, false, false]);
    expect(existsSync(user.home)).toBe(false);
  });

  it('needs --yes or --dry-run where nobody can be asked', () => {
    const { user, write } = newUser();
    write('.env', tutorialLines(generatedKeys()));
    for (const args of [['.env'], ['.env', '--profile', 'brand'], ['.env', '--yes', '--dry-run']]) {
      const { status, stdout, stderr } = user.run(['import', ...args]);
      expect([args, status, stdout]).toEqual([args, 2, '']);
      expect(stderr).toContain('--dry-run');
    }
    expect(user.run(['import', '.env', '--yes', '--profile', 'No Name']).status).toBe(2);
  });

  it('refuses placeholders by name and imports the rest; makes no vault where nothing is left', () => {
    const user = new User();
    const work = join(user.root, 'work');
    const empty = tutorialLines(generatedKeys()).replace(/=.*/g, '=YOUR_KEY_HERE');
    writeFileSync(join(work, '.env'), empty);
    const { status, stdout, stderr } = user.run(['import', '.env', '--yes', '--json']);
    expect(status).toBe(2);
    expect(stderr).toContain('nothing was imported');
    expect(stderr).toContain('refused: CONSUMER_KEY is a placeholder');
    expect(JSON.parse(stdout).refused).toHaveLength(4);
    expect(existsSync(user.home)).toBe(false);

    const keys = generatedKeys();
    user.withFileVault();
    writeFileSync(join(work, '.env'), `${tutorialLines(keys)}BEARER_TOKEN=<your token>\n`);
    const partly = user.must(['import', '.env', '--yes', '--profile', 'brand']);
    expect(partly.stderr).toContain('refused BEARER_TOKEN (.env:');
    expect(valuesIn(user, 'brand', Object.keys(keys))).toEqual(keys);
  });

  it('names the lines of keys that nothing reads, and never the keys', () => {
    const user = new User();
    const [now, old, joined] = [generatedKeys(), generatedKeys(), alphanumeric(45)];
    const text = [
      `# CONSUMER_KEY = "${old.api_key}"`,
      `CONSUMER_SECRET = "${old.api_secret}"`,
      `CONSUMER_KEY = "${now.api_key}"`,
      `CONSUMER_SECRET = ("${now.api_secret.slice(0, 20)}"`,
      `  "${now.api_secret.slice(20)}") # twitter, naïve`,
      `ACCESS_TOKEN = "${now.access_token}"`,
      `ACCESS_TOKEN_SECRET = b"${joined}".decode("utf-16")`,
      '',
    ].join('\n');
    writeFileSync(join(user.root, 'work', 'keys.py'), text);
    const { stdout, stderr } = user.must(['import', 'keys.py', '--dry-run']);
    expect(stdout.match(/^left alone: .*/gm)).toEqual([
      'left alone: keys.py:1: it looks like an X API Key, where nothing is read',
      'left alone: keys.py:2: it looks like an X API Key Secret, where nothing is read',
      'left alone: keys.py:7: it looks like an X Access Token Secret, where nothing is read',
    ]);
    for (const value of [old.api_key, old.api_secret, joined])
      expect(stdout + stderr).not.toContain(value.slice(0, 8));
    const { leftAlone } = JSON.parse(user.must(['import', 'keys.py', '--dry-run', '--json']).stdout);
    expect(leftAlone.map(({ line, name }: Record<string, unknown>) => [line, name])).toEqual([
      [1, ''],
      [2, ''],
      [7, ''],
    ]);
    user.withFileVault();
    expect(user.must(['import', 'keys.py', '--yes']).stderr).toContain(
      'left alone: line 1 of keys.py, line 2 of keys.py, line 7 of keys.py\n',
    );
  });

  it('says where keys are in a file that cannot be read as one of keys', () => {
    const user = new User();
    const { api_key, api_secret } = generatedKeys();
    const text = `keys := Keys{"${api_key}", "${api_secret}"}\n// consumerKey: "${generatedKeys().api_key}"\n`;
    writeFileSync(join(user.root, 'work', 'main.go'), `package main\n${text}`);
    const { status, stderr } = user.run(['import', 'main.go', '--yes']);
    expect([status, stderr.includes(api_key)]).toEqual([4, false]);
    expect(stderr).toContain('hint: left alone: line 3 of main.go: it looks like an X API Key');
  });

  it('--profile names one account only', () => {
    const { user, write } = newUser();
    write('accounts.py', twoAccounts().text);
    const { status, stderr } = user.run(['import', 'accounts.py', '--yes', '--profile', 'brand']);
    expect(status).toBe(2);
    expect(stderr).toContain('app, alice, bob');
  });

  it('merges what several files hold, and takes a file that is named twice once', () => {
    const { user, write } = newUser();
    const keys = generatedKeys('1234567');
    write('app.env', tutorialLines(keys).split('\n').slice(0, 2).join('\n'));
    write('user.env', tutorialLines(keys).split('\n').slice(2).join('\n'));
    write('all.py', tutorialFile(keys));
    const { stdout } = user.must(['import', 'app.env', 'user.env', 'all.py', './all.py', '--yes', '--json']);
    const { profiles } = JSON.parse(stdout);
    expect(profiles).toHaveLength(1);
    expect(profiles[0].fields.access_token.map(({ path }: { path: string }) => path).sort()).toEqual([
      'all.py',
      'user.env',
    ]);
    expect(valuesIn(user, 'account-1234567', Object.keys(keys))).toEqual(keys);
  });

  it('warns of a refresh token, which then has two owners', () => {
    const { user, write } = newUser();
    const token = (kind: string) =>
      Buffer.from(`${alphanumeric(45)}:1699999999999:1:1:${kind}:1`).toString('base64url');
    const tokens = { access_token: token('at'), refresh_token: token('rt'), expiration_time: 1700000000 };
    write('xurl.py', `oauth2_tokens = ${JSON.stringify({ alice: { type: 'oauth2', oauth2: tokens } })}\n`);
    const { stderr } = user.must(['import', 'xurl.py', '--yes']);
    expect(stderr).toContain('alice: a refresh token works once');
    expect(user.must(['get', 'alice', 'oauth2_refresh_token']).stdout).toBe(`${tokens.refresh_token}\n`);
  });

  it('says what was stored before it failed', () => {
    const { user, write } = newUser();
    write('accounts.py', twoAccounts().text);
    // A folder where bob's entry in the index has to be.
    mkdirSync(join(user.home, 'index/bob.json.d'), { recursive: true });
    mkdirSync(join(user.home, 'profiles/bob.age'), { recursive: true });
    const { status, stdout, stderr } = user.run(['import', 'accounts.py', '--yes', '--json']);
    expect(status).toBe(1);
    expect(stderr).not.toContain('internal error');
    const stored =
      stdout === '' ? [] : JSON.parse(stdout).profiles.filter((each: { stored: boolean }) => each.stored);
    for (const { name } of stored) expect(user.run(['get', name, 'api_key']).status).toBe(0);
  });
});

describe('import without a file', () => {
  it('lists what the usual places hold, and imports nothing', () => {
    const { user, work, write } = newUser();
    const keys = generatedKeys('1234567');
    mkdirSync(join(work, '.git'));
    for (const folder of ['bots', 'bots/deep', 'node_modules', 'sub']) mkdirSync(join(work, folder));
    write('bots/credentials.json', JSON.stringify(keys));
    write('.env.production', tutorialLines(generatedKeys('7654321')));
    write('bots/deep/.env', tutorialLines(generatedKeys('5555555')));
    write('node_modules/.env', tutorialLines(generatedKeys('6666666')));
    write('.env.example', tutorialLines(keys).replace(/=.*/g, '=xxxxxxxx'));
    write('package.json', '{"name": "bot"}');
    writeFileSync(join(user.root, '.tweet.client.key'), tutorialLines(generatedKeys('8888888')));
    const { stdout, stderr } = user.must(['import', '--json'], { cwd: join(work, 'sub') });
    const report = JSON.parse(stdout);
    expect(report.files).toEqual([
      '../.env.production',
      '../bots/credentials.json',
      '../../.tweet.client.key',
    ]);
    expect(report.profiles.map(({ name, stored }: Record<string, unknown>) => [name, stored])).toEqual([
      ['account-7654321', false],
      ['account-1234567', false],
      ['account-8888888', false],
    ]);
    expect(stderr).toContain('hint: take them over: twvault import ../.env.production');
    const text = user.must(['import']);
    expect(text.stdout).toContain('bots/credentials.json:');
    for (const value of Object.values(keys)) expect(text.stdout + stdout).not.toContain(value);
    expect(user.must(['list']).stdout + user.must(['list']).stderr).not.toContain('account-');
  });

  it('says so where there is nothing', () => {
    const user = new User();
    const { status, stdout, stderr } = user.run(['import']);
    expect([status, stdout]).toEqual([0, '']);
    expect(stderr).toContain('found no keys of X');
    expect(JSON.parse(user.must(['import', '--json']).stdout)).toEqual({
      profiles: [],
      leftAlone: [],
      refused: [],
      files: [],
    });
  });
});
