// npm run demo: two accounts of one app, from the tutorial's plaintext file to bots that post as either. No account, no
// keychain and no network needed: X is a stand-in on this machine, which checks every signature.
import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { diverted } from '../test/standin/divert.mjs';
import { startStandIn } from '../test/standin/server.mjs';
import { generatedAccount, generatedApp, secretsOf, tutorialFile } from './demo/keys.mjs';
import { search, shows } from './demo/search.mjs';
import { Session } from './demo/session.mjs';

const PYTHON = '/usr/bin/python3'; // the system's: where distributions put tweepy

const app = generatedApp();
const personal = generatedAccount('ada_writes', app);
const brand = generatedAccount('brand_news', app);
const secrets = [...secretsOf(personal), ...secretsOf(brand)];

const session = new Session();
const credentials = join(session.folder, 'twitter_credentials.py');
let x;

try {
  await fillVault();
  x = await startStandIn({ accounts: [personal, brand] });
  session.export(diverted(x.port));
  await postAsEither();
  await postFromPython();
  await lookForPlaintext();
} catch (error) {
  console.error(`demo: ${error.message}`);
  process.exitCode ||= 1;
} finally {
  await x?.close();
}

async function fillVault() {
  session.say('# A vault in encrypted files, in a folder that goes when the demo ends');
  session.say('$ export TWVAULT_HOME=$PWD/vault TWVAULT_IDENTITY_FILE=$PWD/identity.txt');
  session.export({
    TWVAULT_HOME: join(session.folder, 'vault'),
    TWVAULT_IDENTITY_FILE: join(session.folder, 'identity.txt'),
  });
  await session.twvault('init', '--store', 'file', '--identity-out', 'identity.txt');

  session.say("\n# The file that every tutorial has you make: the app's two keys, and two for your account");
  writeFileSync(credentials, tutorialFile(personal));
  await session.twvault('add', 'personal', '--from', 'twitter_credentials.py');

  session.say("\n# A second account of the same app: its own two keys, the app's come from the first");
  const { access_token, access_token_secret } = brand;
  writeFileSync(credentials, tutorialFile({ access_token, access_token_secret }));
  await session.twvault('add', 'brand', '--inherit', 'personal', '--from', 'twitter_credentials.py');

  expect(search(session.folder, secrets).found.includes(credentials), 'the search misses plaintext');
  session.say('$ rm twitter_credentials.py');
  rmSync(credentials);
}

async function postAsEither() {
  session.say('\n# The bot reads its environment and knows nothing of twvault');
  await post(personal, ['-p', 'personal'], 'Good morning');
  await post(brand, ['-p', 'brand'], 'Our shop is open');

  session.say('\n# Switching accounts');
  await session.twvault('use', 'brand');
  await post(brand, [], 'Our shop is closed');
  await session.twvault('list');
}

async function postFromPython() {
  session.say("\n# The tutorial's own script, with the tutorial's names");
  if (spawnSync(PYTHON, ['-c', 'import tweepy'], { stdio: 'ignore' }).status !== 0) {
    session.say(`skipped: ${PYTHON} has no tweepy`);
    return;
  }
  const command = [PYTHON, 'examples/bot.py'];
  await post(personal, ['-p', 'personal', '--as', 'tutorial'], 'Good night', command);
}

/** Runs a bot, and asks the other side who it was that posted. */
async function post(account, options, text, command = ['node', 'examples/bot.mjs']) {
  const before = x.posts.length;
  await session.twvault('exec', ...options, '--', ...command, text);
  const [made, ...more] = x.posts.slice(before);
  expect(made && more.length === 0, `the bot made ${x.posts.length - before} posts, not one`);
  session.say(`  seen by X: @${made.account.username} posted '${made.text}'`);
  expect(made.account.username === account.username, `@${account.username} should have posted`);
  expect(made.text === text, `the post should read '${text}'`);
}

async function lookForPlaintext() {
  session.say('\n# Is a key left anywhere: plain, in base64 or percent-encoded?');
  const { searched, found } = search(session.folder, secrets);
  expect(found.length === 0, `plaintext in ${found.join(', ')}`);
  expect(!shows(session.transcript, secrets), 'a key was printed');
  session.say(`${searched} files searched, no plaintext`);
}

function expect(isSo, otherwise) {
  if (!isSo) throw new Error(otherwise);
}
