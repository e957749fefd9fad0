import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { X25519Identity } from '../../src/age/x25519.ts';
import { User } from '../support/cli.ts';
import { generatedKeys, tutorialLines } from '../support/credentials.ts';
import { atNight } from '../support/effort.ts';
import { callsAt, canTrace, isInjected, site, type Traced, traced } from './strace.ts';
import { sweepErrors } from './sweep.ts';
import { breakLock, extrasOf, strays } from './writers.ts';

const RECIPIENT = X25519Identity.generate().recipient().encode();
const SET = ['set', 'personal', 'VALUE'];

function userWithValue(): User {
  const user = new User().withFileVault();
  user.add('personal', generatedKeys());
  user.must(SET, { input: 'old' });
  return user;
}

/** One line and its hints: no stack, no internal error, nothing of the value. */
function expectOneLine({ stderr, stdout }: Traced, pattern: RegExp): void {
  const [line = '', ...rest] = stderr.trimEnd().split('\n');
  expect(line).toMatch(pattern);
  expect(rest.filter((each) => !each.startsWith('twvault: hint: '))).toEqual([]);
  expect(stdout).toBe('');
}

/** Whether a run said why it failed; one that did not fail has nothing to say. */
const isTold = ({ status, stderr }: Traced) =>
  status === 0 ||
  /^(twvault: (nothing was stored|stopped half-way: [^\n]+)\n)?twvault: (cannot|another) [^\n]+\n(twvault: hint: [^\n]+\n)*$/.test(
    stderr,
  );

/** Runs `set` with an error in the call that `isMeant` picks out of a run without one. */
function withError(user: User, isMeant: (site: string) => boolean, error: string): Traced {
  for (let attempt = 0; attempt < 8; attempt += 1) {
    const dry = traced(user, SET, 'old');
    const meant = callsAt(user, dry).find((call) => isMeant(site(user, call)));
    if (!meant) throw new Error('no such call');
    const run = traced(user, SET, 'new', `${meant.name}:error=${error}:when=${meant.when}`);
    // Node wakes its threads with a number of writes that varies: try again where another call was hit.
    if (run.calls.some((call) => isInjected(call) && isMeant(site(user, call)))) return run;
    breakLock(user);
    user.must(SET, { input: 'old' });
  }
  throw new Error('the call was never hit');
}

const PATIENCE = { timeout: atNight(1_800_000, 120_000) };

