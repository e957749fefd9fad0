import { spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { RUNNER, TWVAULT, User } from '../support/cli.ts';
import { generatedKeys, tutorialLines } from '../support/credentials.ts';
import { canMount, expectOneLine, fill, onTinyDisk } from './tiny-disk.ts';
import { extrasOf, isLocked, strays } from './writers.ts';

const SET = ['set', 'personal', 'VALUE'];

describe.skipIf(!canMount('a disk that fills up'))('a disk that is full', () => {
  it('leaves the old value or the new one, whole, whatever room is left', { timeout: 60_000 }, async () => {
    await onTinyDisk(16, async (user, disk) => {
      user.withFileVault().add('personal');
      user.must(SET, { input: 'old' });
      const outcomes: string[] = [];
      for (let pages = 0; pages <= 4; pages += 1) {
        fill(disk, pages);
        const result = user.run(SET, { input: 'new' });
        const { VALUE } = await extrasOf(user);
        outcomes.push(`${pages}: exit ${result.status}, ${VALUE}`);
        if (result.status !== 0) expectOneLine(result, /^twvault: cannot write .*: no space left on device$/);
        expect([strays(user), isLocked(user)]).toEqual([[], false]);
        rmSync(join(disk, 'filler'));
        user.must(SET, { input: 'old' });
      }
      // A record takes two pages: with one of them the system writes a part and says so by its count alone.
      expect(outcomes).toEqual([
        '0: exit 1, old',
        '1: exit 1, old',
        '2: exit 0, new',
        '3: exit 0, new',
        '4: exit 0, new',
      ]);
    });
  });

  it('takes no new profile, and sets up no half of a vault', { timeout: 60_000 }, async () => {
    await onTinyDisk(16, async (user, disk) => {
      const lines = tutorialLines(generatedKeys());
      user.must(['init', '--store', 'file', '--identity-out', user.identityFile]);
      rmSync(user.home, { recursive: true });
      user.env = { ...user.env, TWVAULT_IDENTITY_FILE: user.identityFile };
      for (let pages = 0; pages <= 2; pages += 1) {
        fill(disk, pages);
        const result = user.run(['add', 'personal', '--stdin'], { input: lines });
        expect(result.status).toBe(1);
        expect(result.stderr).toMatch(/^twvault: cannot write .*: no space left on device$/m);
        // One page is taken by vault.json, two by the record: then its index entry finds no room.
        expect(existsSync(join(user.home, 'profiles', 'personal.age'))).toBe(pages === 2);
        expect([strays(user), isLocked(user)]).toEqual([[], false]);
      }
      rmSync(join(disk, 'filler'));
      user.must(['set', 'personal', 'VALUE'], { input: 'new' });
      expect(await extrasOf(user)).toEqual({ VALUE: 'new' });
    });
  });
});

describe.skipIf(process.platform === 'win32')('a limit on the size of files', () => {
  // In blocks of 512 or 1024 bytes, as the shell has it: none, less than the first page, less than a record.
  it.each([0, 1, 4])('of %i blocks leaves the old value and nothing else', async (blocks) => {
    const user = new User().withFileVault();
    user.add('personal');
    user.must(SET, { input: 'old' });
    const result = spawnSync('sh', ['-c', `ulimit -f ${blocks}; exec "$0" "$@"`, RUNNER, TWVAULT, ...SET], {
      input: 'new',
      env: user.env as NodeJS.ProcessEnv,
      encoding: 'utf8',
      cwd: join(user.root, 'work'),
    });
    expectOneLine(result, /^twvault: cannot write .*personal\.age: file too large$/);
    expect(result.status).toBe(1);
    expect(await extrasOf(user)).toEqual({ VALUE: 'old' });
    expect([strays(user), isLocked(user)]).toEqual([[], false]);
  });
});
