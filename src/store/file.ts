import { hash } from 'node:crypto';
import { join } from 'node:path';
import { open, prepareSeal } from '../age/age.ts';
import { AgeError } from '../age/error.ts';
import { X25519Recipient } from '../age/x25519.ts';
import { type Failure, failed, locked } from '../failure.ts';
import { profileFromJson, profileToJson } from '../profile/codec.ts';
import {
  canonical,
  FormatError,
  type Json,
  type Members,
  object,
  only,
  parseCanonical,
  string,
} from '../profile/json.ts';
import { isProfileName } from '../profile/names.ts';
import type { Profile } from '../profile/profile.ts';
import { namesIn, Replacement, readPrivate, removePrivate, versionOf } from '../system/files.ts';
import type { VaultKey } from '../unlock/key.ts';
import { DOMAINS, isSignedBy } from '../unlock/writer.ts';
import { Conflict, type Reserved, type Signer, type Store, type Stored } from './port.ts';

export const FORMAT = 'twvault-record-1';
const EXTENSION = '.age';
const SIZE_LIMIT = 1024 * 1024;
/** Plaintexts are padded to a multiple of this, so that a file's size tells little about its content. */
const PADDING = 4096;

export interface FileStoreOptions {
  /** The folder of the profile files. */
  readonly directory: string;
  /** The id of the vault that records must belong to. */
  readonly vault: string;
  /** Opens the vault; called when a record is first read or written, and again where the key was replaced since. */
  readonly unlock: () => Promise<VaultKey>;
  /** The writer whose records count as new, as the vault says at this moment; absent where it never changes. */
  readonly newestWriter?: () => string | undefined;
}

/** Profiles as standard age files, one each, signed by the identity that wrote them. docs/format.md has the bytes. */
export class FileStore implements Store {
  readonly #options: FileStoreOptions;
  #key: Promise<VaultKey> | undefined;

  readonly signer: Signer = {
    sign: async (message) => (await this.#unlocked()).writer.sign(message),
    hasSigned: async (message, signature) => {
      const { trusted } = await this.#unlocked();
      return trusted.some((writer) => isSignedBy(writer, message, signature));
    },
  };

  constructor(options: FileStoreOptions) {
    this.#options = options;
  }

  async open(): Promise<void> {
    if (this.#isReplaced(await this.#unlocked()) && this.#isReplaced(await this.#unlockedAnew()))
      throw replaced();
  }

  async read(name: string): Promise<Stored | null> {
    const path = this.#path(name);
    const sealed = readPrivate(path, SIZE_LIMIT);
    if (!sealed) return null;
    const key = await this.#unlocked();
    try {
      return await this.#opened(sealed, key, name);
    } catch (error) {
      if (!this.#isReplaced(key)) throw error;
      return this.#readAnew(name);
    }
  }

  /** The identity was exchanged since it was found, or while the record was read: with what is there now. */
  async #readAnew(name: string): Promise<Stored | null> {
    const key = await this.#unlockedAnew();
    const sealed = readPrivate(this.#path(name), SIZE_LIMIT);
    if (!sealed) return null;
    return this.#opened(sealed, key, name).catch((error: unknown) => {
      throw this.#isReplaced(key) ? replaced(error) : error;
    });
  }

  async #opened(sealed: Uint8Array, key: VaultKey, name: string): Promise<Stored> {
    const { profile, writer } = await this.#decode(sealed, key, name);
    return { profile, revision: revisionOf(sealed), isOutdated: writer !== key.trusted[0] };
  }

  async reserve(
    name: string,
    expected: string | null,
    growth?: number,
    recipients?: readonly string[],
  ): Promise<Reserved> {
    const path = this.#path(name);
    const changedMeanwhile = () => new Conflict(`${path} was changed meanwhile`);
    const version = versionOf(path);
    const current = readPrivate(path, SIZE_LIMIT);
    if ((current && revisionOf(current)) !== expected) throw changedMeanwhile();
    const key = await this.#unlocked();
    // It stays as it is while the vault's lock is held.
    if (this.#isReplaced(key)) throw new Conflict('the identity of the vault was replaced meanwhile');
    const encode = await this.#encoder(path, key, recipients);
    const file = new Replacement(path, { space: growth === undefined ? 0 : (current?.length ?? 0) + growth });
    return {
      put: async (profile, lastCheck) => {
        const sealed = await encode(profile);
        file.commit(sealed, () => {
          lastCheck();
          if (versionOf(path) !== version) throw changedMeanwhile();
        });
        return revisionOf(sealed);
      },
      release: () => file.abandon(),
    };
  }

  async remove(name: string): Promise<boolean> {
    return removePrivate(this.#path(name));
  }

  async names(): Promise<string[]> {
    return namesIn(this.#options.directory)
      .filter((file) => file.endsWith(EXTENSION))
      .map((file) => file.slice(0, -EXTENSION.length))
      .filter(isProfileName);
  }

  async explainAbsence(name: string): Promise<Failure> {
    return failed(`${this.#path(name)} is missing`, [
      'restore it from a backup, or forget the profile: twvault remove '.concat(name),
    ]);
  }

  #path(name: string): string {
    return join(this.#options.directory, name + EXTENSION);
  }

  #unlocked(): Promise<VaultKey> {
    this.#key ??= this.#options.unlock().catch((error: unknown) => {
      this.#key = undefined; // what was in the way may be gone the next time
      throw error;
    });
    return this.#key;
  }

