import { describe, expect, it, vi } from 'vitest';
import { Secret } from '../../src/profile/secret.ts';
import { Editor } from '../../src/vault/editor.ts';
import { ended, launch, vaultIn } from '../faults/writers.ts';
import { login } from '../keychain/login.ts';
import { hasSecretService } from '../keychain/secret-service.ts';
import { User } from '../support/cli.ts';
import { atNight } from '../support/effort.ts';
import { endsIn, loggedIn } from './login.ts';

/** A user whose profiles rest in a real keychain. */
async function keychainUser(): Promise<User> {
  const user = new User();
  await login(user, 'unlocked');
  user.must(['init', '--store', 'keychain']);
  return user;
}

const stored = async (user: User, field: 'oauth2_access_token' | 'oauth2_refresh_token') =>
  (await (await vaultIn(user)).read('personal')).fields.get(field)?.secret.reveal();

describe('token', () => {
  it('renews an ending token once, and gives it out while it lives', async () => {
    const { user, oauth2, issued } = await loggedIn();
    await endsIn(user, 60);
    const first = await user.start(['token', 'personal']);
    expect([first.status, first.stderr]).toEqual([0, '']);
    expect(first.stdout.trim()).not.toBe(issued.access);
    expect((await user.start(['token', 'personal'])).stdout).toBe(first.stdout);
    expect(oauth2.refreshes).toBe(1);
    await endsIn(user, 60);
    expect((await user.start(['token', 'personal'])).status).toBe(0);
    expect(oauth2.refreshes).toBe(2);
  });

  it('knows a public client', async () => {
    const { user, oauth2 } = await loggedIn({ isPublic: true });
    await endsIn(user, 0);
    expect((await user.start(['token', 'personal'])).status).toBe(0);
    expect(oauth2.refreshes).toBe(1);
  });

  it('renews with the app of the profile that it inherits from, and touches nothing there', async () => {
    const { user, oauth2, account, client, issued } = await loggedIn();
    const own = oauth2.issue({ client, account, scopes: ['tweet.read', 'offline.access'] });
    const lines = [`oauth2_access_token=${own.access}`, `oauth2_refresh_token=${own.refresh}`];
    user.must(['add', 'brand', '--inherit', 'personal', '--stdin'], { input: lines.join('\n') });
    await endsIn(user, 0);
    const { status, stdout, stderr } = await user.start(['token', 'brand']);
    expect([status, stderr, oauth2.refreshes]).toEqual([0, '', 1]);
    const brand = await (await vaultIn(user)).read('brand');
    expect(brand.fields.get('oauth2_access_token')?.secret.reveal()).toBe(stdout.trim());
    expect([...brand.fields.keys()].sort()).toEqual(['oauth2_access_token', 'oauth2_refresh_token']);
    expect([await stored(user, 'oauth2_access_token'), await stored(user, 'oauth2_refresh_token')]).toEqual([
      issued.access,
      issued.refresh,
    ]);
  });

  it('says which cause it was, and no value', async () => {
    const { user, issued, client } = await loggedIn();
    await endsIn(user, 0);
    await new Editor(await vaultIn(user)).update('personal', {
      fields: new Map([['client_secret', undefined]]),
    });
    const result = await user.start(['token', 'personal']);
    expect(result.status).toBe(5);
    expect(result.stderr).toContain('a confidential app needs its client_secret');
    await new Editor(await vaultIn(user)).update('personal', {
      fields: new Map([['client_secret', new Secret(client.secret as string)]]),
    });
    expect((await user.start(['token', 'personal'])).status).toBe(0);
    await new Editor(await vaultIn(user)).update('personal', {
      fields: new Map([['oauth2_refresh_token', new Secret(issued.refresh)]]),
    });
    await endsIn(user, 0);
    const dead = await user.start(['token', 'personal']);
    expect(dead.status).toBe(5);
    expect(dead.stderr).toContain('X no longer accepts the login of personal');
    for (const value of [...Object.values(issued), ...Object.values(client)])
      expect(result.stderr + dead.stderr).not.toContain(value);
  });
});

