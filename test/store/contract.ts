import { describe, expect, it } from 'vitest';
import { Failure } from '../../src/failure.ts';
import type { FieldName } from '../../src/profile/fields.ts';
import { type Change, changed, emptyProfile, type Profile, renamed } from '../../src/profile/profile.ts';
import { Secret } from '../../src/profile/secret.ts';
import { Conflict, type Store } from '../../src/store/port.ts';
import { generatedKeys } from '../support/credentials.ts';

/** A new, empty place for profiles. */
export interface Place {
  /** A store over it, as another process would open it: called several times for one place. */
  open(): Store;
  /** Puts the stored bytes of one profile under another name, past the store. */
  copyRecord(from: string, to: string): void | Promise<void>;
}

/** A change that gives a profile these values. */
function values(fields: Partial<Record<FieldName, string>>, extras: Record<string, string> = {}): Change {
  return { fields: secrets(fields) as NonNullable<Change['fields']>, extras: secrets(extras) };
}

function secrets(texts: Record<string, string>): Map<string, Secret> {
  return new Map(Object.entries(texts).map(([name, text]) => [name, new Secret(text)]));
}

/** A profile with generated keys. */
export function profileOf(name: string, extras: Record<string, string> = {}): Profile {
  return changed(emptyProfile(name), values(generatedKeys(), extras));
}

/** A profile with its values in plain, to compare. */
function revealed(profile: Profile | undefined) {
  if (!profile) return undefined;
  const plain = (entries: ReadonlyMap<string, { secret: Secret; set: string }>) =>
    Object.fromEntries([...entries].map(([name, { secret, set }]) => [name, [secret.reveal(), set]]));
  return { ...profile, fields: plain(profile.fields), extras: plain(profile.extras) };
}

const nothing = () => {};

/** Puts a record in its place, as the port has it. */
export async function write(
  store: Store,
  profile: Profile,
  expected: string | null,
  lastCheck: () => void,
): Promise<string> {
  const place = await store.reserve(profile.name, expected);
  try {
    return await place.put(profile, lastCheck);
  } finally {
    place.release();
  }
}

