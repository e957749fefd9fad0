import { AgeError } from '../age/error.ts';
import { X25519Identity } from '../age/x25519.ts';
import { type Failure, locked } from '../failure.ts';

/** At least one; several while a vault's identity is being exchanged. */
export type Identities = readonly [X25519Identity, ...X25519Identity[]];

/** Each takes a moment to be set up, and nobody has that many. */
const MOST = 16;

/**
 * An age identity file: comments, empty lines, and one AGE-SECRET-KEY-1 line for each identity.
 * @param where what to name in an error
 */
export function parseIdentities(text: string, where: string): Identities {
  const lines = text.split('\n').map((line) => line.trim());
  const [first, ...more] = lines.filter((line) => line !== '' && !line.startsWith('#'));
  if (first === undefined) throw noIdentity('', where);
  if (more.length >= MOST) throw locked(`${where} holds more than ${MOST} age identities`);
  return [parseLine(first, where), ...more.map((line) => parseLine(line, where))];
}

function parseLine(line: string, where: string): X25519Identity {
  if (!line.startsWith('AGE-SECRET-KEY-1')) throw noIdentity(line, where);
  try {
    return X25519Identity.parse(line);
  } catch (error) {
    if (error instanceof AgeError) throw locked(`${where} holds a mistyped or truncated age identity`);
    throw error;
  }
}

function noIdentity(line: string, where: string): Failure {
  return locked(`${where} is not an age identity (a line that begins with AGE-SECRET-KEY-1)`, [
    line.startsWith('age-encryption.org/') || line.startsWith('-----BEGIN AGE')
      ? `it is encrypted: decrypt it first, with age -d ${where}`
      : 'twvault doctor shows where the identity is expected',
  ]);
}

const HEAD = '# the identity of a twvault: whoever has it opens the vault\n';
const EXCHANGE = '# it is being exchanged, the new one first: twvault rekey ends that\n';

/** The text of an identity file, as `age-keygen` writes it, with every identity: several while one is exchanged. */
export function identityText(...identities: readonly X25519Identity[]): string {
  const keys = identities.map(
    (identity) => `# public key: ${identity.recipient().encode()}\n${identity.encode()}\n`,
  );
  return `${HEAD}${keys.length > 1 ? EXCHANGE : ''}${keys.join('')}`;
}

/** Whether a text is ours and holds two identities that are being exchanged, not any file with several. */
export const isExchange = (text: string): boolean => text.startsWith(HEAD + EXCHANGE);
