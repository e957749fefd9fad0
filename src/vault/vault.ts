import { join } from 'node:path';
import { type Failure, failed, missing, usage } from '../failure.ts';
import { effectiveFields } from '../profile/inherit.ts';
import { type Change, changed, emptyProfile, type Profile, renamed } from '../profile/profile.ts';
import { Conflict, type Store, type Stored } from '../store/port.ts';
import { removePrivate, strayFiles } from '../system/files.ts';
import { readConfig, type VaultConfig, writeConfig } from './config.ts';
import { type IndexEntry, indexEntry, ProfileIndex } from './profile-index.ts';

const MOST_ANCESTORS = 8;
const MOST_ATTEMPTS = 5;

export const lockPath = (home: string): string => join(home, 'lock');
export const profilesDirectory = (home: string): string => join(home, 'profiles');

/** The profiles of one home: a store for the records, an index beside it, and the rules between profiles. */
export class Vault {
  readonly home: string;
  readonly index: ProfileIndex;
  readonly store: Store;
  #config: VaultConfig;

  constructor(home: string, config: VaultConfig, store: Store) {
    this.home = home;
    this.#config = config;
    this.store = store;
    this.index = new ProfileIndex(home);
  }

  get config(): VaultConfig {
    return this.#config;
  }

  /** All profiles' names, sorted: what the store holds, and what the index says it should hold. */
  async names(): Promise<string[]> {
    return [...new Set([...(await this.store.names()), ...this.index.names()])].sort();
  }

