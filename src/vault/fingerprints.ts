import { randomBytes } from 'node:crypto';
import { FINGERPRINT_KEY_SIZE, type Fingerprint, fingerprintOf } from '../fingerprint/fingerprint.ts';
import { fieldOf, isFieldName } from '../profile/fields.ts';
import type { Profile } from '../profile/profile.ts';
import { isUnguessable } from '../profile/shape.ts';

/** A new key for the fingerprints of a vault, base64. */
export const newFingerprintKey = (): string => randomBytes(FINGERPRINT_KEY_SIZE).toString('base64');

/** The fingerprints of a profile's values by field or extra; a value that could be guessed has none. */
export function fingerprintsOf({ fields, extras }: Profile, key: Uint8Array): Map<string, Fingerprint> {
  const secrets = [...fields].filter(([name]) => fieldOf(name).highEntropy);
  const values = [...secrets, ...extras].map(([name, { secret }]) => [name, secret.reveal()] as const);
  return new Map(
    values
      .filter(([name, value]) => isUnguessable(value) || isIssued(name, value))
      .map(([name, value]) => [name, fingerprintOf(key, Buffer.from(value))]),
  );
}

/** Whether a value is one that X drew at random, with or without a digit. */
function isIssued(name: string, value: string): boolean {
  return isFieldName(name) && fieldOf(name).shape.test(value) && /[a-z]/.test(value) && /[A-Z]/.test(value);
}
