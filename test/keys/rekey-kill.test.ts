import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../src/profile/secret.ts';
import type { Identities } from '../../src/unlock/identity-text.ts';
import { openWithPassphrase } from '../../src/unlock/sealed-identity.ts';
import { canTrace, killedAt } from '../faults/strace.ts';
import { sweep } from '../faults/sweep.ts';
import { breakLock, isLocked } from '../faults/writers.ts';
import { login } from '../keychain/login.ts';
import { hasSecretService } from '../keychain/secret-service.ts';
import { User } from '../support/cli.ts';
import type { Keys } from '../support/credentials.ts';
import { atNight } from '../support/effort.ts';
import { configOf, keysIn } from './holder.ts';

const PASSPHRASE = 'the passphrase stays';

/** How far a killed exchange came: who is named, and how many identities are kept. */
const stateOf = (user: User, kept: number): string =>
  `${configOf(user).successor ? 'successor' : 'one'} named, ${kept} kept`;

function expectValues(user: User, stored: Record<string, Keys>): void {
  for (const [name, { api_key }] of Object.entries(stored))
    expect(user.must(['get', name, 'api_key']).stdout).toBe(`${api_key}\n`);
}

/** The exchange is over, and nothing of it is left anywhere beside the vault. */
function expectEnded(user: User, folder: string): void {
  expect(configOf(user)).not.toHaveProperty('successor');
  const left = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /\.tmp$/.test(name),
  );
  expect([left, isLocked(user)]).toEqual([[], false]);
}

describe.skipIf(!canTrace())(
  'a kill of rekey leaves every profile open, and another run ends it',
  {
    timeout: atNight(1_800_000, 300_000),
  },
  () => {
    it('where the user keeps the identity', async () => {
      const user = new User();
      const folder = join(user.root, 'place');
      mkdirSync(folder, { mode: 0o700 });
      user.env = { ...user.env, TWVAULT_HOME: join(folder, 'vault') };
      Object.assign(user, { home: join(folder, 'vault') });
      user.withFileVault();
      const stored = { personal: user.add('personal'), other: user.add('other') };
      const next = join(folder, 'new.txt');
      const exchange = ['rekey', '--yes', '--identity-out', next];
      const old = { ...user.env };
      const both = { ...user.env, TWVAULT_IDENTITY_FILE: next };
      // What is killed at: the vault, and the file of the new identity beside it.
      const place = Object.assign(Object.create(user) as User, { home: folder });
      const { kills, outcomes, sites } = await sweep(
        place,
        [exchange],
        async () => {
          breakLock(user);
          const kept = existsSync(next) ? keysIn(readFileSync(next, 'utf8')).length : 0;
          const state = stateOf(user, kept);
          user.env = kept > 0 ? both : old;
          expectValues(user, stored);
          user.env = old;
          if (kept !== 1) {
            const { stderr } = user.must(exchange);
            expect(stderr.includes('had been interrupted')).toBe(kept === 2);
          }
          user.env = both;
          expectValues(user, stored);
          expect(keysIn(readFileSync(next, 'utf8'))).toHaveLength(1);
          user.must(['set', 'personal', 'EXTRA'], { input: 'x' });
          expectEnded(user, folder);
          user.env = old;
          return state;
        },
        24,
      );
      expect(kills).toBeGreaterThan(15);
      for (const state of ['one named, 0 kept', 'one named, 2 kept', 'successor named, 2 kept'])
        expect(Object.keys(outcomes)).toContain(state);
      const hit = [...sites].join('\n');
      for (const file of ['new.txt.tmp', 'vault.json.tmp', '.age.tmp', 'vault/lock'])
        expect(hit).toContain(file);
    });

    it('under a passphrase, at what touches identity.age and vault.json', async () => {
      const user = new User();
      user.env = { ...user.env, TWVAULT_PASSPHRASE: PASSPHRASE };
      user.must(['init', '--store', 'file', '--passphrase', '--low-memory']);
      const stored = { personal: user.add('personal') };
      const path = join(user.home, 'identity.age');
      const kept = (): Promise<Identities> =>
        openWithPassphrase(readFileSync(path), new Secret(PASSPHRASE), path);
      const { kills, outcomes } = await sweep(
        user,
        [['rekey', '--yes']],
        async () => {
          const state = stateOf(user, (await kept()).length);
          expectValues(user, stored);
          const { stderr } = user.must(['rekey', '--yes']);
          expect(stderr.includes('had been interrupted')).toBe(state !== 'one named, 1 kept');
          expectValues(user, stored);
          expect(await kept()).toHaveLength(1);
          expectEnded(user, user.home);
          return state;
        },
        16,
        (site) => /(identity\.age|vault\.json)/.test(site),
      );
      expect(kills).toBeGreaterThan(5);
      expect(Object.keys(outcomes).sort()).toEqual([
        'one named, 1 kept',
        'one named, 2 kept',
        'successor named, 2 kept',
      ]);
    });

    it.skipIf(!hasSecretService)('in the keychain, at what is sent to it', async () => {
      const user = new User();
      const service = await login(user, 'unlocked');
      user.must(['init', '--identity-in-keychain']);
      const stored = { personal: user.add('personal') };
      const start = join(user.root, 'start');
      cpSync(user.home, start, { recursive: true });
      const account = `identity:${configOf(user).vault}`;
      const first = service.keytar('getPassword', 'twvault', account) as string;
      const items = () =>
        [account, `${account}:spare`].map((name) => service.keytar('getPassword', 'twvault', name) as string);
      const outcomes = new Set<string>();
      for (let when = 1; ; when += atNight(1, 3)) {
        rmSync(user.home, { recursive: true });
        cpSync(start, user.home, { recursive: true });
        service.keytar('setPassword', 'twvault', account, first);
        if (!killedAt(user, ['rekey', '--yes'], 'sendmsg', when)) break;
        breakLock(user);
        const [main, spare] = items();
        outcomes.add(
          `${stateOf(user, keysIn(main ?? '').length)}, ${keysIn(spare ?? '').length} in the spare item`,
        );
        expectValues(user, stored);
        user.must(['rekey', '--yes']);
        expectValues(user, stored);
        const [after, none] = items();
        expect([keysIn(after ?? '').length, none]).toEqual([1, null]);
        expectEnded(user, user.home);
      }
      console.log('rekey in the keychain:', [...outcomes]);
      expect(outcomes.size).toBeGreaterThan(3);
    });
  },
);