  /**
   * A profile with its values.
   * @throws Failure exit 4 where there is none of that name; exit 1 or 3 where it cannot be opened or is older than
   * what was last written
   */
  async read(name: string): Promise<Profile> {
    return (await this.#stored(name)).profile;
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
    const chain: IndexEntry[] = [];
    for (let next: string | undefined = name; next !== undefined && chain.length <= MOST_ANCESTORS; ) {
      const entry = this.entry(next);
      if (!entry || chain.includes(entry)) break;
      chain.push(entry);
      next = entry.inherit;
    }
    return chain;
  }

  /** The profiles that inherit from this one directly, sorted. */
  children(name: string): string[] {
    return this.index
      .names()
      .filter((other) => this.index.read(other)?.inherit === name)
      .sort();
  }

  /**
   * Writes a new profile.
   * @param isReplacing whether one of that name may be there already and be replaced whole
   */
  async create(name: string, change: Change, isReplacing = false): Promise<Profile> {
    return this.#writing(async (stillHeld) => {
      await this.#checkParent(name, change.inherit);
      const before = await this.#existing(name);
      if (before && !isReplacing) throw exists(name);
      const base = { ...emptyProfile(name), generation: before?.profile.generation ?? 0 };
      return this.#put(changed(base, change), before?.revision ?? null, stillHeld);
    });
  }

  /** Changes a profile that exists. Values not named in the change stay as they are, whoever wrote them last. */
  async update(name: string, change: Change): Promise<Profile> {
    return this.#writing(async (stillHeld) => {
      await this.#checkParent(name, change.inherit);
      const { profile, revision } = await this.#stored(name);
      return this.#put(changed(profile, change), revision, stillHeld);
    });
  }

  /** Writes a copy under a new name. */
  async copy(from: string, to: string): Promise<Profile> {
    return this.#writing(async (stillHeld) => {
      const { profile } = await this.#stored(from);
      if (await this.#existing(to)) throw exists(to);
      return this.#put(renamed(profile, to), null, stillHeld);
    });
  }

  /**
   * Gives a profile another name. Children and the default follow; each step leaves every profile whole, and the old
   * name goes last.
   */
  async rename(from: string, to: string): Promise<void> {
    await this.#writing(async (stillHeld) => {
      const { profile } = await this.#stored(from);
      if (await this.#existing(to)) throw exists(to);
      await this.#put(renamed(profile, to), null, stillHeld);
      for (const child of this.children(from)) {
        const { profile: heir, revision } = await this.#stored(child);
        await this.#put(changed(heir, { inherit: to }), revision, stillHeld);
      }
      if (this.#config.default === from) this.#configure({ ...this.#config, default: to }, stillHeld);
      await this.#delete(from, stillHeld);
    });
  }

  /**
   * Removes a profile.
   * @param isDetaching gives children their own copy of what they inherit; otherwise a parent is refused
   */
  async remove(name: string, isDetaching = false): Promise<void> {
    if (isDetaching) await this.store.open();
    await this.#locked(async (stillHeld) => {
      this.checkRemovable(name, isDetaching);
      for (const child of this.children(name)) await this.#detach(child, name, stillHeld);
      if (this.#config.default === name) {
        const { default: _gone, ...rest } = this.#config;
        this.#configure(rest, stillHeld);
      }
      await this.#delete(name, stillHeld);
    });
  }

  /** @throws Failure exit 1 where other profiles inherit from this one and would lose what they take from it */
  checkRemovable(name: string, isDetaching: boolean): void {
    const children = this.children(name);
    if (children.length > 0 && !isDetaching) throw hasChildren(name, children);
  }

  /** Makes a profile the default. */
  async setDefault(name: string): Promise<void> {
    await this.#locked(async (stillHeld) => {
      await this.checkExists(name);
      this.#configure({ ...this.#config, default: name }, stillHeld);
    });
  }

  /** @throws Failure exit 4, listing the profiles that there are */
  async checkExists(name: string): Promise<void> {
    const names = await this.names();
    if (!names.includes(name)) throw noSuchProfile(name, names);
  }

  /** Makes the index agree with the store, opening every profile. Returns what could not be read. */
  async rebuildIndex(): Promise<{ name: string; failure: Failure }[]> {
    const unreadable: { name: string; failure: Failure }[] = [];
    await this.#writing(async () => {
      const names = new Set(await this.store.names());
      for (const stale of this.index.names()) if (!names.has(stale)) this.index.remove(stale);
      for (const name of names) {
        try {
          const stored = await this.store.read(name);
          if (stored) this.index.write(indexEntry(stored.profile, stored.revision));
        } catch (error) {
          unreadable.push({ name, failure: error as Failure });
        }
      }
    });
    return unreadable;
  }

  /** Runs a change under the lock, again where another writer came between. */
  async #writing<T>(work: (stillHeld: () => void) => Promise<T>): Promise<T> {
    await this.store.open();
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#locked(work);
      } catch (error) {
        if (!(error instanceof Conflict)) throw error;
        if (attempt === MOST_ATTEMPTS)
          throw failed('other writers kept changing the profile: try again', [], error);
      }
    }
  }

  async #locked<T>(work: (stillHeld: () => void) => Promise<T>): Promise<T> {
    const { withLock } = await import('../system/lock.ts');
    return withLock(lockPath(this.home), async (stillHeld) => {
      this.#refresh();
      return work(stillHeld);
    });
  }

  /** Takes in what others wrote before this process got the lock, and sweeps what a killed writer left. */
  #refresh(): void {
    this.#config = readConfig(this.home) ?? this.#config;
    for (const directory of [this.home, profilesDirectory(this.home), this.index.directory]) {
      for (const stray of strayFiles(directory)) removePrivate(stray);
    }
  }

  async #stored(name: string): Promise<Stored> {
    const stored = await this.#existing(name);
    if (!stored) throw noSuchProfile(name, await this.names());
    return stored;
  }

  /** The record of a profile if it exists, checked against what was written last. */
  async #existing(name: string): Promise<Stored | null> {
    const known = this.index.read(name);
    const stored = await this.store.read(name);
    if (!stored) {
      if (known) throw await this.store.explainAbsence(name);
      return null;
    }
    // A writer may have finished between the two reads above: only what still holds is a finding.
    if (isOlder(stored, known) && isOlder(stored, this.index.read(name))) {
      throw failed(`${name} is older than what was last written, or not the file that was`, [
        'someone put an earlier copy in its place; if it was you, accept it: twvault doctor --fix',
      ]);
    }
    return stored;
  }

  async #put(profile: Profile, expected: string | null, stillHeld: () => void): Promise<Profile> {
    const revision = await this.store.write(profile, expected, stillHeld);
    this.index.write(indexEntry(profile, revision));
    return profile;
  }

  async #delete(name: string, stillHeld: () => void): Promise<void> {
    stillHeld();
    const wasStored = await this.store.remove(name);
    if (!wasStored && !this.index.read(name)) throw noSuchProfile(name, await this.names());
    this.index.remove(name);
  }

  #configure(config: VaultConfig, stillHeld: () => void): void {
    writeConfig(this.home, config, stillHeld);
    this.#config = config;
  }

  /** Ends a child's inheritance by giving it what it took from its parent; it goes on to the grandparent. */
  async #detach(child: string, parent: string, stillHeld: () => void): Promise<void> {
    const { profile, revision } = await this.#stored(child);
    const above = (await this.read(parent)) as Profile;
    const inherited = [...effectiveFields([profile, above])].filter(([, { from }]) => from === parent);
    const fields = new Map(inherited.map(([field, { secret }]) => [field, secret]));
    const next = changed(profile, { fields, inherit: above.inherit ?? null });
    await this.#put(next, revision, stillHeld);
  }

  async #checkParent(name: string, parent: string | null | undefined): Promise<void> {
    if (parent === undefined || parent === null) return;
    if (parent === name) throw usage('a profile cannot inherit from itself');
    for (const ancestor of await this.chain(parent)) {
      if (ancestor.name === name) throw usage(`${parent} inherits from ${name} already`);
    }
  }
}

function isOlder({ profile, revision }: Stored, known: IndexEntry | null): boolean {
  if (!known || profile.generation > known.generation) return false;
  return profile.generation < known.generation || revision !== known.revision;
}

function exists(name: string): Failure {
  return failed(`the profile ${name} exists already`, [
    `change values with twvault set ${name} FIELD, or replace it whole with twvault add ${name} --replace`,
  ]);
}

function hasChildren(name: string, children: readonly string[]): Failure {
  return failed(`${children.join(', ')} inherit${children.length === 1 ? 's' : ''} from ${name}`, [
    `--detach gives ${children.length === 1 ? 'it a copy' : 'them copies'} of what would be lost`,
  ]);
}

/** @param names the profiles that there are */
function noSuchProfile(name: string, names: readonly string[]): Failure {
  return missing(`there is no profile ${name}`, [
    names.length === 0 ? 'add one: twvault add personal' : `profiles: ${names.join(', ')}`,
  ]);
}
