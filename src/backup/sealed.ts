import { open, seal } from '../age/age.ts';
import { decodeArmor, isArmored } from '../age/armor.ts';
import { AgeError } from '../age/error.ts';
import type { Identity, Recipient } from '../age/ports.ts';
import { ScryptIdentity, ScryptRecipient, scryptWorkFactor } from '../age/scrypt.ts';
import { failed, locked } from '../failure.ts';
import { FormatError } from '../profile/json.ts';
import type { Secret } from '../profile/secret.ts';
import { type Backup, backupFrom, backupText } from './document.ts';

export const passphraseRecipient = (passphrase: Secret): Recipient =>
  new ScryptRecipient(passphrase.reveal());

export const passphraseIdentity = (passphrase: Secret): Identity => new ScryptIdentity(passphrase.reveal());

/** A backup as a standard binary age file. */
export async function sealBackup(backup: Backup, recipients: readonly Recipient[]): Promise<Uint8Array> {
  const plain = Buffer.from(backupText(backup));
  try {
    return await seal(plain, recipients);
  } finally {
    plain.fill(0);
  }
}

/** The binary age file in what was read: armored ones are taken too, since people make them with `age -a`. */
export function ageFileIn(bytes: Uint8Array, path: string): Uint8Array {
  return explaining(path, () => (isArmored(bytes) ? decodeArmor(bytes) : bytes));
}

/** Whether a passphrase opens the file, rather than an identity. */
export function isSealedToPassphrase(file: Uint8Array, path: string): boolean {
  return explaining(path, () => scryptWorkFactor(file) !== null);
}

/**
 * The backup in an age file, all of it checked.
 * @throws Failure exit 3 where none of the identities opens it, exit 1 where it is damaged or no backup
 */
export async function openBackup(
  file: Uint8Array,
  identities: readonly Identity[],
  path: string,
): Promise<Backup> {
  let plain: Buffer | undefined;
  try {
    plain = Buffer.from(await open(file, identities));
    return backupFrom(plain.toString('utf8'));
  } catch (error) {
    throw explained(error, path, identities[0] instanceof ScryptIdentity);
  } finally {
    plain?.fill(0);
  }
}

function explaining<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw explained(error, path, false);
  }
}

function explained(error: unknown, path: string, isPassphrase: boolean): unknown {
  if (error instanceof FormatError) {
    return failed(`${path} is no backup that can be restored: ${error.message}`, [
      'age -d opens it to a document; docs/format.md says what belongs in it',
    ]);
  }
  if (!(error instanceof AgeError)) return error;
  if (error.kind === 'no-match') {
    return isPassphrase
      ? locked('wrong passphrase')
      : locked(`${path} is sealed to someone else than the identity at hand`, [
          'name another one: --identity FILE',
        ]);
  }
  return failed(
    `${path} is no age file, or was damaged: ${error.message}`,
    ['take another copy of the backup'],
    error,
  );
}