describe.skipIf(!canTrace())('an error of the system', PATIENCE, () => {
  it.each([
    ['openat', 'EROFS', 'read-only file system'],
    ['openat', 'EMFILE', 'too many open files'],
    ['openat', 'EACCES', 'permission denied'],
    ['openat', 'EDQUOT', ''],
    ['fchmod', 'EPERM', 'operation not permitted'],
    ['pwrite64', 'ENOSPC', 'no space left on device'],
    ['pwrite64', 'EIO', 'i/o error'],
    ['fsync', 'EIO', 'i/o error'],
    ['fsync', 'ENOSPC', 'no space left on device'],
    ['rename', 'ENOSPC', 'no space left on device'],
    ['rename', 'EXDEV', 'cross-device link not permitted'],
    ['rename', 'EROFS', 'read-only file system'],
    // As a network file system has it.
    ['rename', 'EIO', 'i/o error'],
    ['rename', 'ESTALE', ''],
    ['rename', 'ETIMEDOUT', ''],
    ['fsync', 'ESTALE', ''],
  ])(
    '%s %s while the record is written: one line, the old record, nothing left over',
    async (call, error, words) => {
      const user = userWithValue();
      const path = join(user.home, 'profiles', 'personal.age');
      const run = withError(user, (each) => each === `${call} profiles/personal.age.tmp`, error);
      expectOneLine(run, new RegExp(`^twvault: cannot write ${path}: ${words}`));
      expect(run.status).toBe(1);
      expect(await extrasOf(user)).toEqual({ VALUE: 'old' });
      expect(strays(user)).toEqual([]);
      user.must(SET, { input: 'newer' });
      expect(await extrasOf(user)).toEqual({ VALUE: 'newer' });
    },
  );

  it.each([
    ['fsync profiles', 'EIO', /^twvault: cannot write .*personal\.age: i\/o error$/],
    ['rename index/personal.json.tmp', 'ENOSPC', /^twvault: cannot write .*personal\.json: no space left/],
    ['pwrite64 index/personal.json.tmp', 'ENOSPC', /^twvault: cannot write .*personal\.json: no space left/],
    ['fsync index', 'EIO', /^twvault: cannot write .*personal\.json: i\/o error$/],
  ])(
    '%s %s once the record is in place is told, and the record is the new one',
    async (meant, error, message) => {
      const user = userWithValue();
      const run = withError(user, (each) => each === meant, error);
      expectOneLine(run, message);
      expect(run.status).toBe(1);
      expect(await extrasOf(user)).toEqual({ VALUE: 'new' });
      expect(strays(user)).toEqual([]);
      user.must(SET, { input: 'newer' });
      expect(await extrasOf(user)).toEqual({ VALUE: 'newer' });
    },
  );

  it('EIO from any call at the vault: told in one line, and the value is the old one or the new one', async () => {
    const user = userWithValue();
    const outcomes: Record<string, number> = {};
    const untold: string[] = [];
    const calls = callsAt(user, traced(user, SET, 'old'));
    const faults = new Set(calls.map(({ name, when }) => `${name}:error=EIO:when=${when}`));
    for (const fault of faults) {
      user.must(SET, { input: 'old' });
      const run = traced(user, SET, 'new', fault);
      const hit = run.calls.find(isInjected);
      const where = hit ? site(user, hit) : 'nothing';
      const { VALUE } = await extrasOf(user);
      const outcome = `exit ${run.status}, ${VALUE}`;
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
      if (!isTold(run)) untold.push(`${where}: ${run.stderr}`);
      if (!/^exit (0, new|1, (old|new))$/.test(outcome)) untold.push(`${where}: ${outcome}`);
      breakLock(user);
    }
    console.log(`${faults.size} errors:`, outcomes);
    expect(untold).toEqual([]);
    expect(strays(user)).toEqual([]);
    expect(readFileSync(join(user.home, 'vault.json'), 'utf8')).toContain('twvault-vault-1');
  });

  it.each<[string, string[], string, string[]]>([
    ['add', ['add', 'brand', '--stdin'], tutorialLines(generatedKeys()), ['brand', 'other', 'personal']],
    ['copy', ['copy', 'personal', 'brand'], '', ['brand', 'other', 'personal']],
    ['rename', ['rename', 'personal', 'brand'], '', ['brand', 'other']],
    ['remove', ['remove', 'personal', '--yes'], '', ['other']],
    ['use', ['use', 'other'], '', ['other', 'personal']],
    ['import', ['import', '../keys.env', '--yes', '--profile', 'brand'], '', ['brand', 'other', 'personal']],
    ['recipients', ['recipients', 'add', RECIPIENT, 'personal'], '', ['other', 'personal']],
  ])(
    '%s: EIO, ENOSPC, EROFS and EINTR in turn: told, and every profile whole',
    async (_, args, input, after) => {
      const user = userWithValue();
      user.add('other');
      writeFileSync(join(user.root, 'keys.env'), tutorialLines(generatedKeys()));
      const before = await names(user);
      const { sites } = await sweepErrors(user, [args, input], async (run) => {
        if (!isTold(run)) expect.fail(`exit ${run.status} ${run.stderr}`);
        const left = await names(user);
        if (run.status === 0) expect(left).toEqual(after);
        const [all, both] = [[...before, ...after], before.filter((each) => after.includes(each))];
        expect(left.filter((each) => !all.includes(each))).toEqual([]);
        expect(both.filter((each) => !left.includes(each))).toEqual([]);
        expect(left.length).toBeGreaterThanOrEqual(Math.min(before.length, after.length));
        // Each opens, and the next write sweeps.
        user.must(['set', 'other', 'VALUE'], { input: 'next' });
        expect(strays(user)).toEqual([]);
        return `exit ${run.status}, ${left.join(' ')}`;
      });
      expect(sites.size).toBeGreaterThan(2);
    },
  );
});

/** The profiles that there are, each of which opens. */
async function names(user: User): Promise<string[]> {
  const found = readdirSync(join(user.home, 'profiles'))
    .filter((file) => file.endsWith('.age'))
    .map((file) => file.replace('.age', ''))
    .sort();
  for (const name of found) await extrasOf(user, name);
  return found;
}