describe('trouble on the way', () => {
  it('5xx: nothing is lost, and a token that lives is used with a warning', async () => {
    let isDown = true;
    const { user, issued, oauth2 } = await loggedIn({
      fault: () => (isDown ? { status: 503, body: {} } : undefined),
    });
    await endsIn(user, 120);
    const result = await user.start(['token', 'personal']);
    expect([result.status, result.stdout]).toEqual([0, `${issued.access}\n`]);
    expect(result.stderr).toMatch(/^twvault: warning: .*X answered 503/);
    await endsIn(user, 0);
    expect((await user.start(['token', 'personal'])).status).toBe(1);
    isDown = false;
    expect((await user.start(['token', 'personal'])).status).toBe(0);
    expect(oauth2.refreshes).toBe(1);
  });

  it('a connection that drops before X has done anything costs nothing', async () => {
    let drops = 1;
    const { user, oauth2 } = await loggedIn({ fault: () => (drops-- > 0 ? 'drop' : undefined) });
    await endsIn(user, 0);
    expect((await user.start(['token', 'personal'])).status).toBe(0);
    expect(oauth2.refreshes).toBe(1);
  });

  it('an answer that is lost on the way is named; a token that lives is not thrown away', async () => {
    const { user, oauth2, issued } = await loggedIn();
    oauth2.after = () => 'drop';
    await endsIn(user, 300);
    const living = await user.start(['token', 'personal']);
    expect([living.status, living.stdout]).toEqual([0, `${issued.access}\n`]);
    expect(oauth2.refreshes).toBe(1);
    await endsIn(user, 0);
    const unsure = await user.start(['token', 'personal']);
    expect([unsure.status, unsure.stdout]).toEqual([1, '']);
    expect(unsure.stderr).toMatch(
      /^twvault: .*the request was sent, but X's answer did not arrive: ECONNRESET/,
    );
    expect(unsure.stderr).toContain('what is stored is kept, so try again');
    expect(unsure.stderr).toContain('twvault login personal --oauth2');
    expect(await stored(user, 'oauth2_refresh_token')).toBe(issued.refresh);
    oauth2.after = (answer) => answer;
    const over = await user.start(['token', 'personal']);
    expect(over.status).toBe(5);
    expect(over.stderr).toContain('X no longer accepts the login of personal');
    expect(over.stderr).toContain('where the answer of X was lost on the way');
  });

  it('where the next attempt tells that X had renewed the login, that is said', async () => {
    const { user, oauth2, issued } = await loggedIn();
    let drops = 1;
    oauth2.after = (answer) => (drops-- > 0 ? 'drop' : answer);
    await endsIn(user, 0);
    const result = await user.start(['token', 'personal']);
    expect([result.status, result.stdout]).toEqual([5, '']);
    expect(result.stderr).toMatch(
      /^twvault: the login of personal was renewed at X, but X's answer was lost on the way\ntwvault: hint: log in again: twvault login personal --oauth2\n$/,
    );
    expect(await stored(user, 'oauth2_refresh_token')).toBe(issued.refresh);
  });

  it('requests that never came to X cost nothing, though nobody can know', async () => {
    let isDown = true;
    const { user, oauth2 } = await loggedIn({ fault: () => (isDown ? 'drop' : undefined) });
    await endsIn(user, 0);
    expect((await user.start(['token', 'personal'])).status).toBe(1);
    isDown = false;
    expect((await user.start(['token', 'personal'])).status).toBe(0);
    expect(oauth2.refreshes).toBe(1);
  });
});

describe('a signal while X is asked', () => {
  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
    '%s ends the command once the tokens are stored',
    async (name) => {
      const { user, oauth2, issued } = await loggedIn();
      oauth2.delay = 1500;
      await endsIn(user, 0);
      const child = launch(user, ['token', 'personal']);
      const end = ended(child);
      await vi.waitFor(() => expect(oauth2.asked).toBe(1), { timeout: 10_000 });
      child.kill(name);
      expect((await end).signal).toBe(name);
      expect(await stored(user, 'oauth2_access_token')).not.toBe(issued.access);
      expect(oauth2.refreshes).toBe(1);
    },
  );
});

describe('a clock that jumps', () => {
  it('back: a token that seems to be of the future is renewed, and forward: once', async () => {
    const { user, oauth2 } = await loggedIn();
    await endsIn(user, 0);
    expect((await user.start(['token', 'personal'])).status).toBe(0);
    user.env = { ...user.env, CLOCK_AHEAD: '0' };
    expect((await user.start(['token', 'personal'])).status).toBe(0);
    expect(oauth2.refreshes).toBe(2);
    user.env = { ...user.env, CLOCK_AHEAD: '999999' };
    for (let each = 0; each < 2; each += 1) expect((await user.start(['token', 'personal'])).status).toBe(0);
    expect(oauth2.refreshes).toBe(3);
  });
});

/** Each ends a token for 40 processes at once. */
const ROUNDS = atNight(10, 3);

describe.each(['file', 'keychain'] as const)(
  '40 processes at once, %s store',
  { timeout: 400_000 },
  (store) => {
    it.skipIf(store === 'keychain' && !hasSecretService)(
      `cause one refresh and all get the new token, ${ROUNDS} times over`,
      async () => {
        const options = store === 'file' ? {} : { user: await keychainUser() };
        const { user, oauth2 } = await loggedIn(options);
        for (let round = 1; round <= ROUNDS; round += 1) {
          await endsIn(user, 0);
          const results = await Promise.all(
            Array.from({ length: 40 }, () => user.start(['token', 'personal'])),
          );
          // A keychain that is asked 40 times at once takes a while, which is said.
          const said = (text: string) => text.replace(/^twvault: waiting for the keychain.*\n/gm, '');
          expect(results.map(({ status, stderr }) => [status, said(stderr)])).toEqual(
            results.map(() => [0, '']),
          );
          expect(new Set(results.map(({ stdout }) => stdout)).size).toBe(1);
          if (store === 'file')
            expect(results[0]?.stdout.trim()).toBe(await stored(user, 'oauth2_access_token'));
          expect(oauth2.refreshes).toBe(round);
        }
      },
    );
  },
);
