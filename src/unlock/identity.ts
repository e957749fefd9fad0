import { join } from 'node:path';
import type { X25519Identity } from '../age/x25519.ts';
import { failed, locked } from '../failure.ts';
import type { Secret } from '../profile/secret.ts';
import { readPrivate } from '../system/files.ts';
import type { Variables } from '../system/paths.ts';
import { parseIdentity } from './identity-text.ts';
import { passphraseFrom, readSecretFile } from './passphrase.ts';

/** Where a vault's identity is kept, as vault.json says. */
export type IdentityHome = 'passphrase' | 'keychain' | 'elsewhere';

/** What finding the identity may draw on. */
export interface Sources {
  readonly env: Variables;
  readonly home: string;
  /** The vault's id, which names the identity in the keychain. */
  readonly vault: string;
  readonly identityHome: IdentityHome;
  /** The terminal to ask on, or undefined where there is none. */
  readonly terminal: () => Promise<Asker | undefined>;
}

/** Asks a person for a secret. */
export type Asker = (question: string) => Promise<Secret>;

export const IDENTITY_FILE = 'identity.age';
const IDENTITY_LIMIT = 64 * 1024;

/** The name of a vault's identity in the keychain. A colon cannot occur in a profile's name. */
export const identityAccount = (vault: string): string => `identity:${vault}`;

/**
 * The identity that opens the vault, from the first source that has one: TWVAULT_IDENTITY, TWVAULT_IDENTITY_FILE, the
 * keychain, identity.age with a passphrase.
 * @throws Failure exit 3 with hints where no source answers; never waits for a prompt that cannot come
 */
export async function findIdentity(sources: Sources): Promise<X25519Identity> {
  const given = identityFromEnvironment(sources.env);
  if (given) return given;
  if (sources.identityHome === 'keychain') return identityFromKeychain(sources);
  if (sources.identityHome === 'passphrase') return identityFromPassphrase(sources);
  throw locked('the vault is locked: its identity is kept elsewhere', [
    'set TWVAULT_IDENTITY_FILE to the file that init --identity-out wrote, or TWVAULT_IDENTITY to its text',
  ]);
}

/** The identity that a variable holds or names, if one is set. */
export function identityFromEnvironment(env: Variables): X25519Identity | undefined {
  if (env.TWVAULT_IDENTITY) return parseIdentity(env.TWVAULT_IDENTITY, 'TWVAULT_IDENTITY');
  const path = env.TWVAULT_IDENTITY_FILE;
  return path ? parseIdentity(readSecretFile(path), path) : undefined;
}

async function identityFromKeychain({ env, vault }: Sources): Promise<X25519Identity> {
  const { Keychain } = await import('../system/keychain.ts');
  const keychain = new Keychain('twvault', env);
  const text = await keychain.get(identityAccount(vault));
  if (text !== null) return parseIdentity(text, "the keychain's identity item");
  throw (
    (await keychain.probe()) ??
    locked("the keychain no longer has the vault's identity", [
      'restore the keychain, or set TWVAULT_IDENTITY_FILE to a copy of the identity',
    ])
  );
}

async function identityFromPassphrase(sources: Sources): Promise<X25519Identity> {
  const path = join(sources.home, IDENTITY_FILE);
  const sealed = readPrivate(path, IDENTITY_LIMIT);
  if (!sealed)
    throw failed(`${path} is missing`, ['restore it from a backup: the profiles open with nothing else']);
  const { openWithPassphrase } = await import('./sealed-identity.ts');
  const given = passphraseFrom(sources.env);
  if (given) return openWithPassphrase(sealed, given, path);
  const ask = await sources.terminal();
  if (!ask) {
    throw locked('the vault is locked, and there is no terminal to ask for the passphrase', [
      'set TWVAULT_PASSPHRASE_FILE, TWVAULT_IDENTITY_FILE or TWVAULT_IDENTITY',
    ]);
  }
  return openWithPassphrase(sealed, await ask('passphrase of the vault'), path);
}
