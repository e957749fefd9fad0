import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { unfinishedRestore } from '../../src/backup/unfinished.ts';
import { canMount, expectOneLine, fill, onTinyDisk } from '../faults/tiny-disk.ts';
import { extrasOf, isLocked, strays } from '../faults/writers.ts';
import { backedUp, recipientOf } from './world.ts';

const set = (profile: string) => ['set', profile, 'VALUE'];

describe.skipIf(!canMount('a restore on a disk that fills up'))('restore, where the disk is full', () => {
  it('reserves what it needs, and changes nothing before', { timeout: 120_000 }, async () => {
    await onTinyDisk(64, async (user, disk) => {
      user.withFileVault();
      for (const name of ['one', 'two']) {
        user.add(name);
        user.must(set(name), { input: 'backed up' });
      }
      const path = backedUp(user);
      for (const name of ['one', 'two']) user.must(set(name), { input: 'since' });
      const outcomes: string[] = [];
      for (let pages = 0; pages <= 16; pages += 2) {
        fill(disk, pages);
        const result = user.run(['restore', path, '--replace']);
        const [one, two] = [(await extrasOf(user, 'one')).VALUE, (await extrasOf(user, 'two')).VALUE];
        outcomes.push(`${result.status}: ${one}, ${two}`);
        if (result.status !== 0) expectOneLine(result, /^twvault: cannot write .*: no space left on device$/);
        expect([unfinishedRestore(user.home), strays(user), isLocked(user)]).toEqual([null, [], false]);
        rmSync(join(disk, 'filler'));
        for (const name of ['one', 'two']) user.must(set(name), { input: 'since' });
      }
      expect(new Set(outcomes)).toEqual(new Set(['1: since, since', '0: backed up, backed up']));
      expect(outcomes).toEqual(outcomes.toSorted().reverse());
    });
  });

  it('a backup leaves no half of a file', { timeout: 60_000 }, async () => {
    await onTinyDisk(64, async (user, disk) => {
      user.withFileVault();
      user.add('one');
      user.must(set('one'), { input: 'x'.repeat(6000) });
      fill(disk, 1);
      const to = join(disk, 'backup.age');
      const result = user.run(['backup', to, '--recipient', recipientOf(user)]);
      expectOneLine(result, /^twvault: cannot write .*backup\.age: no space left on device$/);
      expect(readdirSync(disk).sort()).toEqual(['filler', 'vault']);
    });
  });
});
