import { randomBytes } from 'node:crypto';
import { FINGERPRINT_KEY_SIZE, type Fingerprint, fingerprintOf } from '../fingerprint/fingerprint.ts';
import { fieldOf, isFieldName } from '../profile/fields.ts';
import type { Profile } from '../profile/profile.ts';
import { unguessablePart } from '../profile/shape.ts';

/** A new key for the fingerprints of a vault, base64. */
export const newFingerprintKey = (): string => randomBytes(FINGERPRINT_KEY_SIZE).toString('base64');

/** The fingerprints of a profile's values by field or extra, as far as they cannot be guessed. */
export function fingerprintsOf({ fields, extras }: Profile, key: Uint8Array): Map<string, Fingerprint> {
  const secrets = [...fields].filter(([name]) => fieldOf(name).highEntropy);
  return new Map(
    [...secrets, ...extras].flatMap(([name, { secret }]) => {
      const value = secret.reveal();
      const part = isIssued(name, value) ? value : unguessablePart(value);
      return part === undefined ? [] : [[name, fingerprintOf(key, Buffer.from(part))] as const];
    }),
  );
}

/** Whether an index has the fingerprints that are made of a profile today. @param key base64, as vault.json has it */
export function hasFingerprints(
  index: ReadonlyMap<string, Fingerprint>,
  profile: Profile,
  key: string | undefined,
): boolean {
  if (key === undefined) return false;
  const made = fingerprintsOf(profile, Buffer.from(key, 'base64'));
  return made.size === index.size && [...made].every(([name, text]) => index.get(name) === text);
}

/** Whether a value is one that X drew at random, with or without a digit. */
function isIssued(name: string, value: string): boolean {
  return isFieldName(name) && fieldOf(name).shape.test(value) && /[a-z]/.test(value) && /[A-Z]/.test(value);
}
