import { scryptWorkFactor } from '../age/scrypt.ts';
import type { X25519Identity } from '../age/x25519.ts';
import { failed, locked } from '../failure.ts';
import type { Secret } from '../profile/secret.ts';
import { readPrivate, removePrivate, replaceFile, straysOf } from '../system/files.ts';
import type { Keychain } from '../system/keychain.ts';
import { IDENTITY_LIMIT, identityAccount, spareAccount } from './identity.ts';
import { type Identities, identityText, isExchange, parseIdentities } from './identity-text.ts';
import { LOW_MEMORY_LOG_N, openWithPassphrase, sealWithPassphrase } from './sealed-identity.ts';

/** The place where the identities of a vault are kept, to exchange them there. */
export interface Keeper {
  /** The identities that are there, the newest first. @throws Failure where they cannot be had */
  read(): Promise<readonly X25519Identity[]>;
  /**
   * Puts others in place of those that were read, wholly or not at all.
   * @param lastCheck called before they take their place; what it throws leaves the old ones
   * @throws Failure where the place is not as it was read, or cannot be written
   */
  keep(identities: Identities, lastCheck: () => void): Promise<void>;
}

/** identity.age, under a passphrase. */
export class PassphraseKeeper implements Keeper {
  readonly #path: string;
  readonly #passphrase: Secret;
  #sealed: Buffer | undefined;

  constructor(path: string, passphrase: Secret) {
    this.#path = path;
    this.#passphrase = passphrase;
  }

  async read(): Promise<Identities> {
    this.#sealed = this.#present();
    return openWithPassphrase(this.#sealed, this.#passphrase, this.#path);
  }

  async keep(identities: Identities, lastCheck: () => void): Promise<void> {
    // The file was opened, so its header is genuine: who chose the lower cost has little memory.
    const isLow = this.#sealed !== undefined && scryptWorkFactor(this.#sealed) === LOW_MEMORY_LOG_N;
    await this.sealUnder(this.#passphrase, isLow ? LOW_MEMORY_LOG_N : undefined, identities, lastCheck);
  }

  /** Puts the identities there under another passphrase or work factor. @throws as `keep` does */
  async sealUnder(
    passphrase: Secret,
    logN: number | undefined,
    identities: Identities,
    lastCheck: () => void,
  ): Promise<void> {
    const sealed = Buffer.from(await sealWithPassphrase(identities, passphrase, logN));
    replaceFile(this.#path, sealed, () => {
      lastCheck();
      if (!this.#sealed?.equals(this.#present())) throw changedMeanwhile(this.#path);
    });
    this.#sealed = sealed;
  }

  #present(): Buffer {
    const sealed = readPrivate(this.#path, IDENTITY_LIMIT);
    if (sealed) return sealed;
    throw failed(`${this.#path} is missing`, [
      'restore it from a backup: the profiles open with nothing else',
    ]);
  }
}

/** The item of a vault in the operating system's keychain. */
export class KeychainKeeper implements Keeper {
  readonly #keychain: Keychain;
  readonly #vault: string;

  constructor(keychain: Keychain, vault: string) {
    this.#keychain = keychain;
    this.#vault = vault;
  }

  async read(): Promise<Identities> {
    for (const account of [identityAccount(this.#vault), spareAccount(this.#vault)]) {
      const text = await this.#keychain.get(account);
      if (text !== null) return parseIdentities(text, "the keychain's identity item");
    }
    throw (await this.#keychain.probe()) ?? locked("the keychain no longer has the vault's identity");
  }

  async keep(identities: Identities, lastCheck: () => void): Promise<void> {
    const text = identityText(...identities);
    lastCheck();
    for (const account of [spareAccount(this.#vault), identityAccount(this.#vault)]) {
      await this.#keychain.set(account, text);
      if ((await this.#keychain.get(account)) !== text)
        throw failed('the keychain did not keep the identity as it was given');
    }
    await this.#keychain.remove(spareAccount(this.#vault));
  }
}

/** A file of the user's choice, for an identity that is kept nowhere else. A new one, or one of an earlier exchange. */
export class FileKeeper implements Keeper {
  readonly #path: string;
  #text: string | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  async read(): Promise<readonly X25519Identity[]> {
    this.#text = this.#present();
    if (this.#text === undefined) return [];
    if (!isExchange(this.#text)) throw failed(`${this.#path} exists already`, ['name a new file']);
    return parseIdentities(this.#text, this.#path);
  }

  async keep(identities: Identities, lastCheck: () => void): Promise<void> {
    for (const stray of straysOf(this.#path)) removePrivate(stray);
    const text = identityText(...identities);
    replaceFile(this.#path, Buffer.from(text), () => {
      lastCheck();
      if (this.#present() !== this.#text) throw changedMeanwhile(this.#path);
    });
    this.#text = text;
  }

  #present(): string | undefined {
    return readPrivate(this.#path, IDENTITY_LIMIT)?.toString('utf8');
  }
}

const changedMeanwhile = (path: string) =>
  failed(`${path} was changed meanwhile; it was left as it is`, ['run the command again']);
