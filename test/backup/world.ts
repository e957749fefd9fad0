import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { User } from '../support/cli.ts';

/** The public key of a user's vault in files. */
export const recipientOf = (user: User): string =>
  JSON.parse(readFileSync(join(user.home, 'vault.json'), 'utf8')).recipient;

/** Backs a user's vault up, sealed to its own identity, so that no test waits for a passphrase to be worked in. */
export function backedUp(user: User, name = 'backup.age'): string {
  const path = join(user.root, name);
  user.must(['backup', path, '--recipient', recipientOf(user)]);
  return path;
}
