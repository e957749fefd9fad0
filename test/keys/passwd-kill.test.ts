import { cpSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../src/profile/secret.ts';
import { openWithPassphrase } from '../../src/unlock/sealed-identity.ts';
import { type Call, canTrace, isInjected, type Traced, traced } from '../faults/strace.ts';
import { sweep } from '../faults/sweep.ts';
import { breakLock, isLocked, strays } from '../faults/writers.ts';
import { User } from '../support/cli.ts';
import { atNight } from '../support/effort.ts';

const OLD = 'the old passphrase';
const NEW = 'the new passphrase';
const PASSWD = ['passwd', '--low-memory', '--new-passphrase-file', '-'];

function setting() {
  const user = new User();
  user.env = { ...user.env, TWVAULT_PASSPHRASE: OLD };
  user.must(['init', '--store', 'file', '--passphrase', '--low-memory']);
  return { user, keys: user.add('personal') };
}

/** Which passphrase opens the identity; one of the two has to. */
async function opener(user: User): Promise<string> {
  const path = join(user.home, 'identity.age');
  const isOld = await openWithPassphrase(readFileSync(path), new Secret(OLD), path).then(
    () => true,
    () => false,
  );
  if (isOld) return 'old';
  await openWithPassphrase(readFileSync(path), new Secret(NEW), path);
  return 'new';
}

const PATIENCE = { timeout: atNight(1_800_000, 240_000) };

describe.skipIf(!canTrace())('passwd keeps a passphrase that opens', PATIENCE, () => {
  it('when it is killed at any call', async () => {
    const { user, keys } = setting();
    const { kills, outcomes } = await sweep(user, [PASSWD, `${NEW}\n`], () => opener(user), 4);
    expect(kills).toBeGreaterThan(8);
    expect(Object.keys(outcomes).sort()).toEqual(['new', 'old']);
    const found = await opener(user);
    const env = { TWVAULT_PASSPHRASE: found === 'old' ? OLD : NEW };
    expect(user.must(['get', 'personal', 'api_key'], { env }).stdout).toBe(`${keys.api_key}\n`);
    user.must(['set', 'personal', 'VALUE'], { env, input: 'x' });
    expect([strays(user), isLocked(user)]).toEqual([[], false]);
  });

  it.each([
    ['openat', 'EROFS'],
    ['pwrite64', 'ENOSPC'],
    ['fsync', 'EIO'],
    ['rename', 'EXDEV'],
  ])('when %s gives %s, and says so', async (call, error) => {
    const { user } = setting();
    const start = join(user.root, 'start');
    cpSync(user.home, start, { recursive: true });
    const isMeant = ({ name, text }: Call) => name === call && /identity\.age\.[^"]*tmp/.test(text);
    const begun = (input: string, fault?: string) => {
      rmSync(user.home, { recursive: true });
      cpSync(start, user.home, { recursive: true });
      return traced(user, PASSWD, input, fault);
    };
    const attempt = () => {
      const meant = begun(`${OLD}\n`).calls.find(isMeant);
      return begun(`${NEW}\n`, `${call}:error=${error}:when=${meant?.when}`);
    };
    const isHit = ({ calls }: Traced) => calls.some((each) => isMeant(each) && isInjected(each));
    let run = attempt();
    // Threads make their calls when they please: again where another one than the meant was hit.
    for (let more = 0; more < 5 && !isHit(run); more += 1) run = attempt();
    expect(run.stderr).toMatch(/^twvault: cannot write [^\n]+identity\.age: [^\n]+\n/);
    expect([run.status, await opener(user)]).toEqual([1, 'old']);
    breakLock(user);
    expect(strays(user)).toEqual([]);
  });
});
