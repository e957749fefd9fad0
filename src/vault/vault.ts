import { join } from 'node:path';
import { type Failure, failed, missing } from '../failure.ts';
import type { Profile } from '../profile/profile.ts';
import type { Store, Stored } from '../store/port.ts';
import { readConfig, type VaultConfig } from './config.ts';
import { type IndexEntry, MOST_ANCESTORS, ProfileIndex } from './profile-index.ts';

export const lockPath = (home: string): string => join(home, 'lock');
export const profilesDirectory = (home: string): string => join(home, 'profiles');

/** The profiles of one home, to be read: a store for the records, and an index beside it. `Editor` changes them. */
export class Vault {
  readonly home: string;
  readonly config: VaultConfig;
  readonly store: Store;
  readonly index: ProfileIndex;

  constructor(home: string, config: VaultConfig, store: Store) {
    this.home = home;
    this.config = config;
    this.store = store;
    this.index = new ProfileIndex(home);
  }

  /** All profiles' names, sorted: what the store holds, and what the index says it should hold. */
  async names(): Promise<string[]> {
    return [...new Set([...(await this.store.names()), ...this.index.names()])].sort();
  }

  /** @throws Failure exit 4, listing the profiles that there are */
  async checkExists(name: string): Promise<void> {
    const names = await this.names();
    if (!names.includes(name)) throw noSuchProfile(name, names);
  }

  /**
   * A profile with its values.
   * @throws Failure exit 4 where there is none of that name; exit 1 or 3 where it cannot be opened or is older than
   * what was last written
   */
  async read(name: string): Promise<Profile> {
    return (await this.stored(name)).profile;
  }

  /** The profile and those it inherits from, nearest first. */
  async chain(name: string): Promise<Profile[]> {
    const chain = [await this.read(name)];
    for (let parent = chain[0]?.inherit; parent !== undefined; parent = chain.at(-1)?.inherit) {
      if (chain.some((profile) => profile.name === parent)) throw failed(`${name} inherits from itself`);
      if (chain.length > MOST_ANCESTORS) throw failed(`${name} inherits through too many profiles`);
      chain.push(await this.read(parent));
    }
    return chain;
  }

  /** The index entry of a profile, without opening anything; undefined where the index does not know it. */
  entry(name: string): IndexEntry | undefined {
    return this.index.read(name) ?? undefined;
  }

  /** What `chain` would give, from the index alone; it ends early where the index does not know a parent. */
  entryChain(name: string): IndexEntry[] {
    return this.index.chain(name);
  }

  /** The profiles that inherit from this one directly, sorted. */
  children(name: string): string[] {
    return this.index
      .names()
      .filter((other) => this.index.read(other)?.inherit === name)
      .sort();
  }

  /** How many generations inherit from this profile. */
  generationsBelow(name: string): number {
    const above = this.index
      .names()
      .map((heir) => this.entryChain(heir).findIndex((each) => each.name === name));
    return Math.max(0, ...above);
  }

  /** The record of a profile with its revision. @throws like `read` */
  async stored(name: string): Promise<Stored> {
    const stored = await this.existing(name);
    if (!stored) throw noSuchProfile(name, await this.names());
    return stored;
  }

  /** The record of a profile if there is one, checked against what was written last. */
  async existing(name: string): Promise<Stored | null> {
    const known = this.index.read(name);
    const stored = await this.store.read(name);
    if (!stored) {
      if (known) throw this.#moved() ?? (await this.store.explainAbsence(name));
      return null;
    }
    // A writer may have finished between the two reads above: only what still holds is a finding.
    if (isOlder(stored, known) && isOlder(stored, this.index.read(name))) {
      throw this.#moved() ?? outdated(name);
    }
    return stored;
  }

  /** A migration may have ended since this vault was opened: then the index speaks of the other store. */
  #moved(): Failure | undefined {
    const now = readConfig(this.home);
    return now && now.store !== this.config.store ? movedMeanwhile() : undefined;
  }
}

function isOlder({ profile, revision }: Stored, known: IndexEntry | null): boolean {
  if (!known || profile.generation > known.generation) return false;
  return profile.generation < known.generation || revision !== known.revision;
}

const outdated = (name: string): Failure =>
  failed(`${name} is older than what was last written, or not the file that was`, [
    'someone put an earlier copy in its place; if it was you, accept it: twvault doctor --fix',
  ]);

/** What to say to who opened a vault before its profiles were moved to the other store. */
export const movedMeanwhile = (): Failure =>
  failed('the profiles have just been moved to another store', ['run the command again']);

/** @param names the profiles that there are */
export function noSuchProfile(name: string, names: readonly string[]): Failure {
  return missing(`there is no profile ${name}`, [
    names.length === 0 ? 'add one: twvault add personal' : `profiles: ${names.join(', ')}`,
  ]);
}
