import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../src/profile/secret.ts';
import { canTrace } from '../faults/strace.ts';
import { vaultIn } from '../faults/writers.ts';
import { login } from '../keychain/login.ts';
import { hasSecretService } from '../keychain/secret-service.ts';
import type { OAuth2Server } from '../standin/oauth2.mjs';
import { BINARY, User } from '../support/cli.ts';
import { atNight } from '../support/effort.ts';
import { endsIn, loggedIn } from './login.ts';
import { type Call, traced } from './strace.ts';

/** What is left to do once X has answered: the answer is read, then this. */
const WINDOW = [
  'read(*',
  'pwrite64(*/profiles/personal.age.*.tmp',
  'ftruncate(*/profiles/personal.age.*.tmp',
  'fsync(*/profiles/personal.age.*.tmp',
  'statx(*/lock',
  'statx(*/profiles/personal.age',
  'rename(*/profiles/personal.age.*.tmp',
];

/**
 * With a keychain: the answer is read, then the item is sent to the keychain's process, which stores it. Meanwhile X's
 * socket is shut down and closed.
 */
const KEYCHAIN_WINDOW = ['read(*', 'statx(*/lock', 'shutdown(*', 'close(*', 'write(*', 'sendmsg(*'];

/** A call and the file of the vault that it is about: `rename(*` and `/profiles/personal.age`. */
function site({ home }: User, call: Call | undefined): string {
  const path = new RegExp(`${home}(/[^">,]*)`).exec(call?.text ?? '')?.[1] ?? '';
  return `${call?.name}(*${path.replace(/[0-9a-f]{16}/, '*')}`;
}

/** A busy machine's keychain takes a while, which is said. */
const withoutWaiting = (text: string) => text.replace(/^twvault: waiting for the keychain.*\n/gm, '');

const isAtSocket = ({ text }: Call): boolean => /<(TCP|UNIX[-A-Z]*|socket)[:[]/.test(text);

/** X's answer is what is read from a socket; the keychain's come by recvmsg. */
const isAnswer = (call: Call): boolean => call.name === 'read' && isAtSocket(call);

interface Sweep {
  readonly user: User;
  readonly oauth2: OAuth2Server;
  /** Makes all as it was before the first run. */
  readonly restore: () => void;
  readonly isStored: () => boolean | Promise<boolean>;
  /** Each call of how many is taken, beside those around X's answer; the nightly form takes all. */
  readonly stride: number;
}

/** Kills `token` at calls, and asks for a token again: it must come, unless X had answered and nothing was stored. */
async function sweep({ user, oauth2, restore, isStored, stride }: Sweep) {
  const dry = await traced(user);
  expect(dry.status).toBe(0);
  const isTouching = (call: Call) => call.text.includes(user.home) || isAtSocket(call);
  const points = new Map(
    dry.calls.filter(isTouching).map((call) => [`${call.name}:signal=KILL:when=${call.when}`, call]),
  );
  const answered = [...points.values()].findLastIndex(isAnswer);
  const outcomes: Record<string, number> = {};
  const inWindow = new Set<string>();
  for (const [at, fault] of [...points.keys()].entries()) {
    const isNear = at >= answered - 2 && at <= answered + 12;
    if (!isNear && at % atNight(1, stride) > 0) continue;
    restore();
    const before = oauth2.refreshes;
    const { signal, calls } = await traced(user, fault);
    if (signal !== 'SIGKILL') continue;
    const wasAnswered = oauth2.refreshes > before;
    const wasStored = await isStored();
    rmSync(join(user.home, 'lock'), { force: true });
    rmSync(join(user.home, 'lock.personal'), { force: true });
    const next = await user.start(['token', 'personal']);
    const outcome = `${wasAnswered ? 'answered' : 'not answered'}, ${wasStored ? 'stored' : 'not stored'}`;
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    if (wasAnswered && !wasStored) {
      inWindow.add(site(user, calls.at(-1)));
      expect(next.status).toBe(5);
      expect(next.stderr).toContain('X no longer accepts the login of personal');
    } else expect([next.status, withoutWaiting(next.stderr)]).toEqual([0, '']);
  }
  console.log('kills of token:', points.size, 'points,', outcomes, [...inWindow]);
  expect(outcomes['not answered, not stored']).toBeGreaterThan(5);
  expect(outcomes['answered, stored']).toBeGreaterThan(BINARY ? 1 : 5); // Bun ends in fewer calls
  expect(Object.keys(outcomes)).not.toContain('not answered, stored');
  return [...inWindow];
}

/** What a kill needs to be undone: the folder as it is, and the refresh token good again. */
function undoing({ user, oauth2, client, account, issued }: Awaited<ReturnType<typeof loggedIn>>) {
  const start = join(user.root, 'start');
  cpSync(user.home, start, { recursive: true });
  return () => {
    rmSync(user.home, { recursive: true });
    cpSync(start, user.home, { recursive: true });
    oauth2.reissue(issued.refresh, { client, account, scopes: ['offline.access'] });
  };
}

describe.skipIf(!canTrace())('a kill of token at any call', { timeout: atNight(3_600_000, 300_000) }, () => {
  it('leaves a login that works, unless X had answered and nothing was stored', async () => {
    const setting = await loggedIn();
    const { user, oauth2, issued } = setting;
    await endsIn(user, 0);
    const inWindow = await sweep({
      user,
      oauth2,
      restore: undoing(setting),
      stride: 16,
      isStored: async () => {
        const { fields } = await (await vaultIn(user)).read('personal');
        return !fields.get('oauth2_refresh_token')?.secret.equals(new Secret(issued.refresh));
      },
    });
    expect(WINDOW).toEqual(expect.arrayContaining(inWindow));
    expect(inWindow).toContain('fsync(*/profiles/personal.age.*.tmp');
  });

  it.skipIf(!hasSecretService)('does so with a keychain too', async () => {
    const user = new User();
    const service = await login(user, 'unlocked');
    user.must(['init', '--store', 'keychain']);
    const setting = await loggedIn({ user });
    const { oauth2 } = setting;
    await endsIn(user, 0);
    const name = (await vaultIn(user)).config.service ?? 'twvault';
    const kept = () => service.keytar('getPassword', name, 'personal');
    const item = String(kept());
    const undo = undoing(setting);
    const inWindow = await sweep({
      user,
      oauth2,
      restore: () => {
        undo();
        service.keytar('setPassword', name, 'personal', item);
      },
      stride: 32,
      isStored: () => kept() !== item,
    });
    expect(KEYCHAIN_WINDOW).toEqual(expect.arrayContaining(inWindow));
    if (!BINARY) expect(inWindow).toContain('sendmsg(*'); // Bun's calls come in other numbers from run to run
  });
});
