import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { canTrace } from '../faults/strace.ts';
import { vaultIn } from '../faults/writers.ts';
import type { User } from '../support/cli.ts';
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

/** A call and the file of the vault that it is about: `rename(*` and `/profiles/personal.age`. */
function site({ home }: User, call: Call | undefined): string {
  const path = new RegExp(`${home}(/[^">,]*)`).exec(call?.text ?? '')?.[1] ?? '';
  return `${call?.name}(*${path.replace(/[0-9a-f]{16}/, '*')}`;
}

const isTouching = (user: User, { text }: Call) => text.includes(user.home) || /<(TCP|socket)[:[]/.test(text);

describe.skipIf(!canTrace())('a kill of token at any call', { timeout: 600_000 }, () => {
  it('leaves a login that works, unless X had answered and nothing was stored', async () => {
    const setting = await loggedIn();
    const { user, oauth2 } = setting;
    await endsIn(user, 0);
    const start = join(user.root, 'start');
    cpSync(user.home, start, { recursive: true });
    const lastUsed = async () =>
      (await (await vaultIn(user)).read('personal')).fields.get('oauth2_refresh_token')?.secret.reveal() ??
      '';
    const used = await lastUsed();
    const login = { client: setting.client, account: setting.account, scopes: ['offline.access'] };
    const restore = () => {
      rmSync(user.home, { recursive: true });
      cpSync(start, user.home, { recursive: true });
      oauth2.reissue(used, login);
    };
    const dry = await traced(user);
    expect(dry.status).toBe(0);
    const points = new Map(
      dry.calls
        .filter((call) => isTouching(user, call))
        .map((call) => [`${call.name}:signal=KILL:when=${call.when}`, call]),
    );
    const outcomes: Record<string, number> = {};
    const inWindow = new Set<string>();
    for (const fault of points.keys()) {
      restore();
      const before = oauth2.refreshes;
      const { signal, calls } = await traced(user, fault);
      if (signal !== 'SIGKILL') continue;
      const wasAnswered = oauth2.refreshes > before;
      const isStored = (await lastUsed()) !== used;
      rmSync(join(user.home, 'lock'), { force: true });
      rmSync(join(user.home, 'lock.personal'), { force: true });
      const next = await user.start(['token', 'personal']);
      const outcome = `${wasAnswered ? 'answered' : 'not answered'}, ${isStored ? 'stored' : 'not stored'}`;
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
      if (wasAnswered && !isStored) {
        inWindow.add(site(user, calls.at(-1)));
        expect(next.status).toBe(5);
        expect(next.stderr).toContain('X no longer accepts the login of personal');
      } else expect([next.status, next.stderr]).toEqual([0, '']);
    }
    console.log('kills of token:', points.size, 'points,', outcomes, [...inWindow]);
    expect(WINDOW).toEqual(expect.arrayContaining([...inWindow]));
    expect([...inWindow]).toContain('fsync(*/profiles/personal.age.*.tmp');
    expect(outcomes['not answered, not stored']).toBeGreaterThan(5);
    expect(outcomes['answered, stored']).toBeGreaterThan(5);
    expect(Object.keys(outcomes)).not.toContain('not answered, stored');
  });
});