/** What every adapter of the Store port promises. */
export function storeContract(name: string, makePlace: () => Place | Promise<Place>): void {
  describe(`${name} keeps the contract of the store port`, () => {
    const opened = async (place?: Place) => {
      const store = (place ?? (await makePlace())).open();
      await store.open();
      return store;
    };

    it('has nothing at first', async () => {
      const store = await opened();
      expect(await store.read('personal')).toBeNull();
      expect(await store.names()).toEqual([]);
      expect(await store.remove('personal')).toBe(false);
    });

    it('gives back what was written, with the revision that writing returned', async () => {
      const place = await makePlace();
      const store = await opened(place);
      const profile = { ...profileOf('personal', { OPENAI_API_KEY: 'sk-1' }), inherit: 'app' };
      const revision = await write(store, profile, null, nothing);
      expect(revision).toMatch(/^[0-9a-f]{64}$/);
      for (const reader of [store, await opened(place)]) {
        const stored = await reader.read('personal');
        expect(stored?.revision).toBe(revision);
        expect(revealed(stored?.profile)).toEqual(revealed(profile));
      }
    });

    it('replaces a record whose revision is given, and only that', async () => {
      const store = await opened();
      const first = profileOf('personal');
      const revision = await write(store, first, null, nothing);
      const second = changed(first, values({}, { MORE: 'yes' }));
      const next = await write(store, second, revision, nothing);
      expect(next).not.toBe(revision);
      expect(revealed((await store.read('personal'))?.profile)).toEqual(revealed(second));
    });

    it.each<[string, (revision: string) => string | null]>([
      ['none is expected but one is there', () => null],
      ['another revision is expected', () => '0'.repeat(64)],
    ])('is a conflict where %s, and the old record stays', async (_, expected) => {
      const store = await opened();
      const first = profileOf('personal');
      const revision = await write(store, first, null, nothing);
      const attempt = write(store, profileOf('personal'), expected(revision), nothing);
      await expect(attempt).rejects.toBeInstanceOf(Conflict);
      const stored = await store.read('personal');
      expect(stored?.revision).toBe(revision);
      expect(revealed(stored?.profile)).toEqual(revealed(first));
    });

    it('is a conflict where a record is expected but none is there', async () => {
      const store = await opened();
      const attempt = write(store, profileOf('personal'), '0'.repeat(64), nothing);
      await expect(attempt).rejects.toBeInstanceOf(Conflict);
      expect(await store.read('personal')).toBeNull();
    });

    it('is a conflict where another writer was faster', async () => {
      const place = await makePlace();
      const [one, other] = [await opened(place), await opened(place)];
      const base = profileOf('personal');
      const revision = await write(one, base, null, nothing);
      const winner = changed(base, values({}, { WINNER: 'other' }));
      await write(other, winner, revision, nothing);
      const late = write(one, changed(base, values({}, { WINNER: 'one' })), revision, nothing);
      await expect(late).rejects.toBeInstanceOf(Conflict);
      expect(revealed((await one.read('personal'))?.profile)).toEqual(revealed(winner));
    });

    it('leaves things as they were where the last check throws', async () => {
      const store = await opened();
      const first = profileOf('personal');
      const lost = () => {
        throw new Error('the lock is lost');
      };
      await expect(write(store, first, null, lost)).rejects.toThrow('the lock is lost');
      expect(await store.read('personal')).toBeNull();
      const revision = await write(store, first, null, nothing);
      const second = changed(first, values({}, { MORE: 'yes' }));
      await expect(write(store, second, revision, lost)).rejects.toThrow('the lock is lost');
      expect((await store.read('personal'))?.revision).toBe(revision);
    });

    it('leaves things as they were where a place is given back unused', async () => {
      const store = await opened();
      const first = profileOf('personal');
      (await store.reserve('personal', null)).release();
      expect(await store.read('personal')).toBeNull();
      const revision = await write(store, first, null, nothing);
      (await store.reserve('personal', revision)).release();
      expect((await store.read('personal'))?.revision).toBe(revision);
    });

    it('makes the last check once a write', async () => {
      const store = await opened();
      let calls = 0;
      await write(store, profileOf('personal'), null, () => {
        calls += 1;
      });
      expect(calls).toBe(1);
    });

    it('says whether there was something to remove', async () => {
      const store = await opened();
      await write(store, profileOf('personal'), null, nothing);
      expect(await store.remove('personal')).toBe(true);
      expect(await store.read('personal')).toBeNull();
      expect(await store.remove('personal')).toBe(false);
      await write(store, profileOf('personal'), null, nothing);
      expect(await store.read('personal')).not.toBeNull();
    });

    it('names what it holds, and removing one leaves the others', async () => {
      const store = await opened();
      const names = ['a', 'b.c', 'd-e_f', '0', 'x'.repeat(64)];
      for (const each of names) await write(store, profileOf(each), null, nothing);
      expect((await store.names()).sort()).toEqual([...names].sort());
      await store.remove('b.c');
      expect((await store.names()).sort()).toEqual(names.filter((each) => each !== 'b.c').sort());
      for (const each of names)
        expect((await store.read(each))?.profile.name).toBe(each === 'b.c' ? undefined : each);
    });

    it.each<[string, Record<string, string>]>([
      ['unicode, quotes and line ends', { ODD: 'ключ 🔑 "q\\" \' {}\r\n\t\u2028 e\u0301 ', BLANK: '    ' }],
      ['a long value', { LONG: 'ab1/+='.repeat(16_000) }],
      [
        'many extras',
        Object.fromEntries(Array.from({ length: 200 }, (_, at) => [`EXTRA_${at}`, `value ${at}`])),
      ],
    ])('keeps %s as they are', async (_, extras) => {
      const store = await opened();
      const profile = profileOf('personal', extras);
      await write(store, profile, null, nothing);
      expect(revealed((await store.read('personal'))?.profile)).toEqual(revealed(profile));
    });

    it('refuses a record of another name', async () => {
      const place = await makePlace();
      const store = await opened(place);
      await write(store, profileOf('personal'), null, nothing);
      await place.copyRecord('personal', 'brand');
      const refusal = await store.read('brand').catch((error: unknown) => error);
      expect(refusal).toBeInstanceOf(Failure);
      expect((refusal as Failure).message).toMatch(/brand.*refused.*personal/);
      expect((refusal as Failure).hints.length).toBeGreaterThan(0);
      expect((await store.read('personal'))?.profile.name).toBe('personal');
    });

    it('takes a copy under a new name that is written as such', async () => {
      const store = await opened();
      const profile = profileOf('personal');
      await write(store, profile, null, nothing);
      await write(store, renamed(profile, 'brand'), null, nothing);
      expect((await store.read('brand'))?.profile.fields.get('api_key')?.secret.reveal()).toBe(
        profile.fields.get('api_key')?.secret.reveal(),
      );
    });

    it('explains an absence with the name of the profile and what to do', async () => {
      const explanation = await (await opened()).explainAbsence('personal');
      expect(explanation).toBeInstanceOf(Failure);
      expect(explanation.message).toContain('personal');
      expect(explanation.hints.join('\n')).toContain('twvault remove personal');
    });
  });
}
