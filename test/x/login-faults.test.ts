import { describe, expect, it } from 'vitest';
import { canTrace, type Traced } from '../faults/strace.ts';
import { sweep, sweepErrors } from '../faults/sweep.ts';
import { breakLock, strays, vaultIn } from '../faults/writers.ts';
import { User } from '../support/cli.ts';
import { alphanumeric, clientId } from '../support/credentials.ts';
import { atNight } from '../support/effort.ts';
import { accountsOfOneApp, freePort } from './at-x.ts';
import { standElsewhere } from './elsewhere.ts';

/** Each way of logging in that needs no terminal, and the fields that it fills. */
const WAYS = [
  ['--app', ['bearer_token']],
  ['--oauth2', ['oauth2_access_token', 'oauth2_refresh_token']],
] as const;

/** A profile with an app's keys, X elsewhere, and a login that ends by itself. */
async function setting(way: string) {
  const accounts = accountsOfOneApp();
  const [{ api_key, api_secret }] = accounts;
  const client = {
    id: clientId(),
    secret: alphanumeric(50),
  };
  const user = new User().withFileVault();
  const app = { api_key, api_secret, client_id: client.id, client_secret: client.secret };
  user.must(['add', 'personal', '--stdin'], { input: JSON.stringify(app) });
  user.add('other');
  await standElsewhere(user, { accounts, client });
  const patience = ['--port', String(await freePort()), '--wait', '5s'];
  return { user, app, args: ['login', 'personal', way, ...(way === '--oauth2' ? patience : [])] };
}

type Setting = Awaited<ReturnType<typeof setting>>;

/** What of a login is there: all of it or nothing. The app's keys are, and the next write sweeps. */
async function found({ user, app }: Setting, filled: readonly string[]): Promise<'new' | 'old'> {
  const { fields, grant } = await (await vaultIn(user)).read('personal');
  const plain = Object.fromEntries([...fields].map(([field, { secret }]) => [field, secret.reveal()]));
  expect(plain).toMatchObject(app);
  const there = filled.filter((field) => plain[field] !== undefined);
  expect([[], filled]).toContainEqual(there);
  const isNew = there.length > 0;
  expect(grant !== undefined).toBe(isNew && filled.includes('oauth2_refresh_token'));
  user.must(['set', 'other', 'VALUE'], { input: 'next' });
  expect(strays(user)).toEqual([]);
  return isNew ? 'new' : 'old';
}

/** A run that failed has said why, in lines of twvault's own. */
function expectTold({ status, stderr }: Traced): void {
  if (status !== 0) expect(stderr).toMatch(/^twvault: (?!hint: ).*(cannot|another|could not) /m);
  expect(stderr.split('\n').filter((line) => line !== '' && !line.startsWith('twvault: '))).toEqual([]);
}

describe.skipIf(!canTrace())('login', { timeout: atNight(3_600_000, 300_000) }, () => {
  it.each(WAYS)('%s: a kill leaves the login whole or nothing of it', async (way, filled) => {
    const world = await setting(way);
    const { user, args } = world;
    const { kills, outcomes, sites } = await sweep(
      user,
      [args],
      async () => {
        const state = await found(world, filled);
        // Whatever was left: logged in at X, it works.
        expect((await user.start(args)).status).toBe(0);
        expect(await found(world, filled)).toBe('new');
        breakLock(user);
        return state;
      },
      8,
    );
    expect(kills).toBeGreaterThan(5);
    expect(Object.keys(outcomes).sort()).toEqual(['new', 'old']);
    expect([...sites]).toContain('rename profiles/personal.age.tmp');
  });

  it.each(WAYS)('%s: EIO, ENOSPC, EROFS and EINTR in turn are told', async (way, filled) => {
    const world = await setting(way);
    const { sites } = await sweepErrors(world.user, [world.args], async (run) => {
      expectTold(run);
      const state = await found(world, filled);
      if (run.status === 0) expect(state).toBe('new');
      return `exit ${run.status}, ${state}`;
    });
    expect(sites.size).toBeGreaterThan(2);
  });
});
