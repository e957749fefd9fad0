import { createHash } from 'node:crypto';
import { type Failure, failed, locked } from '../failure.ts';
import { profileFromJson, profileToJson } from '../profile/codec.ts';
import { canonical, FormatError, type Json, object, only, parseCanonical } from '../profile/json.ts';
import type { Profile } from '../profile/profile.ts';
import { Conflict, type Reserved, type Store, type Stored } from './port.ts';
import { type Items, SplitItems } from './split-items.ts';

export const FORMAT = 'twvault-item-1';

export interface KeychainStoreOptions {
  readonly items: Items;
  /** Proves that the keychain works, or says why it does not. */
  readonly probe: () => Promise<Failure | null>;
  /**
   * The names of the profiles that were stored: a keychain is not asked for a list, since listing a locked one
   * crashes the library.
   */
  readonly names: () => Promise<string[]>;
  /** The largest item in bytes; larger records are split. */
  readonly itemLimit?: number;
}

/** Windows refuses more than 2,560 bytes an item. */
const ITEM_LIMIT = process.platform === 'win32' ? 2400 : Number.POSITIVE_INFINITY;

/** Profiles as items of the operating system's keychain, one each. The keychain itself keeps them secret and whole. */
export class KeychainStore implements Store {
  readonly #options: KeychainStoreOptions;
  readonly #items: SplitItems;

  constructor(options: KeychainStoreOptions) {
    this.#options = options;
    this.#items = new SplitItems(options.items, options.itemLimit ?? ITEM_LIMIT);
  }

  async open(): Promise<void> {
    // The keychain asks by itself when it is first used.
  }

  async read(name: string): Promise<Stored | null> {
    const item = await this.#items.get(name);
    if (item === null) return null;
    try {
      return { profile: decode(item, name), revision: revisionOf(item) };
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      throw failed(`the keychain item twvault/${name} is refused: ${error.message}`, [
        'remove the profile and add it anew',
      ]);
    }
  }

  async reserve(name: string, expected: string | null): Promise<Reserved> {
    const current = await this.#items.get(name);
    if ((current && revisionOf(current)) !== expected) throw new Conflict(`${name} was changed meanwhile`);
    return {
      put: async (profile, lastCheck) => {
        const item = encode(profile);
        lastCheck();
        await this.#items.set(name, item);
        return revisionOf(item);
      },
      release: () => {},
    };
  }

  async remove(name: string): Promise<boolean> {
    if (await this.#items.remove(name)) return true;
    // A locked keychain says "nothing there" too; forgetting the profile then would orphan its item.
    const trouble = await this.#options.probe();
    if (trouble) throw trouble;
    return false;
  }

  async names(): Promise<string[]> {
    return this.#options.names();
  }

  /** A keychain answers "nothing" both for a lost item and, without a dialog, when it is locked. */
  async explainAbsence(name: string): Promise<Failure> {
    return (
      (await this.#options.probe()) ??
      locked(`the keychain no longer has the item twvault/${name}`, [
        `if it is lost for good, forget it and add it anew: twvault remove ${name}`,
        'nothing was written in its place',
      ])
    );
  }
}

/** Base64, because some keychains cut a value at its first NUL or spoil other bytes. */
function encode(profile: Profile): string {
  return Buffer.from(canonical({ format: FORMAT, profile: profileToJson(profile) })).toString('base64');
}

function decode(item: string, name: string): Profile {
  const document = object(parseCanonical(Buffer.from(item, 'base64').toString('utf8')), 'the item');
  only(document, 'the item', 'format profile');
  if (document.get('format') !== FORMAT) throw new FormatError('its format is newer than this twvault');
  const profile = profileFromJson(document.get('profile') as Json);
  if (profile.name !== name) throw new FormatError(`it holds the profile ${profile.name}, not ${name}`);
  return profile;
}

function revisionOf(item: string): string {
  return createHash('sha256').update(item).digest('hex');
}
