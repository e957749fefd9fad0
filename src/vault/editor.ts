import { type Failure, failed, usage } from '../failure.ts';
import { effectiveFields } from '../profile/inherit.ts';
import {
  type Change,
  changed,
  emptyProfile,
  type Profile,
  type RecipientChange,
  recipientsAfter,
  renamed,
  renewed,
  withRecipients,
} from '../profile/profile.ts';
import { Conflict } from '../store/port.ts';
import { readConfig, type VaultConfig, writeConfig } from './config.ts';
import { exclusively, type StillHeld } from './exclusive.ts';
import { fingerprintsOf, newFingerprintKey } from './fingerprints.ts';
import { indexEntry, MOST_ANCESTORS } from './profile-index.ts';
import { signerOf, standingOf, withStanding } from './standing.ts';
import { noSuchProfile, type Vault } from './vault.ts';

const MOST_ATTEMPTS = 5;

/** More than the tokens of a login take: what a record may grow by while its new values are obtained. */
const GROWTH = 16 * 1024;

/** What to change in a profile; undefined for nothing. */
type Obtain = (profile: Profile) => Promise<Change | undefined>;

/** What to reserve in the store, as its port has it. */
interface Place {
  readonly name: string;
  readonly expected: string | null;
  readonly growth?: number | undefined;
  readonly recipients?: readonly string[] | undefined;
}

/** Writes a whole record over the revision that was read (null: there must be none). */
export type Put = (profile: Profile, expected: string | null) => Promise<Profile>;

/** Changes the profiles of a vault: one at a time under its lock, and by the rules between profiles. */
export class Editor {
  readonly #vault: Vault;

  constructor(vault: Vault) {
    this.#vault = vault;
  }

