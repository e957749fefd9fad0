import { AgeError } from '../age/error.ts';
import { X25519Identity } from '../age/x25519.ts';
import { locked } from '../failure.ts';

/**
 * An age identity file: comments, empty lines, and one AGE-SECRET-KEY-1 line.
 * @param where what to name in an error
 */
export function parseIdentity(text: string, where: string): X25519Identity {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const keys = lines.filter((line) => line !== '' && !line.startsWith('#'));
  const [key] = keys;
  if (key === undefined || keys.length > 1 || !key.startsWith('AGE-SECRET-KEY-1')) {
    throw locked(`${where} is not an age identity (one line that begins with AGE-SECRET-KEY-1)`, [
      key?.startsWith('age-encryption.org/') || key?.startsWith('-----BEGIN AGE')
        ? `it is encrypted: decrypt it first, with age -d ${where}`
        : 'twvault doctor shows where the identity is expected',
    ]);
  }
  try {
    return X25519Identity.parse(key);
  } catch (error) {
    if (error instanceof AgeError) throw locked(`${where} holds a mistyped or truncated age identity`);
    throw error;
  }
}

/** The text of an identity file, as `age-keygen` writes it. */
export function identityText(identity: X25519Identity): string {
  return `# the identity of a twvault: whoever has it opens the vault\n# public key: ${identity.recipient().encode()}\n${identity.encode()}\n`;
}
