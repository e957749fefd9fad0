import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { diverted } from '../standin/divert.mjs';
import { startStandIn } from '../standin/server.mjs';
import { User } from '../support/cli.ts';
import { alphanumeric } from '../support/credentials.ts';
import { hasTweepy, PYTHON } from '../support/tools.ts';
import { account } from './accounts.ts';

const NODE_BOT = ['node', join(import.meta.dirname, '../../examples/bot.mjs')];
const PYTHON_BOT = [PYTHON, join(import.meta.dirname, '../../examples/bot.py')];

/** Two accounts of one app, in a vault and at X. */
async function withTwoAccounts() {
  const ada = account('ada');
  const brand = { ...account('brand'), api_key: ada.api_key, api_secret: ada.api_secret };
  const { port, posts, close } = await startStandIn({ accounts: [ada, brand] });
  onTestFinished(close);
  const user = new User().withFileVault();
  user.env = { ...user.env, ...diverted(port) };
  user.add('ada', ada);
  const { access_token, access_token_secret } = brand;
  user.must(['add', 'brand', '--stdin', '--inherit', 'ada'], {
    input: JSON.stringify({ access_token, access_token_secret }),
  });
  return { user, ada, posts: () => posts.map(({ account, text }) => [account.username, text]) };
}

describe('bot.mjs', () => {
  test('posts as the account whose profile it runs under', async () => {
    const { user, posts } = await withTwoAccounts();

    expect(await user.start(['exec', '-p', 'ada', '--', ...NODE_BOT, 'one'])).toMatchObject({
      status: 0,
      stdout: 'posted as @ada: one\n',
      stderr: '',
    });
    expect(await user.start(['exec', '-p', 'brand', '--', ...NODE_BOT, 'two'])).toMatchObject({
      status: 0,
      stdout: 'posted as @brand: two\n',
      stderr: '',
    });
    expect(posts()).toEqual([
      ['ada', 'one'],
      ['brand', 'two'],
    ]);
  });

  test('is not misled by the keys of another account in the environment', async () => {
    const { user, ada, posts } = await withTwoAccounts();
    const stale = {
      TWITTER_ACCESS_TOKEN: ada.access_token,
      TWITTER_ACCESS_TOKEN_SECRET: ada.access_token_secret,
    };

    await user.start(['exec', '-p', 'brand', '--', ...NODE_BOT, 'mine'], { env: stale });

    expect(posts()).toEqual([['brand', 'mine']]);
  });

  test('says what X says of a wrong key', async () => {
    const { user, posts } = await withTwoAccounts();
    user.must(['set', 'brand', 'access_token_secret'], { input: alphanumeric(45) });

    const { status, stderr } = await user.start(['exec', '-p', 'brand', '--', ...NODE_BOT, 'never']);

    expect(status).toBe(1);
    expect(stderr).toMatch(/^bot: X did not take it: .*Could not authenticate you.*32/);
    expect(posts()).toEqual([]);
  });

  test.each(['TWITTER_API_KEY', 'TWITTER_API_SECRET', 'TWITTER_ACCESS_TOKEN', 'TWITTER_ACCESS_TOKEN_SECRET'])(
    'says that %s is missing',
    async (name) => {
      const { user, posts } = await withTwoAccounts();
      const command = ['exec', '-p', 'ada', '--', 'env', '-u', name, ...NODE_BOT, 'never'];

      expect(await user.start(command)).toMatchObject({
        status: 1,
        stdout: '',
        stderr: `bot: ${name} is not set\nbot: run: twvault exec -- node examples/bot.mjs\n`,
      });
      expect(posts()).toEqual([]);
    },
  );
});

