import { readDotenv } from '../../intake/dotenv.ts';
import { textAt } from '../../intake/read.ts';
import { looksLikeCredential } from '../../profile/shape.ts';
import { hint, warn } from '../voice.ts';
import { fileReference, type Reference } from './reference.ts';

/** A dotenv file that may be committed: plain values, and references in the place of secret ones. */
export interface EnvFile {
  readonly plain: ReadonlyMap<string, string>;
  readonly references: readonly Reference[];
}

/**
 * Reads one with the reader of `import`: it reads as the library dotenv does, knows the lines, and its values cannot
 * print themselves.
 * @param shown the path as it was given
 * @throws Failure exit 2 naming the line of a reference that is none
 */
export function readEnvFile(path: string, shown: string): EnvFile {
  const plain = new Map<string, string>();
  const references: Reference[] = [];
  for (const { name, secret, line } of readDotenv(textAt(path))) {
    const value = secret.reveal();
    const place = `${shown}:${line}`;
    const reference = fileReference(name, value, place);
    if (reference) references.push(reference);
    else plain.set(name, value);
    if (!reference && looksLikeCredential(value)) {
      warn(`${place}: ${name} looks like a credential in plaintext`);
      hint(`store it and leave a reference: twvault import ${shown} --scrub`);
    }
  }
  return { plain, references };
}
