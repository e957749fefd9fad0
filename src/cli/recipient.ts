import { AgeError } from '../age/error.ts';
import { X25519Recipient } from '../age/x25519.ts';
import { usage } from '../failure.ts';
import { printable } from '../profile/names.ts';
import type { Vault } from '../vault/vault.ts';

/** A public key, proven to be one that can be sealed to. */
export async function recipientFrom(text: string): Promise<string> {
  if (/^AGE-SECRET-KEY-/i.test(text))
    throw usage('that is a secret key, and secrets are never arguments', [
      'give the public key that belongs to it, age1...: age-keygen -y KEYFILE',
    ]);
  try {
    const recipient = X25519Recipient.parse(text);
    await recipient.wrapFileKey(new Uint8Array(16));
    return recipient.encode();
  } catch (error) {
    if (!(error instanceof AgeError)) throw error;
    throw usage(`'${printable(text)}' is no age recipient that twvault seals to`, [
      'it is age1 and 58 characters; keys of plugins and of SSH are not taken',
    ]);
  }
}

/** @throws Failure exit 2 where it is the owner's own */
export function checkIsOther({ config }: Vault, recipient: string, fact: string): void {
  if ([config.recipient, config.successor?.recipient].includes(recipient))
    throw usage(`that is the owner of the vault, who ${fact}`);
}