describe.runIf(hasTweepy('bot.py'))('bot.py', () => {
  test('posts as the account whose profile it runs under', async () => {
    const { user, posts } = await withTwoAccounts();

    for (const name of ['ada', 'brand']) {
      const command = ['exec', '-p', name, '--as', 'tutorial', '--', ...PYTHON_BOT, `by ${name}`];
      expect(await user.start(command)).toMatchObject({
        status: 0,
        stdout: `posted as @${name}: by ${name}\n`,
        stderr: '',
      });
    }
    expect(posts()).toEqual([
      ['ada', 'by ada'],
      ['brand', 'by brand'],
    ]);
  });

  test('without a text, says whose keys they are and posts nothing', async () => {
    const { user, posts } = await withTwoAccounts();

    expect(await user.start(['exec', '-p', 'brand', '--as', 'tutorial', '--', ...PYTHON_BOT])).toMatchObject({
      status: 0,
      stdout: 'these are the keys of @brand\n',
    });
    expect(posts()).toEqual([]);
  });

  test('says which variable is missing', async () => {
    const { user } = await withTwoAccounts();

    expect(await user.start(['exec', '-p', 'ada', '--', ...PYTHON_BOT])).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/^bot: CONSUMER_KEY is not set\n.*twvault exec --as tutorial/),
    });
  });

  test("the tutorial's own two files go on working after import --scrub", async () => {
    const ada = account('ada');
    const { port, posts, close } = await startStandIn({ accounts: [ada] });
    onTestFinished(close);
    const user = new User().withFileVault();
    const folder = join(user.root, 'work');
    const credentials = [
      `CONSUMER_KEY = "${ada.api_key}"`,
      `CONSUMER_SECRET = '${ada.api_secret}'  # never share`,
      `ACCESS_TOKEN = "${ada.access_token}"`,
      `ACCESS_TOKEN_SECRET = "${ada.access_token_secret}"`,
    ];
    const script = [
      'import tweepy, twitter_credentials as keys',
      'auth = tweepy.OAuthHandler(keys.CONSUMER_KEY, keys.CONSUMER_SECRET)',
      'auth.set_access_token(keys.ACCESS_TOKEN, keys.ACCESS_TOKEN_SECRET)',
      'api = tweepy.API(auth)',
      'api.update_status("after " + api.verify_credentials().screen_name)',
    ];
    writeFileSync(join(folder, 'twitter_credentials.py'), `${credentials.join('\n')}\n`);
    writeFileSync(join(folder, 'bot.py'), `${script.join('\n')}\n`);

    user.must(['import', 'twitter_credentials.py', '--scrub', '--yes']);

    const scrubbed = readFileSync(join(folder, 'twitter_credentials.py'), 'utf8');
    for (const key of [ada.api_key, ada.api_secret, ada.access_token, ada.access_token_secret])
      expect(scrubbed).not.toContain(key);
    user.env = { ...user.env, ...diverted(port) };
    const args = ['exec', '--as', 'tutorial', '--', PYTHON, 'bot.py'];
    expect(await user.start(args)).toMatchObject({ status: 0, stderr: '' });
    expect(posts.map(({ text, account: { username } }) => [username, text])).toEqual([['ada', 'after ada']]);
  });

  test("tweepy's older half works as well: form parameters, signed", async () => {
    const { user, posts } = await withTwoAccounts();
    const script = [
      'import os, tweepy',
      'auth = tweepy.OAuthHandler(os.environ["CONSUMER_KEY"], os.environ["CONSUMER_SECRET"])',
      'auth.set_access_token(os.environ["ACCESS_TOKEN"], os.environ["ACCESS_TOKEN_SECRET"])',
      'api = tweepy.API(auth)',
      'print(api.verify_credentials().screen_name)',
      'api.update_status("Hé & ho, it\'s 100% *me*")',
    ].join('\n');

    const command = ['exec', '-p', 'brand', '--as', 'tutorial', '--', PYTHON, '-c', script];

    expect(await user.start(command)).toMatchObject({ status: 0, stdout: 'brand\n' });
    expect(posts()).toEqual([['brand', "Hé & ho, it's 100% *me*"]]);
  });
});
