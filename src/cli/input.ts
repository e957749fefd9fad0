import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { isatty } from 'node:tty';
import { locked, usage } from '../failure.ts';
import { Secret } from '../profile/secret.ts';
import { readSecretFile } from '../unlock/unattended.ts';
import type { Context } from './context.ts';

const LIMIT = 1024 * 1024;

/** All of standard input as text. */
export function standardInput(): string {
  const bytes = readFileSync(0);
  if (bytes.length > LIMIT) throw usage('standard input is too large (at most 1 MiB)');
  return textOf(bytes);
}

/** What is stored has to come back as it was. */
function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    throw usage('standard input is not UTF-8 text', ['convert it first, as with iconv'], error);
  }
}

/** The first line of a file, or of standard input for a hyphen. */
export function passphraseIn(file: string, { cwd }: Context): Secret {
  const text = file === '-' ? standardInput() : readSecretFile(resolve(cwd(), file), 'the passphrase file');
  return new Secret(text.split(/\r?\n/, 1)[0] ?? '');
}

/** One value: asked for without echo where standard input is a terminal, read from it otherwise. */
export async function valueFromUser(question: string, { terminal }: Context): Promise<string> {
  if (!isatty(0)) return standardInput();
  const ask = await terminal();
  if (!ask) throw locked('there is no terminal to ask on', ['give the value on standard input']);
  return (await ask(question)).reveal();
}
