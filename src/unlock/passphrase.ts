import { readFileSync } from 'node:fs';
import { locked } from '../failure.ts';
import { Secret } from '../profile/secret.ts';
import { fileFailure } from '../system/files.ts';
import type { Variables } from '../system/paths.ts';

/** The passphrase that the environment gives (TWVAULT_PASSPHRASE_FILE before TWVAULT_PASSPHRASE), if any. */
export function passphraseFrom(env: Variables): Secret | undefined {
  if (env.TWVAULT_PASSPHRASE_FILE) return new Secret(firstLine(env.TWVAULT_PASSPHRASE_FILE));
  return env.TWVAULT_PASSPHRASE ? new Secret(env.TWVAULT_PASSPHRASE) : undefined;
}

function firstLine(path: string): string {
  const line = readSecretFile(path).split(/\r?\n/, 1)[0];
  if (!line) throw locked(`${path} (TWVAULT_PASSPHRASE_FILE) begins with an empty line`);
  return line;
}

/**
 * A file that the user's environment names: a systemd credential, a container secret. Those belong to root and may
 * be links, so neither owner nor kind is checked.
 */
export function readSecretFile(path: string): string {
  try {
    // Not read as text at once: that way Node 26 aborts where closing the file fails.
    return readFileSync(path).toString('utf8');
  } catch (error) {
    throw locked(fileFailure('read', path, error).message, [], error);
  }
}
