import { cpSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../src/profile/secret.ts';
import { Editor } from '../../src/vault/editor.ts';
import { User } from '../support/cli.ts';
import { generatedKeys, tutorialLines } from '../support/credentials.ts';
import { atNight } from '../support/effort.ts';
import { canTrace } from './strace.ts';
import { sweep } from './sweep.ts';
import { isLocked, strays, vaultIn } from './writers.ts';

const SECRET = 'api_secret';

/** A vault with two profiles; one is to be killed at, the other is written afterwards. */
function setting() {
  const user = new User().withFileVault();
  const keys = user.add('personal');
  user.add('other');
  return { user, keys };
}

const read = async (user: User, name = 'personal') =>
  (await (await vaultIn(user)).read(name)).fields.get(SECRET)?.secret.reveal();

/** The next write works and sweeps what the killed one left. */
async function expectNextWrite(user: User, name: string): Promise<void> {
  const vault = await vaultIn(user);
  const next = generatedKeys().api_secret;
  await new Editor(vault).update(name, { fields: new Map([[SECRET, new Secret(next)]]) });
  expect(await read(user, name)).toBe(next);
  expect([strays(user), isLocked(user)]).toEqual([[], false]);
}

const PATIENCE = { timeout: atNight(1_800_000, 120_000) };

describe.skipIf(!canTrace())('a kill at any call leaves every profile whole', PATIENCE, () => {
  it('set: the old value or the new one', async () => {
    const { user, keys } = setting();
    const next = generatedKeys().api_secret;
    const { kills, outcomes, sites } = await sweep(user, [['set', 'personal', SECRET], next], async () => {
      const value = await read(user);
      expect([keys.api_secret, next]).toContain(value);
      expect(user.must(['get', 'personal', SECRET]).stdout).toBe(`${value}\n`);
      expect(await read(user, 'other')).toBeDefined();
      await expectNextWrite(user, 'personal');
      return value === next ? 'new' : 'old';
    });
    expect(kills).toBeGreaterThan(30);
    expect(Object.keys(outcomes).sort()).toEqual(['new', 'old']);
    // The calls that matter were among them, whatever else a run of Node does.
    for (const each of [
      ...['openat', 'fchmod', 'pwrite64', 'fsync', 'rename'].map(
        (name) => `${name} profiles/personal.age.tmp`,
      ),
      ...['openat', 'fchmod', 'pwrite64', 'fsync', 'rename'].map((name) => `${name} index/personal.json.tmp`),
      ...['fsync profiles', 'fsync index'],
    ]) {
      expect([...sites]).toContain(each);
    }
    expect([...sites].filter((each) => each.endsWith(' lock'))).not.toEqual([]);
  });

  it('add: all of the new profile or nothing of it', async () => {
    const { user } = setting();
    const keys = generatedKeys();
    const lines = tutorialLines(keys);
    const { outcomes } = await sweep(
      user,
      [['add', 'brand', '--stdin'], lines],
      async () => {
        const isThere = existsSync(join(user.home, 'profiles', 'brand.age'));
        const { status, stderr } = user.run(['add', 'brand', '--stdin'], { input: lines });
        if (isThere) expect(stderr).toMatch(/^twvault: the profile brand exists already\n/);
        expect(status).toBe(isThere ? 1 : 0);
        expect(await read(user, 'brand')).toBe(keys.api_secret);
        await expectNextWrite(user, 'brand');
        return isThere ? 'new' : 'old';
      },
      2,
    );
    expect(Object.keys(outcomes).sort()).toEqual(['new', 'old']);
  });

  it('the first add: a vault with the profile, without it, or none', async () => {
    const { user } = setting();
    rmSync(user.home, { recursive: true });
    const keys = generatedKeys();
    const lines = tutorialLines(keys);
    const parent = join(user.root, 'parent');
    cpSync(join(user.root, 'work'), parent, { recursive: true });
    user.env = { ...user.env, TWVAULT_HOME: join(parent, 'vault') };
    const inParent = Object.assign(Object.create(user) as User, { home: parent });
    const { outcomes } = await sweep(
      inParent,
      [['add', 'brand', '--stdin'], lines],
      async () => {
        rmSync(join(parent, 'vault', 'lock'), { recursive: true, force: true });
        const isThere = existsSync(join(parent, 'vault', 'profiles', 'brand.age'));
        const isSetUp = existsSync(join(parent, 'vault', 'vault.json'));
        const { status } = user.run(['add', 'brand', '--stdin'], { input: lines });
        expect(status).toBe(isThere ? 1 : 0);
        expect(user.must(['get', 'brand', SECRET]).stdout).toBe(`${keys.api_secret}\n`);
        user.must(['set', 'brand', 'TOKEN'], { input: 'value' });
        expect(strays(inParent)).toEqual([]);
        return isThere ? 'with' : isSetUp ? 'without' : 'none';
      },
      3,
    );
    expect(Object.keys(outcomes).sort()).toEqual(['none', 'with', 'without']);
  });

  it('rename: the values are under one name or the other, or both', async () => {
    const { user, keys } = setting();
    user.must(['use', 'personal']);
    const { outcomes } = await sweep(
      user,
      [['rename', 'personal', 'main']],
      async () => {
        const names = ['personal', 'main'].filter((name) =>
          existsSync(join(user.home, 'profiles', `${name}.age`)),
        );
        for (const name of names) expect(await read(user, name)).toBe(keys.api_secret);
        const preferred = (await vaultIn(user)).config.default;
        expect(names).toContain(preferred);
        await expectNextWrite(user, names.at(-1) as string);
        return names.join(' and ');
      },
      2,
    );
    expect(Object.keys(outcomes).sort()).toEqual(['main', 'personal', 'personal and main']);
  });

  it('remove: the profile is whole or gone, and removing it again ends what was begun', async () => {
    const { user, keys } = setting();
    const { outcomes } = await sweep(user, [['remove', 'personal', '--yes']], async () => {
      const isThere = existsSync(join(user.home, 'profiles', 'personal.age'));
      if (isThere) expect(await read(user)).toBe(keys.api_secret);
      else expect([1, 4]).toContain(user.run(['get', 'personal', SECRET]).status);
      expect([0, 4]).toContain(user.run(['remove', 'personal', '--yes']).status);
      expect((await vaultIn(user)).index.names()).toEqual(['other']);
      await expectNextWrite(user, 'other');
      return isThere ? 'old' : 'gone';
    });
    expect(Object.keys(outcomes).sort()).toEqual(['gone', 'old']);
  });
});