  /**
   * Writes a new profile.
   * @param isReplacing whether one of that name may be there already and be replaced whole
   */
  async create(name: string, change: Change, isReplacing = false): Promise<Profile> {
    return this.#writing(async (stillHeld) => {
      await this.#checkParent(name, change.inherit, isReplacing);
      const before = await this.#vault.existing(name);
      if (before && !isReplacing) throw profileExists(name);
      const recipients = before ? before.profile.recipients : await this.#standing();
      const base = { ...emptyProfile(name), generation: before?.profile.generation ?? 0 };
      const whole = { ...change, recipients: { add: recipients ?? [] } };
      return this.#put(changed(base, whole), before?.revision ?? null, stillHeld);
    });
  }

  /** Changes a profile that exists. Values not named in the change stay as they are, whoever wrote them last. */
  async update(name: string, change: Change): Promise<Profile> {
    return this.updateIf(name, change, () => true);
  }

  /**
   * Changes a profile that exists, unless it is not what the caller takes it for.
   * @returns the profile as it then is, changed or not
   */
  async updateIf(name: string, change: Change, isExpected: (profile: Profile) => boolean): Promise<Profile> {
    return this.#change(name, async (profile) => (isExpected(profile) ? change : undefined));
  }

  /**
   * Changes a profile that exists by what is only obtained now, with everything ready to store it: the lock held, the
   * record's place reserved. Where another writer was faster all the same, it obtains again.
   * @returns the profile as it then is, changed or not
   */
  async updateWith(name: string, obtain: Obtain): Promise<Profile> {
    return this.#change(name, obtain, GROWTH);
  }

  /**
   * Seals a profile again where it waits for that (`Stored.isOutdated`).
   * @returns whether it did
   */
  async reseal(name: string): Promise<boolean> {
    return this.#writing(async (stillHeld) => {
      const stored = await this.#vault.existing(name);
      if (!stored?.isOutdated) return false;
      await this.#put(renewed(stored.profile), stored.revision, stillHeld);
      return true;
    });
  }

  /** Changes whom every new profile is sealed to besides its owner. */
  async changeStanding(change: RecipientChange): Promise<void> {
    const { sign } = signerOf(this.#vault.store);
    await this.#writing(async (stillHeld) => {
      const recipients = recipientsAfter(await this.#standing(), change);
      const next = await withStanding(this.#current(), recipients, sign);
      this.#configure(() => next, stillHeld);
    });
  }

  /** Writes a copy under a new name. */
  async copy(from: string, to: string): Promise<Profile> {
    return this.#writing(async (stillHeld) => this.#copy(from, to, stillHeld));
  }

  /**
   * Gives a profile another name. Children and the default follow; each step leaves every profile whole, and the old
   * name goes last.
   */
  async rename(from: string, to: string): Promise<void> {
    await this.#writing(async (stillHeld) => {
      await this.#copy(from, to, stillHeld);
      for (const child of this.#vault.children(from)) {
        const { profile, revision } = await this.#vault.stored(child);
        await this.#put(changed(profile, { inherit: to }), revision, stillHeld);
      }
      this.#configure((config) => (config.default === from ? { ...config, default: to } : config), stillHeld);
      await this.#delete(from, stillHeld);
    });
  }

  /**
   * Removes a profile.
   * @param isDetaching gives children their own copy of what they inherit; otherwise a parent is refused
   */
  async remove(name: string, isDetaching = false): Promise<void> {
    const work = async (stillHeld: StillHeld) => {
      this.checkRemovable(name, isDetaching);
      for (const child of this.#vault.children(name)) await this.#detach(child, name, stillHeld);
      this.#configure((config) => {
        const { default: current, ...rest } = config;
        return current === name ? rest : config;
      }, stillHeld);
      await this.#delete(name, stillHeld);
    };
    // Removing alone opens nothing, so it works on a vault that is locked.
    await (isDetaching ? this.#writing(work) : this.#locked(work));
  }

  /** @throws Failure exit 1 where other profiles inherit from this one and would lose what they take from it */
  checkRemovable(name: string, isDetaching: boolean): void {
    const children = this.#vault.children(name);
    if (children.length > 0 && !isDetaching) throw hasChildren(name, children);
  }

  /** Writes many records under one lock, new ones to the standing recipients too. `work` is called again, from its start, where another writer came between. */
  async batch<T>(work: (put: Put) => Promise<T>): Promise<T> {
    return this.#writing(async (stillHeld) => {
      const standing = await this.#standing();
      return work(async (profile, expected) => {
        const whole = expected === null ? withRecipients(profile, standing) : profile;
        return this.#put(whole, expected, stillHeld);
      });
    });
  }

  /** Makes a profile the default. */
  async setDefault(name: string): Promise<void> {
    await this.#locked(async (stillHeld) => {
      await this.#vault.checkExists(name);
      this.#configure((config) => ({ ...config, default: name }), stillHeld);
    });
  }

  /** Makes the index agree with the store, opening every profile. Returns what could not be read. */
  async rebuildIndex(): Promise<{ name: string; failure: Failure }[]> {
    const { store, index } = this.#vault;
    const unreadable: { name: string; failure: Failure }[] = [];
    await this.#writing(async (stillHeld) => {
      const key = this.#fingerprintKey(stillHeld);
      const names = new Set(await store.names());
      for (const stale of index.names()) if (!names.has(stale)) index.remove(stale);
      for (const name of names) {
        try {
          const stored = await store.read(name);
          if (stored)
            index.write(indexEntry(stored.profile, stored.revision, fingerprintsOf(stored.profile, key)));
        } catch (error) {
          unreadable.push({ name, failure: error as Failure });
        }
      }
    });
    return unreadable;
  }

  /**
   * Runs a change under the lock, again where another writer came between. Asks for what it needs before; only where
   * the identity was exchanged in that very moment, it opens the vault again with the lock held.
   */
  async #writing<T>(work: (stillHeld: StillHeld) => Promise<T>): Promise<T> {
    const { store } = this.#vault;
    await store.open();
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#locked(async (stillHeld) => {
          await store.open();
          return work(stillHeld);
        });
      } catch (error) {
        if (!(error instanceof Conflict)) throw error;
        if (attempt === MOST_ATTEMPTS)
          throw failed('other writers kept changing the profile: try again', [], error);
      }
    }
  }

  async #locked<T>(work: (stillHeld: StillHeld) => Promise<T>): Promise<T> {
    return exclusively(this.#vault, work);
  }

  async #change(name: string, obtain: Obtain, growth?: number): Promise<Profile> {
    return this.#writing(async (stillHeld) => {
      const { profile, revision } = await this.#vault.stored(name);
      const make = async () => {
        const change = await obtain(profile);
        await this.#checkParent(name, change?.inherit, true);
        return change && changed(profile, change);
      };
      const place = { name, expected: revision, growth, recipients: profile.recipients };
      return (await this.#replace(place, stillHeld, make)) ?? profile;
    });
  }

  async #put(profile: Profile, expected: string | null, stillHeld: StillHeld): Promise<Profile> {
    const { name, recipients } = profile;
    await this.#replace({ name, expected, recipients }, stillHeld, async () => profile);
    return profile;
  }

  /** @param make gives the record, or undefined to leave the old one; all that may ask or fail is done before */
  async #replace(
    { name, expected, growth, recipients }: Place,
    stillHeld: StillHeld,
    make: () => Promise<Profile | undefined>,
  ): Promise<Profile | undefined> {
    const key = this.#fingerprintKey(stillHeld);
    const place = await this.#vault.store.reserve(name, expected, growth, recipients);
    try {
      const profile = await make();
      if (!profile) return undefined;
      const revision = await place.put(profile, stillHeld);
      this.#vault.index.write(indexEntry(profile, revision, fingerprintsOf(profile, key)));
      return profile;
    } finally {
      place.release();
    }
  }

  async #copy(from: string, to: string, stillHeld: StillHeld): Promise<Profile> {
    const { profile } = await this.#vault.stored(from);
    if (await this.#vault.existing(to)) throw profileExists(to);
    return this.#put(renamed(profile, to), null, stillHeld);
  }

  async #delete(name: string, stillHeld: StillHeld): Promise<void> {
    stillHeld();
    const wasStored = await this.#vault.store.remove(name);
    if (!wasStored && !this.#vault.entry(name)) throw noSuchProfile(name, await this.#vault.names());
    this.#vault.index.remove(name);
  }

  /** Changes vault.json, as it is now: another process may have written it since this one read it. */
  #configure(change: (config: VaultConfig) => VaultConfig, stillHeld: StillHeld): void {
    const current = this.#current();
    const next = change(current);
    if (next !== current) writeConfig(this.#vault.home, next, stillHeld);
  }

  #standing(): Promise<readonly string[]> {
    return standingOf(this.#current(), this.#vault.store);
  }

  #current(): VaultConfig {
    return readConfig(this.#vault.home) ?? this.#vault.config;
  }

  /** The key of the index's fingerprints; a vault without one is given it. */
  #fingerprintKey(stillHeld: StillHeld): Uint8Array {
    const existing = this.#current().fingerprintKey;
    const key = existing ?? newFingerprintKey();
    if (existing === undefined)
      this.#configure((current) => ({ ...current, fingerprintKey: key }), stillHeld);
    return Buffer.from(key, 'base64');
  }

  /** Ends a child's inheritance by giving it what it took from its parent; it goes on to the grandparent. */
  async #detach(child: string, parent: string, stillHeld: StillHeld): Promise<void> {
    const { profile, revision } = await this.#vault.stored(child);
    const above = await this.#vault.read(parent);
    const inherited = [...effectiveFields([profile, above])].filter(([, { from }]) => from === parent);
    const fields = new Map(inherited.map(([field, { secret }]) => [field, secret]));
    await this.#put(changed(profile, { fields, inherit: above.inherit ?? null }), revision, stillHeld);
  }

  /** @param mayHaveHeirs whether others may inherit from the profile itself: looking for them reads the whole index */
  async #checkParent(name: string, parent: string | null | undefined, mayHaveHeirs: boolean): Promise<void> {
    if (parent === undefined || parent === null) return;
    if (parent === name) throw usage('a profile cannot inherit from itself');
    const ancestors = await this.#vault.chain(parent);
    for (const ancestor of ancestors) {
      if (ancestor.name === name) throw usage(`${parent} inherits from ${name} already`);
    }
    if (ancestors.length > MOST_ANCESTORS)
      throw usage(`${parent} inherits through too many profiles already`);
    if (mayHaveHeirs && ancestors.length + this.#vault.generationsBelow(name) > MOST_ANCESTORS)
      throw usage(`profiles that inherit from ${name} would inherit through too many profiles`);
  }
}

/** What to say where a new profile would take the place of another. */
export function profileExists(name: string): Failure {
  return failed(`the profile ${name} exists already`, [
    `change one value with twvault set ${name} FIELD, or replace it whole with twvault add ${name} --replace`,
  ]);
}

function hasChildren(name: string, children: readonly string[]): Failure {
  return failed(`${children.join(', ')} inherit${children.length === 1 ? 's' : ''} from ${name}`, [
    `--detach gives ${children.length === 1 ? 'it a copy' : 'them copies'} of what would be lost`,
  ]);
}
