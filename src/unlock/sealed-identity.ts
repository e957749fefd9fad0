import { open, seal } from '../age/age.ts';
import { AgeError } from '../age/error.ts';
import { ScryptIdentity, ScryptRecipient } from '../age/scrypt.ts';
import type { X25519Identity } from '../age/x25519.ts';
import { failed, locked } from '../failure.ts';
import type { Secret } from '../profile/secret.ts';
import { type Identities, identityText, parseIdentities } from './identity-text.ts';

/**
 * The identities in a passphrase-protected age file (identity.age).
 * @throws Failure exit 3 for a wrong passphrase, exit 1 for a damaged file
 */
export async function openWithPassphrase(
  sealed: Uint8Array,
  passphrase: Secret,
  path: string,
): Promise<Identities> {
  if (passphrase.length === 0) throw locked('wrong passphrase: it is empty');
  let plain: Uint8Array;
  try {
    plain = await open(sealed, [new ScryptIdentity(passphrase.reveal())]);
  } catch (error) {
    if (!(error instanceof AgeError)) throw error;
    if (error.kind === 'no-match') throw locked('wrong passphrase');
    throw failed(`${path} is damaged or was altered (${error.message})`, ['restore it from a backup'], error);
  }
  const identities = parseIdentities(Buffer.from(plain).toString('utf8'), path);
  plain.fill(0);
  return identities;
}

/** The work factor on request: takes half the memory. */
export const LOW_MEMORY_LOG_N = 17;

/** Identities sealed under a passphrase, as `age -p` would. */
export async function sealWithPassphrase(
  identities: readonly X25519Identity[],
  passphrase: Secret,
  logN?: number,
): Promise<Uint8Array> {
  return seal(Buffer.from(identityText(...identities)), [new ScryptRecipient(passphrase.reveal(), logN)]);
}
