import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { unfinishedRestore } from '../../src/backup/unfinished.ts';
import { canTrace } from '../faults/strace.ts';
import { sweep } from '../faults/sweep.ts';
import { isLocked, strays, vaultIn } from '../faults/writers.ts';
import { userOf } from '../keychain/login.ts';
import { hasSecretService, sharedService } from '../keychain/secret-service.ts';
import { User } from '../support/cli.ts';
import { atNight } from '../support/effort.ts';
import { backedUp } from './world.ts';

/** The extra VALUE of a profile, or null where there is no such profile. */
async function extraOf(user: User, name: string): Promise<string | null> {
  const vault = await vaultIn(user);
  if (!(await vault.names()).includes(name)) return null;
  return (await vault.read(name)).extras.get('VALUE')?.secret.reveal() ?? '';
}

const set = (user: User, name: string, input: string) => user.must(['set', name, 'VALUE'], { input });

describe.skipIf(!canTrace())('a kill at any call', { timeout: atNight(1_800_000, 120_000) }, () => {
  it('of restore: every profile is as before or as in the backup, and again finishes it', async () => {
    const user = new User().withFileVault();
    user.add('parent');
    user.add('brand', undefined, '--inherit', 'parent');
    set(user, 'parent', 'backed up');
    set(user, 'brand', 'backed up');
    user.must(['use', 'brand']);
    const presets = join(user.home, 'presets.json');
    writeFileSync(presets, '{"legacy":{"api_key":"BOT_KEY"}}', { mode: 0o600 });
    const path = backedUp(user);
    rmSync(presets);
    user.must(['remove', 'brand', '--yes']);
    set(user, 'parent', 'changed since');
    const args = ['restore', path, '--replace'];
    const { kills, outcomes, sites } = await sweep(
      user,
      [args],
      async () => {
        const [parent, brand] = [await extraOf(user, 'parent'), await extraOf(user, 'brand')];
        expect(['changed since', 'backed up']).toContain(parent);
        expect([null, 'backed up']).toContain(brand);
        // Parents come first: a child never stands without what it inherits.
        if (brand !== null) expect(parent).toBe('backed up');
        const isMarked = unfinishedRestore(user.home)?.file === path;
        const isBegun = parent === 'backed up' && brand === null;
        if (isBegun) expect(isMarked).toBe(true);
        // Presets come before profiles: neither is forgotten.
        if (parent === 'backed up') expect(existsSync(presets)).toBe(true);
        if (existsSync(presets)) expect(JSON.parse(readFileSync(presets, 'utf8'))).toHaveProperty('legacy');
        const { stderr } = user.must(args);
        expect(stderr.includes('an earlier restore of this file was not finished')).toBe(isMarked);
        expect([await extraOf(user, 'parent'), await extraOf(user, 'brand')]).toEqual([
          'backed up',
          'backed up',
        ]);
        expect((await vaultIn(user)).config.default).toBe('brand');
        expect(existsSync(presets)).toBe(true);
        expect([unfinishedRestore(user.home), strays(user), isLocked(user)]).toEqual([null, [], false]);
        return `${isMarked ? 'marked' : 'unmarked'}, ${parent === 'backed up' ? (brand ? 'both' : 'one') : 'none'}`;
      },
      8,
    );
    expect(kills).toBeGreaterThan(20);
    expect(Object.keys(outcomes)).toEqual(
      expect.arrayContaining(['unmarked, none', 'marked, none', 'marked, one', 'marked, both']),
    );
    for (const part of ['restore.json', 'presets.json', 'profiles/', 'index/', 'vault.json']) {
      expect([...sites].some((site) => site.includes(part))).toBe(true);
    }
  });

  it('of restore into a fresh home: again sets up what is missing and restores all', async () => {
    const user = new User().withFileVault();
    user.add('parent');
    user.add('brand', undefined, '--inherit', 'parent');
    set(user, 'brand', 'backed up');
    const args = ['restore', backedUp(user), '--store', 'file'];
    const parent = join(user.root, 'parent');
    mkdirSync(parent);
    const home = join(parent, 'vault');
    user.env = { ...user.env, TWVAULT_HOME: home };
    const there = Object.assign(Object.create(user) as User, { home });
    const { outcomes } = await sweep(
      Object.assign(Object.create(user) as User, { home: parent }),
      [args],
      async () => {
        rmSync(join(home, 'lock'), { force: true });
        const isSetUp = existsSync(join(home, 'vault.json'));
        user.must(args);
        expect([await extraOf(there, 'parent'), await extraOf(there, 'brand')]).toEqual(['', 'backed up']);
        expect([unfinishedRestore(home), strays(there), isLocked(there)]).toEqual([null, [], false]);
        return isSetUp ? 'set up' : 'none';
      },
      8,
    );
    expect(Object.keys(outcomes).sort()).toEqual(['none', 'set up']);
  });

  describe.skipIf(!hasSecretService)('of migrate, with a real keychain', () => {
    // This process looks into the keychain too.
    const service = sharedService(({ env }) => {
      process.env.DBUS_SESSION_BUS_ADDRESS = env.DBUS_SESSION_BUS_ADDRESS;
    });

    const storeOf = async (user: User) => (await vaultIn(user)).config.store;
    const expectAll = async (user: User) => {
      expect([await extraOf(user, 'parent'), await extraOf(user, 'brand')]).toEqual(['one', 'two']);
    };

    function moverOf(user: User): User {
      user.add('parent');
      user.add('brand', undefined, '--inherit', 'parent');
      set(user, 'parent', 'one');
      set(user, 'brand', 'two');
      return user;
    }

    async function forget(user: User): Promise<void> {
      const keytar = (await import('keytar')).default;
      const name = `twvault:${(await vaultIn(user)).config.vault.slice(0, 8)}`;
      for (const { account } of await keytar.findCredentials(name))
        await keytar.deletePassword(name, account);
    }

    /** Kills a move at calls from the first to the last: all profiles open from one store or the other, and again moves them. */
    async function sweepOfMove(user: User, to: 'keychain' | 'file', args: string[], undo: () => unknown) {
      const { outcomes } = await sweep(
        user,
        [args],
        async () => {
          const found = await storeOf(user);
          await expectAll(user);
          user.must(args);
          await expectAll(user);
          expect([await storeOf(user), strays(user), isLocked(user)]).toEqual([to, [], false]);
          const vault = await vaultIn(user);
          for (const name of ['parent', 'brand']) {
            expect(vault.entry(name)?.revision).toBe((await vault.stored(name)).revision);
          }
          await undo();
          return found;
        },
        12,
      );
      expect(Object.keys(outcomes).sort()).toEqual(['file', 'keychain']);
    }

    it('to the keychain', async () => {
      const user = moverOf(userOf(service()).withFileVault());
      await sweepOfMove(user, 'keychain', ['migrate', '--to', 'keychain'], () => forget(user));
    });

    it('to files, with an identity of their own', async () => {
      const user = userOf(service());
      user.must(['init', '--store', 'keychain']);
      moverOf(user);
      const args = ['migrate', '--to', 'file', '--identity-out', user.identityFile];
      user.env.TWVAULT_IDENTITY_FILE = user.identityFile;
      // A run without a kill comes first, and each begins without the identity.
      await sweepOfMove(user, 'file', args, () => rmSync(user.identityFile));
    });

    it('of deleting the old store: nothing is lost, and again finishes it', async () => {
      const user = moverOf(userOf(service()).withFileVault());
      user.must(['migrate', '--to', 'keychain']);
      const args = ['migrate', '--delete-source'];
      await sweep(
        user,
        [args],
        async () => {
          await expectAll(user);
          const { status, stderr } = user.run(args);
          if (status !== 0) expect(stderr).toContain('there is nothing left in encrypted files');
          await expectAll(user);
          expect(existsSync(join(user.home, 'profiles', 'brand.age'))).toBe(false);
          expect(existsSync(join(user.home, 'migration.json'))).toBe(false);
          return status === 0 ? 'again' : 'done';
        },
        5,
      );
    });
  });
});
