import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Identity } from '../../age/ports.ts';
import { isSealedToPassphrase, passphraseIdentity } from '../../backup/sealed.ts';
import { failed, locked, usage } from '../../failure.ts';
import { shownPath } from '../../profile/shape.ts';
import { fileFailure } from '../../system/files.ts';
import { identitiesFromEnvironment } from '../../unlock/identity.ts';
import { parseIdentities } from '../../unlock/identity-text.ts';
import { readSecretFile } from '../../unlock/unattended.ts';
import type { Context } from '../context.ts';
import { passphraseIn } from '../input.ts';

export interface OpeningOptions {
  readonly identity?: string;
  readonly passphraseFile?: string;
}

/** More than any vault has. */
const LIMIT = 64 * 1024 * 1024;

/** The bytes of a file that may be anyone's, a link too; a hyphen is standard input. */
export function bytesOf(file: string, path: string): Uint8Array {
  try {
    if (file === '-') return readFileSync(0);
    if (statSync(path).size > LIMIT) throw failed(`${path} is too large for a backup`);
    return readFileSync(path);
  } catch (error) {
    throw fileFailure('read', shownPath(path), error);
  }
}

/** What opens a sealed backup: --identity, or the identity of the environment; --passphrase-file, or the terminal. */
export async function identitiesFor(
  file: Uint8Array,
  path: string,
  context: Context,
  options: OpeningOptions,
): Promise<readonly Identity[]> {
  if (isSealedToPassphrase(file, path)) return [await byPassphrase(path, context, options)];
  if (options.passphraseFile !== undefined) throw usage(`${path} is sealed to a key, not to a passphrase`);
  if (options.identity !== undefined) {
    const place = resolve(context.cwd(), options.identity);
    return parseIdentities(readSecretFile(place, 'the identity file'), place);
  }
  const identities = identitiesFromEnvironment(context.env);
  if (identities) return identities;
  throw locked(`${path} is sealed to a key`, ['name the file that holds it: --identity FILE']);
}

async function byPassphrase(path: string, context: Context, options: OpeningOptions): Promise<Identity> {
  if (options.identity !== undefined) throw usage(`${path} is sealed to a passphrase, not to a key`);
  if (options.passphraseFile !== undefined) {
    const passphrase = passphraseIn(options.passphraseFile, context);
    if (passphrase.length === 0) throw usage(`${options.passphraseFile} begins with an empty line`);
    return passphraseIdentity(passphrase);
  }
  const ask = await context.terminal();
  if (!ask)
    throw locked('there is no terminal to ask for the passphrase', ['give it with --passphrase-file FILE']);
  const passphrase = await ask('passphrase of the backup');
  if (passphrase.length === 0) throw locked('no passphrase was given');
  return passphraseIdentity(passphrase);
}
