import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { X25519Identity } from '../../src/age/x25519.ts';
import { User } from '../support/cli.ts';
import { generatedKeys, tutorialLines } from '../support/credentials.ts';
import { KEY, Terminal } from '../terminal/pty.ts';
import { ageOpens, configOf, Holder, hasAge, profilePath } from './holder.ts';

const OLD = 'the old passphrase';
const NEW = 'another passphrase';

function underPassphrase(): User {
  const user = new User();
  const env = { TWVAULT_PASSPHRASE: OLD };
  user.must(['init', '--store', 'file', '--passphrase', '--low-memory'], { env });
  user.must(['add', 'personal', '--stdin'], { input: tutorialLines(generatedKeys()), env });
  return user;
}

describe('on a terminal', { timeout: 120_000 }, () => {
  it('passwd asks for the old passphrase first, then for the new one twice, and shows neither', async () => {
    const user = underPassphrase();
    const wrong = Terminal.twvault(user, 'passwd');
    await wrong.answer('passphrase of the vault', `not it${KEY.enter}`);
    await wrong.until('wrong passphrase');
    expect(await wrong.ended()).toBe(3);

    const terminal = Terminal.twvault(user, 'passwd');
    await terminal.answer('passphrase of the vault', OLD + KEY.enter);
    await terminal.answer('which passphrase shall open the vault?', KEY.down + KEY.enter);
    await terminal.answer('new passphrase', NEW + KEY.enter);
    await terminal.answer('the passphrase again', NEW + KEY.enter);
    await terminal.until('the new passphrase opens the vault from now on');
    expect(await terminal.ended()).toBe(0);
    for (const text of [OLD, NEW]) expect(terminal.output).not.toContain(text);
    const status = (passphrase: string) =>
      user.run(['get', 'personal', 'api_key'], { env: { TWVAULT_PASSPHRASE: passphrase } }).status;
    expect([status(OLD), status(NEW)]).toEqual([3, 0]);
  });

  it('rekey says how many profiles it is about, and no is the default', async () => {
    const user = underPassphrase();
    const before = configOf(user);
    const hesitant = Terminal.twvault(user, 'rekey');
    await hesitant.answer('give the vault a new identity, and seal one profile to it?', KEY.enter);
    await hesitant.until('nothing was changed');
    expect(await hesitant.ended()).toBe(130);
    expect(configOf(user)).toEqual(before);

    const decided = Terminal.twvault(user, 'rekey');
    await decided.answer('seal one profile to it?', 'y');
    await decided.answer('passphrase of the vault', OLD + KEY.enter);
    await decided.until('one profile was sealed to it');
    await decided.until('the passphrase is the one it was');
    expect(await decided.ended()).toBe(0);
    expect(configOf(user).writer).not.toBe(before.writer);
    expect(user.run(['get', 'personal', 'api_key'], { env: { TWVAULT_PASSPHRASE: OLD } }).status).toBe(0);
  });

  it.skipIf(!hasAge)(
    'init --recovery shows a key once, has its end typed in, and that key opens all',
    async () => {
      const user = new User();
      const terminal = Terminal.twvault(
        user,
        ...['init', '--store', 'file', '--identity-out', user.identityFile, '--recovery'],
      );
      await terminal.until('The recovery key opens every profile without twvault');
      const shown = await terminal.until('Write it down');
      const key = /AGE-SECRET-KEY-1\w+/.exec(shown)?.[0] ?? '';
      await terminal.answer('type its last 6 characters', `abcdef${KEY.enter}`);
      await terminal.until('those are others: look again');
      await terminal.answer('type its last 6 characters', key.slice(-6).toLowerCase() + KEY.enter);
      await terminal.until('the recovery key opens every profile as well');
      expect(await terminal.ended()).toBe(0);
      user.env = { ...user.env, TWVAULT_IDENTITY_FILE: user.identityFile };
      const keys = user.add('personal');
      const recovery = new Holder(user, 'recovery', X25519Identity.parse(key));
      expect(ageOpens(recovery.file, profilePath(user))).toContain(keys.api_secret);
      expect(readFileSync(join(user.home, 'vault.json'), 'utf8')).not.toContain(key);
    },
  );

  it('init --recovery sets nothing up where the key is not confirmed', async () => {
    const user = new User();
    const args = ['init', '--store', 'file', '--identity-out', user.identityFile, '--recovery'];
    const terminal = Terminal.twvault(user, ...args);
    for (const _ of [1, 2, 3]) await terminal.answer('type its last 6 characters', `no${KEY.enter}`);
    await terminal.until('the recovery key was not confirmed');
    expect(await terminal.ended()).toBe(2);
    expect([existsSync(user.identityFile), existsSync(join(user.home, 'vault.json'))]).toEqual([
      false,
      false,
    ]);
  });
});
