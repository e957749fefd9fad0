import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { User } from '../support/cli.ts';
import { KEY, Terminal } from '../terminal/pty.ts';

const OWN = 'words of my own';
const NEW = 'words for a new vault';

it('asks for a passphrase twice, and once to restore; a new vault gets its own', {
  timeout: 120_000,
}, async () => {
  const user = new User().withFileVault();
  const keys = user.add('personal');
  const path = join(user.root, 'backup.age');
  const backup = Terminal.twvault(user, 'backup', path);
  await backup.answer('which passphrase shall open the backup?', KEY.down + KEY.enter);
  await backup.answer('new passphrase', OWN + KEY.enter);
  await backup.answer('the passphrase again', OWN + KEY.enter);
  await backup.until(`wrote one profile to ${path}`);
  expect(await backup.ended()).toBe(0);
  expect(backup.output).not.toContain(OWN);

  const other = new User();
  const restore = Terminal.twvault(other, 'restore', path);
  await restore.answer('passphrase of the backup', OWN + KEY.enter);
  await restore.answer('which passphrase shall open the vault?', KEY.down + KEY.enter);
  await restore.answer('new passphrase', NEW + KEY.enter);
  await restore.answer('the passphrase again', NEW + KEY.enter);
  await restore.until('1 added');
  expect(await restore.ended()).toBe(0);
  other.env.TWVAULT_PASSPHRASE = NEW;
  expect(other.must(['get', 'personal', 'api_key']).stdout).toBe(`${keys.api_key}\n`);
});

it('offers a generated passphrase, and writes nothing where it is not typed in or the wrong one is', {
  timeout: 120_000,
}, async () => {
  const user = new User().withFileVault();
  user.add('personal');
  const path = join(user.root, 'backup.age');
  const cut = Terminal.twvault(user, 'backup', path);
  await cut.answer('which passphrase shall open the backup?', KEY.enter);
  await cut.answer('type it in', KEY.interrupt);
  expect(await cut.ended()).toBe(130);
  expect(readdirSync(user.root)).not.toContain('backup.age');

  const backup = Terminal.twvault(user, 'backup', path);
  await backup.answer('which passphrase shall open the backup?', KEY.enter);
  const shown = await backup.until('Write it down now');
  const passphrase = /^ {2}((?:[a-z-]+ ){4}[a-z-]+)\r$/m.exec(shown)?.[1] ?? '';
  await backup.answer('type it in', passphrase + KEY.enter);
  expect(await backup.ended()).toBe(0);
  const restore = Terminal.twvault(user, 'restore', path);
  await restore.answer('passphrase of the backup', `${passphrase}s${KEY.enter}`);
  await restore.until('wrong passphrase');
  expect(await restore.ended()).toBe(3);
  const right = user.must(['restore', path, '--passphrase-file', '-'], { input: passphrase });
  expect(right.stderr).toContain('1 unchanged');
});

it('does not write to a terminal', async () => {
  const user = new User().withFileVault();
  user.add('personal');
  const backup = Terminal.twvault(user, 'backup', '-');
  await backup.until('a backup is no text for a terminal');
  expect(await backup.ended()).toBe(2);
});
