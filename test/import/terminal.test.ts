import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { User } from '../support/cli.ts';
import { generatedKeys, tutorialLines } from '../support/credentials.ts';
import { KEY, Terminal } from '../terminal/pty.ts';

const CLEAR_LINE = '\x15';

function userWithFile() {
  const user = new User().withFileVault();
  const keys = generatedKeys('1234567');
  writeFileSync(
    join(user.root, 'bot.env'),
    `${tutorialLines(keys)}OPENAI_API_KEY=${generatedKeys().api_secret}\n`,
  );
  return { user, keys };
}

describe('import on a terminal', () => {
  it('shows what it found, asks for a name and for consent, and stores', async () => {
    const { user, keys } = userWithFile();
    const terminal = Terminal.twvault(user, 'import', 'bot.env');
    await terminal.until('bot.env:1 CONSUMER_KEY');
    await terminal.until('left alone: bot.env:5 OPENAI_API_KEY');
    await terminal.answer('a name for account-1234567', `${CLEAR_LINE}My Brand${KEY.enter}`);
    await terminal.until('lower-case');
    terminal.type(`${CLEAR_LINE}brand${KEY.enter}`);
    await terminal.answer('store brand?', 'y');
    await terminal.until('stored api_key, api_secret, access_token, access_token_secret as brand');
    expect(await terminal.ended()).toBe(0);
    for (const value of Object.values(keys)) expect(terminal.output).not.toContain(value.slice(-8));
    expect(user.must(['get', 'brand', 'api_key']).stdout).toBe(`${keys.api_key}\n`);
  });

  it('stores nothing without consent', async () => {
    const { user } = userWithFile();
    const terminal = Terminal.twvault(user, 'import', 'bot.env');
    await terminal.answer('a name for account-1234567', KEY.enter);
    await terminal.answer('store account-1234567?', KEY.enter);
    await terminal.until('nothing was stored');
    expect(await terminal.ended()).toBe(130);
    expect(user.must(['list', '--json']).stdout).not.toContain('account-');
  });

  it('asks nothing with --yes', async () => {
    const { user } = userWithFile();
    const terminal = Terminal.twvault(user, 'import', 'bot.env', '--yes');
    await terminal.until('as account-1234567 for account 1234567');
    expect(await terminal.ended()).toBe(0);
  });
});
