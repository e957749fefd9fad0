import { readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { locked } from '../../src/failure.ts';
import { FileStore } from '../../src/store/file.ts';
import { generatedKeys } from '../support/credentials.ts';
import { profileOf, storeContract, write } from './contract.ts';
import { FilePlace, refusalOf } from './file-place.ts';

storeContract('FileStore', () => new FilePlace());

const nothing = () => {};

describe('profile files', () => {
  it('have the same size, however long the values are', async () => {
    const place = new FilePlace();
    const store = place.open();
    await write(store, profileOf('short', { EXTRA: 'a' }), null, nothing);
    await write(
      store,
      profileOf('longer', { EXTRA: 'a'.repeat(2000), OTHER: 'b'.repeat(500) }),
      null,
      nothing,
    );
    await write(store, profileOf('longest', { EXTRA: 'a'.repeat(4000) }), null, nothing);
    const [short = 0, longer, longest = 0] = ['short', 'longer', 'longest'].map(
      (name) => statSync(place.path(name)).size,
    );
    expect(longer).toBe(short);
    expect(longest - short).toBe(4096);
  });

  it('are sealed anew each time: the same profile never gives the same bytes', async () => {
    const store = new FilePlace().open();
    const profile = profileOf('personal');
    const first = await write(store, profile, null, nothing);
    expect(await write(store, profile, first, nothing)).not.toBe(first);
  });

  it('past 1 MiB are refused, unread and unwritten', async () => {
    const place = new FilePlace();
    const store = place.open();
    const revision = await write(store, profileOf('personal'), null, nothing);
    const huge = profileOf('personal', { HUGE: 'a'.repeat(1024 * 1024) });
    await expect(write(store, huge, revision, nothing)).rejects.toThrow(/personal\.age would be too large/);
    expect((await store.read('personal'))?.revision).toBe(revision);
    writeFileSync(place.path('brand'), '');
    truncateSync(place.path('brand'), 8 * 2 ** 30);
    expect(await refusalOf(store, 'brand')).toMatch(/^1: .*brand\.age is too large \(8589934592 bytes/);
  });

  it('of other kinds in the folder are no profiles', async () => {
    const place = new FilePlace();
    const store = place.open();
    await write(store, profileOf('personal'), null, nothing);
    for (const file of [
      'notes.txt',
      'Upper.age',
      'nul.age',
      '.age',
      '-x.age',
      'personal.age.0123456789abcdef.tmp',
    ]) {
      writeFileSync(`${place.directory}/${file}`, 'x');
    }
    expect(await store.names()).toEqual(['personal']);
  });

  it('ask for the key once', async () => {
    const place = new FilePlace();
    let asked = 0;
    const store = new FileStore({
      directory: place.directory,
      vault: place.vault,
      unlock: async () => {
        asked += 1;
        return place.key;
      },
    });
    expect(await store.read('personal')).toBeNull();
    expect(asked).toBe(0);
    await store.open();
    await write(store, profileOf('personal'), null, nothing);
    await store.read('personal');
    expect(asked).toBe(1);
  });

  it('ask for the key anew where it could not be had', async () => {
    const place = new FilePlace();
    let isThere = false;
    const store = new FileStore({
      directory: place.directory,
      vault: place.vault,
      unlock: async () => {
        if (!isThere) throw locked('not yet');
        return place.key;
      },
    });
    await expect(store.open()).rejects.toThrow('not yet');
    await expect(store.open()).rejects.toThrow('not yet');
    isThere = true;
    await store.open();
    await write(store, profileOf('personal'), null, nothing);
    expect((await store.read('personal'))?.profile.name).toBe('personal');
  });

  it('show nothing of the values', async () => {
    const place = new FilePlace();
    const keys = generatedKeys();
    await write(place.open(), profileOf('personal', { ...keys }), null, nothing);
    const bytes = readFileSync(place.path('personal'), 'latin1');
    for (const value of Object.values(keys)) expect(bytes).not.toContain(value.slice(0, 8));
  });
});
