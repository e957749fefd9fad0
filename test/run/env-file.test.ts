import { existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { User } from '../support/cli.ts';
import { alphanumeric, generatedKeys, tutorialLines } from '../support/credentials.ts';
import { environmentOf } from '../support/environment.ts';

/** A user with two profiles, and a way to write files where commands run. */
function setUp() {
  const user = new User().withFileVault();
  const keys = { personal: user.add('personal'), brand: user.add('brand') };
  user.must(['set', 'brand', 'DATABASE_URL'], { input: 'postgres://u:made-up@db/bots\n' });
  const write = (text: string, name = '.env'): void => {
    writeFileSync(join(user.root, 'work', name), text);
  };
  return { user, keys, write };
}

const NAMES = /TWITTER_|DATABASE_URL|OPENAI/;

describe('exec --env-file', () => {
  it('puts values in the place of references, and passes the rest', () => {
    const { user, keys, write } = setUp();
    write(
      [
        '# for the bot',
        'export KEY="twvault://brand/api_key" # of the brand',
        'MINE = twvault://personal/api_key',
        'DATABASE_URL=twvault://brand/DATABASE_URL',
        "GREETING='hello, world'",
        'EMPTY=',
      ].join('\r\n'),
    );
    const env = environmentOf(user, ['--env-file', '.env']);
    expect(env).toMatchObject({
      KEY: keys.brand.api_key,
      MINE: keys.personal.api_key,
      DATABASE_URL: 'postgres://u:made-up@db/bots',
      GREETING: 'hello, world',
      EMPTY: '',
    });
    expect(Object.keys(env).filter((name) => name.startsWith('TWITTER_'))).toEqual([]);
  });

  it('of the command itself needs -- before the command', () => {
    const { user, write } = setUp();
    write('PLAIN=1\n');
    const app = ['--env-file=.env', '-p', '1'];
    expect(user.run(['exec', '-p', 'brand', process.execPath, ...app])).toMatchObject({
      status: 125,
      stderr: expect.stringContaining('put -- before the command'),
    });
    expect(user.must(['exec', '-p', 'brand', '--', process.execPath, ...app]).stdout).toBe('1\n');
  });

  it('means the chosen profile where a reference names none', () => {
    const { user, keys, write } = setUp();
    write('A=twvault://api_key\nB=twvault:///api_secret\n');
    const env = environmentOf(user, ['-p', 'brand', '--env-file', '.env']);
    expect(env).toMatchObject({ A: keys.brand.api_key, B: keys.brand.api_secret });
    const { status, stderr } = user.run(['exec', '--env-file', '.env', 'true']);
    expect([status, stderr]).toEqual([125, expect.stringContaining('several profiles, and none chosen')]);
  });

  it('opens no profile but those that it names', () => {
    const { user, keys, write } = setUp();
    writeFileSync(join(user.home, 'profiles', 'personal.age'), 'damaged');
    write('KEY=twvault://brand/api_key\n');
    user.must(['use', 'personal']);
    expect(environmentOf(user, ['--env-file', '.env'])).toMatchObject({ KEY: keys.brand.api_key });
    expect(user.run(['exec', '-p', 'personal', '--env-file', '.env', 'true']).status).toBe(125);
  });

  it("hands over a named profile's variables as well", () => {
    const { user, keys, write } = setUp();
    write('KEY=twvault://brand/api_key\n');
    const env = environmentOf(user, ['-p', 'personal', '--env-file', '.env']);
    expect(env).toMatchObject({ KEY: keys.brand.api_key, TWITTER_API_KEY: keys.personal.api_key });
    user.must(['use', 'personal']);
    expect(environmentOf(user, ['--as', 'x', '--env-file', '.env'])).toMatchObject({
      X_API_KEY: keys.personal.api_key,
    });
    expect(environmentOf(user, ['--env', 'MINE=api_secret', '--env-file', '.env'])).toMatchObject({
      MINE: keys.personal.api_secret,
    });
  });

  it('is over the parent, under the profile where it is plain, and later files over earlier ones', () => {
    const { user, keys, write } = setUp();
    write(
      'PORT=1\nTWITTER_API_KEY=plain\nTWITTER_API_SECRET=twvault://brand/api_secret\nX=twvault://brand/api_key\n',
    );
    write('PORT=2\nX=twvault://brand/access_token\nTWITTER_API_SECRET=plain\n', 'second.env');
    const files = ['--env-file', '.env', '--env-file=second.env'];
    const options = { env: { PORT: '0', KEPT: 'parent' } };
    const env = environmentOf(user, ['-p', 'personal', ...files], options);
    expect(env).toMatchObject({
      KEPT: 'parent',
      PORT: '2',
      TWITTER_API_KEY: keys.personal.api_key,
      TWITTER_API_SECRET: keys.brand.api_secret,
      X: keys.brand.access_token,
    });
    const own = ['--env', 'X=personal/api_key', '--env', 'TWITTER_API_SECRET=brand/api_key'];
    expect(environmentOf(user, ['-p', 'personal', ...own, ...files], options)).toMatchObject({
      X: keys.personal.api_key,
      TWITTER_API_SECRET: keys.brand.api_key,
    });
  });

  it.each([
    ['A=1\nB=twvault://nobody/api_key', /\.env:2: twvault:\/\/nobody\/api_key: .*nobody/],
    [
      '\n\nB=twvault://brand/bearer_token',
      /\.env:3: twvault:\/\/brand\/bearer_token: .*brand has no bearer_token/,
    ],
    ['B=twvault://brand/OTHER', /\.env:1: twvault:\/\/brand\/OTHER: .*brand has no OTHER/],
    ['B=twvault://brand/nonsense', /\.env:1: .*nonsense is neither a field/],
    ['B=twvault://Brand/api_key', /\.env:1: .*Brand is not a profile's name/],
    ['B=twvault://brand/app/api_key', /\.env:1: a reference is/],
    ['B=twvault://', /\.env:1: /],
    ['B=postgres://u:twvault://brand/api_key@db', /\.env:1: a reference stands for a whole value/],
    ['B=twvault://brand/oauth2_refresh_token', /\.env:1: .*never handed/],
    ['NODE_OPTIONS=twvault://brand/api_key', /\.env:1: .*changes how programs are run/],
  ])('starts nothing where a reference is wrong: %j', (text, message) => {
    const { user, write } = setUp();
    write(text);
    const { status, stderr } = user.run(['exec', '--env-file', '.env', '--', 'touch', 'ran']);
    expect([status, stderr]).toEqual([125, expect.stringMatching(message)]);
    expect(existsSync(join(user.root, 'work', 'ran'))).toBe(false);
  });

  it('shows no key that stands in the place of a name', () => {
    const { user, write } = setUp();
    const key = alphanumeric(25);
    for (const reference of [`twvault://brand/${key}`, `twvault://${key}/api_key`, `twvault://${key}`]) {
      write(`B=${reference}\n`);
      const { status, stderr } = user.run(['exec', '--env-file', '.env', 'true']);
      expect(status).toBe(125);
      expect(stderr).not.toContain(key);
    }
  });

  it('names a file that cannot be read, and starts nothing', () => {
    const { user } = setUp();
    for (const path of ['missing.env', '/dev/null/x', '/tmp']) {
      const { status, stderr } = user.run(['exec', '-f', path, '--', 'touch', 'ran']);
      expect([status, stderr]).toEqual([125, expect.stringContaining(path)]);
    }
    expect(existsSync(join(user.root, 'work', 'ran'))).toBe(false);
  });

  it('may set NODE_OPTIONS for the command, but not for twvault', () => {
    const { user, write } = setUp();
    write('NODE_OPTIONS=--no-warnings\n');
    expect(environmentOf(user, ['-f', '.env'])).toMatchObject({ NODE_OPTIONS: '--no-warnings' });
    const { status, stderr } = user.run(['exec', '--env-file', '.env', 'true']);
    expect([status, stderr]).toEqual([125, expect.stringContaining('give it with -f')]);
  });

  it('follows a link', () => {
    const { user, keys, write } = setUp();
    write('KEY=twvault://brand/api_key\n', 'shared.env');
    symlinkSync('shared.env', join(user.root, 'work', '.env'));
    expect(environmentOf(user, ['--env-file', '.env'])).toMatchObject({ KEY: keys.brand.api_key });
  });

  it('warns of a credential in plaintext, without showing it', () => {
    const { user, write } = setUp();
    const { access_token } = generatedKeys();
    write(`PORT=80\nTOKEN=${access_token}\n`);
    const { stdout, stderr } = user.must(['exec', '--env-file', '.env', '--', 'printenv', 'TOKEN']);
    expect(stdout).toBe(`${access_token}\n`);
    expect(stderr).toMatch(/\.env:2: TOKEN looks like a credential in plaintext/);
    expect(stderr).not.toMatch(/PORT|:1:/);
    expect(stderr).not.toContain(access_token);
  });

  it('takes a file as `import --scrub` leaves it', () => {
    const user = new User().withFileVault();
    const keys = generatedKeys();
    const path = join(user.root, 'work', '.env');
    writeFileSync(path, `PORT=80\n${tutorialLines(keys)}`);
    user.must(['import', '.env', '--profile', 'brand', '--scrub', '--yes']);
    expect(readFileSync(path, 'utf8')).toContain('CONSUMER_KEY=twvault://brand/api_key');
    const env = environmentOf(user, ['--env-file', '.env']);
    expect(env).toMatchObject({
      PORT: '80',
      CONSUMER_KEY: keys.api_key,
      CONSUMER_SECRET: keys.api_secret,
      ACCESS_TOKEN: keys.access_token,
      ACCESS_TOKEN_SECRET: keys.access_token_secret,
    });
  });

  it('refuses an account that the project is not pinned to', () => {
    const { user, write } = setUp();
    write(JSON.stringify({ account: '1' }), '.twvault.json');
    write('KEY=twvault://brand/api_key\n');
    const { status, stderr } = user.run(['exec', '--env-file', '.env', 'true']);
    expect([status, stderr]).toEqual([
      125,
      expect.stringMatching(/\.env:1: .*pinned to account 1, but brand/),
    ]);
  });
});

it('needs no file for a value of another profile', () => {
  const { user, keys } = setUp();
  const env = environmentOf(user, ['-p', 'personal', '--env', 'OTHER=brand/api_key', '--only', 'api_key']);
  expect(env).toMatchObject({ OTHER: keys.brand.api_key, TWITTER_API_KEY: keys.personal.api_key });
  expect(Object.keys(env).filter((name) => NAMES.test(name))).toEqual(['TWITTER_API_KEY']);
  const { status, stderr } = user.run(['exec', '-p', 'brand', '--env', 'X=nobody/api_key', 'true']);
  expect([status, stderr]).toEqual([125, expect.stringContaining('nobody/api_key')]);
});
