import { cpSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { backedUp } from '../backup/world.ts';
import { filesOf, userOf } from '../keychain/login.ts';
import { hasSecretService, sharedService } from '../keychain/secret-service.ts';
import { User } from '../support/cli.ts';
import { callsAt, canTrace, traced } from './strace.ts';
import { isLocked, strays } from './writers.ts';

/** Two profiles whose keys are known. */
function stored(user: User): () => void {
  const keys = { one: user.add('one'), two: user.add('two') };
  return () => {
    for (const [name, { api_key }] of Object.entries(keys))
      expect(user.must(['get', name, 'api_key']).stdout).toBe(`${api_key}\n`);
  };
}

/**
 * Interrupts a command at calls from its first to its last, each time from the same start, and runs it again.
 * @param line what it has to say, in one line
 * @param after what has to hold after an interrupt, and what after the second run
 * @param points at how many calls
 * @returns how many runs were cut short
 */
function interruptions(
  user: User,
  args: string[],
  line: RegExp,
  after: { first: () => void; again: () => void },
  points = 8,
): number {
  const start = join(user.root, 'start');
  cpSync(user.home, start, { recursive: true });
  const calls = callsAt(user, traced(user, args));
  after.again();
  let count = 0;
  for (let point = 0; point < points; point += 1) {
    const call = calls[Math.floor((point * calls.length) / points)];
    if (!call) continue;
    rmSync(user.home, { recursive: true });
    cpSync(start, user.home, { recursive: true });
    const { status, signal, stderr } = traced(user, args, '', `${call.name}:signal=INT:when=${call.when}`);
    // At first nothing has begun, and the signal alone ends it; at last nothing is left to cut short.
    if (signal === 'SIGINT') {
      const [left, before] = [user.home, start].map((folder) => Object.values(filesOf(folder)).sort());
      expect(left).toEqual(before);
    } else if (status !== 0) {
      expect([status, signal]).toEqual([130, null]);
      expect(stderr).toMatch(line);
      count += 1;
    }
    expect([isLocked(user), strays(user)]).toEqual([false, []]);
    after.first();
    user.must(args);
    after.again();
    expect(strays(user)).toEqual([]);
  }
  console.log(`${args[0]}: ${count} of ${points} interrupts cut it short`);
  return count;
}

describe.skipIf(!canTrace())(
  'an interrupt says where things are, and the same command again ends it',
  {
    timeout: 180_000,
  },
  () => {
    it('of restore', () => {
      const user = new User().withFileVault();
      const expectKeys = stored(user);
      const path = backedUp(user);
      for (const name of ['one', 'two']) user.must(['remove', name, '--yes']);
      const line =
        /^twvault: interrupted: (nothing was restored|the restore is not finished: each profile is as before or as in the backup; the same command again does the rest)\n$/;
      const first = () => {
        const { stderr } = user.must(['list']);
        expect(stderr.includes('was not finished')).toBe(existsSync(join(user.home, 'restore.json')));
      };
      expect(interruptions(user, ['restore', path], line, { first, again: expectKeys })).toBeGreaterThan(3);
    });

    it('of rekey', () => {
      const user = new User();
      user.env.TWVAULT_PASSPHRASE = 'made up for this test';
      user.must(['init', '--store', 'file', '--passphrase', '--low-memory']);
      const expectKeys = stored(user);
      const line =
        /^twvault: interrupted: every profile still opens; the same command again ends the exchange\n$/;
      const again = () => {
        expectKeys();
        expect(readFileSync(join(user.home, 'vault.json'), 'utf8')).not.toContain('successor');
      };
      expect(interruptions(user, ['rekey', '--yes'], line, { first: expectKeys, again }, 5)).toBeGreaterThan(
        1,
      );
    });

    describe.skipIf(!hasSecretService)('with a real keychain', () => {
      const service = sharedService();

      it('of migrate', () => {
        const user = userOf(service()).withFileVault();
        const expectKeys = stored(user);
        const line =
          /^twvault: interrupted: all profiles are in (encrypted files|the keychain) and open there; the same command again goes on\n$/;
        expect(
          interruptions(user, ['migrate', '--to', 'keychain'], line, {
            first: expectKeys,
            again: expectKeys,
          }),
        ).toBeGreaterThan(3);
      });
    });
  },
);
