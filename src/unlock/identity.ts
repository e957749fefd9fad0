import { join } from 'node:path';
import type { X25519Identity } from '../age/x25519.ts';
import { failed, locked } from '../failure.ts';
import type { Secret } from '../profile/secret.ts';
import { readPrivate } from '../system/files.ts';
import type { Variables } from '../system/paths.ts';
import { type Identities, parseIdentities } from './identity-text.ts';
import { passphraseFrom } from './passphrase.ts';
import { givenText, UNATTENDED } from './unattended.ts';

/** Where a vault's identity is kept, as vault.json says. */
export type IdentityHome = 'passphrase' | 'keychain' | 'elsewhere';

/** What finding the identity may draw on. */
export interface Sources {
  readonly env: Variables;
  readonly home: string;
  /** The vault's id, which names the identity in the keychain. */
  readonly vault: string;
  readonly identityHome: IdentityHome;
  /** Tells the person what is being waited for. */
  readonly say?: ((message: string) => void) | undefined;
  /** The terminal to ask on, or undefined where there is none. */
  readonly terminal: () => Promise<Asker | undefined>;
}

/** Asks a person for a secret. */
export type Asker = (question: string) => Promise<Secret>;

export const IDENTITY_FILE = 'identity.age';
export const IDENTITY_LIMIT = 64 * 1024;

/** The name of a vault's identity in the keychain. A colon cannot occur in a profile's name. */
export const identityAccount = (vault: string): string => `identity:${vault}`;
/** Its copy while it is being replaced: macOS' keychain replaces an item by removing it first. */
export const spareAccount = (vault: string): string => `identity:${vault}:spare`;

/**
 * The identities at hand, from the first source that has any: the environment, the keychain, identity.age with a
 * passphrase.
 * @throws Failure exit 3 with hints where no source answers; never waits for a prompt that cannot come
 */
export async function findIdentities(sources: Sources): Promise<Identities> {
  const given = identitiesFromEnvironment(sources.env);
  if (given) return given;
  if (sources.identityHome === 'keychain') return identitiesFromKeychain(sources);
  if (sources.identityHome === 'passphrase') return identitiesFromPassphrase(sources);
  throw locked('the vault is locked: its identity is kept elsewhere', UNATTENDED.identity);
}

/** The identities that the environment gives, if any. */
export function identitiesFromEnvironment(env: Variables): Identities | undefined {
  const given = givenText('identity', env);
  return given && parseIdentities(given.text, given.where);
}

/** The identity from the environment that a new vault is to have. @throws Failure exit 3 where it brings several */
export function ownerFromEnvironment(env: Variables): X25519Identity | undefined {
  const [owner, ...others] = identitiesFromEnvironment(env) ?? [];
  if (others.length > 0)
    throw locked('the environment brings several identities, and a new vault has one', [
      'leave one AGE-SECRET-KEY-1 line in what it gives',
    ]);
  return owner;
}

async function identitiesFromKeychain({ vault, ...surroundings }: Sources): Promise<Identities> {
  const { Keychain } = await import('../system/keychain.ts');
  const keychain = new Keychain('twvault', surroundings);
  const text = (await keychain.get(identityAccount(vault))) ?? (await keychain.get(spareAccount(vault)));
  if (text !== null) return parseIdentities(text, "the keychain's identity item");
  throw (
    (await keychain.probe()) ??
    locked("the keychain no longer has the vault's identity", [
      'restore the keychain, or set TWVAULT_IDENTITY_FILE to a copy of the identity',
    ])
  );
}

async function identitiesFromPassphrase(sources: Sources): Promise<Identities> {
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
      'open it for a while, on a terminal: twvault unlock',
      ...UNATTENDED.passphrase,
    ]);
  }
  return openWithPassphrase(sealed, await ask('passphrase of the vault'), path);
}