  #unlockedAnew(): Promise<VaultKey> {
    this.#key = undefined;
    return this.#unlocked();
  }

  /** Whether the vault's identity was exchanged for one that this key has not. Such a key must not write. */
  #isReplaced({ trusted }: VaultKey): boolean {
    const { newestWriter } = this.#options;
    return newestWriter !== undefined && newestWriter() !== trusted[0];
  }

  /** Makes one profile's file, with all keys at hand before it is known; where it has other recipients, those are used. */
  async #encoder(
    path: string,
    { recipient, writer }: VaultKey,
    expected: readonly string[] = [],
  ): Promise<(profile: Profile) => Promise<Uint8Array>> {
    const sealTo = (texts: readonly string[]) =>
      prepareSeal([recipient, ...texts.map((text) => X25519Recipient.parse(text))]);
    const prepared = await sealTo(expected);
    return async (profile) => {
      const { recipients = [] } = profile;
      const seal = recipients.join() === expected.join() ? prepared : await sealTo(recipients);
      const body: Json = {
        format: FORMAT,
        profile: profileToJson(profile),
        vault: this.#options.vault,
        writer: writer.id,
      };
      const text = canonical({ body, sig: await writer.sign(signedBytes(canonical(body))) });
      const plain = Buffer.alloc(Math.ceil(Buffer.byteLength(text) / PADDING) * PADDING, ' ');
      plain.write(text);
      const sealed = await seal(plain);
      plain.fill(0);
      if (sealed.length > SIZE_LIMIT)
        throw failed(`${path} would be too large: a profile holds at most 1 MiB`);
      return sealed;
    };
  }

  async #decode(sealed: Uint8Array, { identities, trusted }: VaultKey, name: string) {
    try {
      const plain = Buffer.from(await open(sealed, identities));
      const text = plain.toString('utf8', 0, unpaddedLength(plain));
      plain.fill(0);
      return this.#checked(text, trusted, name);
    } catch (error) {
      throw explained(error, this.#path(name));
    }
  }

  /** The profile in an opened document, if our writer signed it for this vault under this name. */
  #checked(text: string, trusted: readonly string[], name: string): { profile: Profile; writer: string } {
    const outer = object(parseCanonical(text), 'the document');
    only(outer, 'the document', 'body sig');
    const body = object(outer.get('body'), 'body');
    const writer = trusted.find((id) => id === body.get('writer'));
    if (writer === undefined || !isGenuine(text, outer, writer)) {
      throw new FormatError('it was not written by this vault: its signature does not hold');
    }
    only(body, 'body', 'format profile vault writer');
    if (body.get('format') !== FORMAT) throw new FormatError('its format is newer than this twvault');
    if (body.get('vault') !== this.#options.vault) throw new FormatError('it belongs to another vault');
    const profile = profileFromJson(body.get('profile') as Json);
    if (profile.name !== name) throw new FormatError(`it holds the profile ${profile.name}, not ${name}`);
    return { profile, writer };
  }
}

/** Whether a writer signed the body of a document, whose text is canonical: no second one has to be made of it. */
function isGenuine(text: string, document: Members, writer: string): boolean {
  const body = text.slice('{"body":'.length, text.lastIndexOf(',"sig":'));
  return isSignedBy(writer, signedBytes(body), string(document.get('sig'), 'sig'));
}

/** Where the padding begins: after the last brace, if only spaces follow it. */
function unpaddedLength(plain: Buffer): number {
  const end = plain.lastIndexOf('}') + 1;
  return plain.subarray(end).equals(Buffer.alloc(plain.length - end, ' ')) ? end : plain.length;
}

function signedBytes(body: string): Uint8Array {
  return Buffer.from(DOMAINS.record + body);
}

function revisionOf(bytes: Uint8Array): string {
  return hash('sha256', bytes, 'hex');
}

function replaced(cause?: unknown): Failure {
  const hints = [
    'use the new one: the file that twvault rekey --identity-out wrote, or what the keychain or identity.age holds now',
    'a program that runs for long has to be started again',
  ];
  return locked('the identity of this vault was exchanged, and the one at hand is the old one', hints, cause);
}

const MEND = 'restore the file from a backup, or remove the profile and add it anew';

function explained(error: unknown, path: string): unknown {
  if (error instanceof AgeError && error.kind === 'no-match') {
    return locked(`the identity at hand does not open ${path}`, [
      'it is sealed to another identity, or damaged: check TWVAULT_IDENTITY and TWVAULT_IDENTITY_FILE',
      MEND,
    ]);
  }
  if (error instanceof AgeError)
    return failed(`${path} is damaged or was altered: ${error.message}`, [MEND], error);
  if (error instanceof FormatError) return failed(`${path} is refused: ${error.message}`, [MEND], error);
  return error;
}
