import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { account } from '../examples/accounts.ts';
import { diverted } from '../standin/divert.mjs';
import { type Account, startStandIn } from '../standin/server.mjs';
import { User } from '../support/cli.ts';
import { generatedKeys, tutorialLines } from '../support/credentials.ts';
import { Repository } from '../support/repository.ts';
import { KEY, Terminal } from './pty.ts';

const CLEAR_LINE = '\x15';
const PASSPHRASE = 'four made-up words here';

async function withX(user: User, ...accounts: Account[]): Promise<void> {
  const { port, close } = await startStandIn({ accounts });
  onTestFinished(close);
  user.env = { ...user.env, ...diverted(port) };
}

/** A user in a repository with a bot. */
async function withBot(...accounts: Account[]) {
  const user = new User();
  user.env = { ...user.env, SHELL: '/bin/sh' };
  const repository = new Repository(user);
  repository.write('bot.py', '').write('.gitignore', '*.log\n');
  await withX(user, ...accounts);
  return { user, repository, cwd: repository.path };
}

describe('setup on a terminal', () => {
  it('goes from nothing to a line that runs the bot: shows where keys are, and asks for them', async () => {
    const ada = account('ada');
    const { user, cwd } = await withBot(ada);
    const terminal = Terminal.twvaultIn(cwd, user, 'setup');
    await terminal.until('no keychain');
    await terminal.answer('which passphrase shall open the vault?', KEY.down + KEY.enter);
    await terminal.answer('new passphrase', PASSPHRASE + KEY.enter);
    await terminal.answer('the passphrase again', PASSPHRASE + KEY.enter);
    await terminal.answer('a name for the account', `${CLEAR_LINE}My Brand${KEY.enter}`);
    await terminal.until('lower-case');
    terminal.type(`${CLEAR_LINE}brand${KEY.enter}`);
    await terminal.until('https://console.x.com');
    for (const heading of ['API Key & Secret', 'Access Token & Secret', 'Bearer Token', 'Client ID & Secret'])
      await terminal.until(heading);
    await terminal.answer('API Key (api_key)', ada.api_key + KEY.enter);
    await terminal.answer('API Key Secret (api_secret)', ada.api_secret + KEY.enter);
    await terminal.answer('Access Token (access_token)', ada.access_token + KEY.enter);
    await terminal.answer('Access Token Secret (access_token_secret)', ada.access_token_secret + KEY.enter);
    for (const field of ['bearer_token', 'client_id', 'client_secret'])
      await terminal.answer(`(${field})`, KEY.enter);
    await terminal.until('stored api_key, api_secret, access_token, access_token_secret as brand');
    await terminal.answer('ask X whether the keys work?', KEY.enter);
    await terminal.until('@ada');
    await terminal.answer('use brand in this folder?', KEY.enter);
    await terminal.until('brand is used in this folder');
    await terminal.answer('have git stop commits that contain a credential?', KEY.enter);
    await terminal.until('commits are checked from now on');
    await terminal.until('ready: run the bot with its keys');
    await terminal.until('twvault exec -- python3 bot.py');
    await terminal.until('to be asked for the passphrase only once: twvault unlock');
    expect(await terminal.ended()).toBe(0);
    for (const value of [ada.api_key, ada.api_secret, ada.access_token_secret, PASSPHRASE])
      expect(terminal.output).not.toContain(value.slice(-8));
    user.env = { ...user.env, TWVAULT_PASSPHRASE: PASSPHRASE };
    expect(user.must(['exec', '--', 'sh', '-c', 'echo $TWITTER_API_KEY'], { cwd }).stdout).toBe(
      `${ada.api_key}\n`,
    );

    // Once more, with nothing left to do: one question.
    const again = Terminal.twvaultIn(cwd, user, 'setup');
    await again.until('brand is stored already');
    await again.answer('ask X whether the keys work?', 'n');
    await again.until('brand is used in this folder already');
    await again.until('commits are checked already');
    await again.until('twvault exec -- python3 bot.py');
    expect(await again.ended()).toBe(0);
  });

  it('shows what lies near by, takes it over, and changes files only after a question', async () => {
    const ada = account('ada');
    const { user, repository, cwd } = await withBot(ada);
    user.withFileVault();
    repository.write('.env', tutorialLines(ada));
    const terminal = Terminal.twvaultIn(cwd, user, 'setup', '--no-guard', '--no-verify');
    await terminal.until('Found keys of X in the open:');
    await terminal.until('.env:1 CONSUMER_KEY');
    await terminal.answer('take them over from .env?', KEY.enter);
    await terminal.answer(`a name for account-${ada.id}`, `${CLEAR_LINE}brand${KEY.enter}`);
    await terminal.until('+CONSUMER_KEY=twvault://brand/api_key');
    await terminal.answer('Take the values out of .env?', 'y');
    await terminal.until('took the values out of .env');
    await terminal.until('brand is used in this folder already'); // the scrub wrote it down
    await terminal.until('twvault exec -- python3 bot.py');
    expect(await terminal.ended()).toBe(0);
    expect(readFileSync(join(cwd, '.env'), 'utf8')).not.toContain(ada.api_key);
    expect(terminal.output).not.toContain(ada.api_secret.slice(-8));
  });

  it('asks whose keys are meant where some are stored, and takes no for an answer', async () => {
    const { user, repository, cwd } = await withBot();
    user.withFileVault();
    user.add('brand');
    user.add('other');
    const keys = generatedKeys('77');
    repository.write('.env', tutorialLines(keys));
    const terminal = Terminal.twvaultIn(cwd, user, 'setup');
    await terminal.answer('take them over from .env?', 'n');
    await terminal.until('whose keys does the bot in this folder need?');
    await terminal.until('brand, which is stored');
    await terminal.answer("another account's: type them in", KEY.down + KEY.enter);
    await terminal.until('other is stored already');
    await terminal.answer('ask X whether the keys work?', 'n');
    await terminal.answer('use other in this folder?', 'n');
    await terminal.answer('have git stop commits that contain a credential?', 'n');
    await terminal.until('twvault exec -p other --as tutorial -- python3 bot.py');
    expect(await terminal.ended()).toBe(0);
    expect(readFileSync(join(cwd, '.env'), 'utf8')).toBe(tutorialLines(keys));
    expect(existsSync(join(cwd, '.twvault.json'))).toBe(false);
    expect(existsSync(join(cwd, '.git/hooks/pre-commit'))).toBe(false);
  });

  it('asks which of several accounts is for the folder', async () => {
    const { user, repository, cwd } = await withBot();
    user.withFileVault();
    repository.write('a.env', tutorialLines(generatedKeys('11')));
    repository.write('b.env', tutorialLines(generatedKeys('22')));
    const terminal = Terminal.twvaultIn(cwd, user, 'setup', '--no-scrub', '--no-verify', '--no-guard');
    await terminal.answer('take them over from a.env, b.env?', KEY.enter);
    await terminal.answer('a name for account-11', `${CLEAR_LINE}one${KEY.enter}`);
    await terminal.answer('a name for account-22', `${CLEAR_LINE}two${KEY.enter}`);
    await terminal.until('which account is for this folder?');
    await terminal.answer('none of them', KEY.down + KEY.enter);
    await terminal.until('two is used in this folder');
    expect(await terminal.ended()).toBe(0);
  });

  it('names the files of the shell before it writes them', async () => {
    const { user, cwd } = await withBot();
    user.env = { ...user.env, SHELL: '/bin/bash' };
    user.withFileVault();
    user.add('brand');
    const args = ['setup', '--profile', 'brand', '--no-verify', '--no-bind', '--no-guard'];
    const refusing = Terminal.twvaultIn(cwd, user, ...args);
    await refusing.until('complete commands and profiles in bash? (writes');
    await refusing.until('~/.local/share/bash-completion/completions/twvault');
    await refusing.answer('~/.bashrc)', 'n');
    expect(await refusing.ended()).toBe(0);
    expect(existsSync(join(user.root, '.bashrc'))).toBe(false);
    const agreeing = Terminal.twvaultIn(cwd, user, ...args);
    await agreeing.answer('~/.bashrc)', KEY.enter);
    await agreeing.until(`put it into ${user.root}/.bashrc`);
    expect(await agreeing.ended()).toBe(0);
    const done = Terminal.twvaultIn(cwd, user, ...args);
    await done.until('twvault exec -- python3 bot.py');
    expect(await done.ended()).toBe(0);
    expect(done.output).not.toContain('complete commands');
  });

  it('shows nothing that is pasted while the vault is opened', async () => {
    const { user, cwd } = await withBot();
    user.env = { ...user.env, TWVAULT_PASSPHRASE: PASSPHRASE };
    const { api_key } = generatedKeys();
    const terminal = Terminal.twvaultIn(cwd, user, 'setup', '--no-verify', '--no-bind', '--no-guard');
    await terminal.answer('a name for the account', KEY.enter);
    await terminal.until('Each is shown only once'); // from here on the passphrase is tried
    terminal.type(`${api_key}${KEY.enter}`);
    await terminal.until('took 25 characters');
    for (const field of ['api_secret', 'access_token', 'access_token_secret', 'bearer_token', 'client_id'])
      await terminal.answer(`(${field})`, KEY.enter);
    await terminal.answer('(client_secret)', KEY.enter);
    await terminal.until('api_key is of no use without api_secret: twvault set personal api_secret');
    expect(await terminal.ended()).toBe(0);
    expect(terminal.output).not.toContain(api_key.slice(-8));
  });

  it('asks for other keys in the place of those that were wrong', async () => {
    const { user, cwd } = await withBot();
    user.withFileVault();
    user.add('brand');
    const options = ['--profile', 'brand', '--replace', '--no-verify', '--no-bind', '--no-guard'];
    const terminal = Terminal.twvaultIn(cwd, user, 'setup', ...options);
    const keys = generatedKeys();
    for (const [field, value] of Object.entries(keys)) await terminal.answer(`(${field})`, value + KEY.enter);
    for (const field of ['bearer_token', 'client_id', 'client_secret'])
      await terminal.answer(`(${field})`, KEY.enter);
    expect(await terminal.ended()).toBe(0);
    expect(user.must(['get', 'brand', 'api_key']).stdout).toBe(`${keys.api_key}\n`);
  });

  it('leaves at an interrupt what is done, and goes on from there', async () => {
    const { user, repository, cwd } = await withBot();
    user.withFileVault();
    repository.write('.env', tutorialLines(generatedKeys('11')));
    const terminal = Terminal.twvaultIn(cwd, user, 'setup', '--yes', '--profile', 'brand');
    expect(await terminal.ended()).toBe(5); // X knows no such account
    const again = Terminal.twvaultIn(cwd, user, 'setup', '--profile', 'brand');
    await again.until('brand is stored already');
    await again.answer('ask X whether the keys work?', KEY.interrupt);
    expect(await again.ended()).toBe(130);
    expect(existsSync(join(cwd, '.git/hooks/pre-commit'))).toBe(false);
  });
});
