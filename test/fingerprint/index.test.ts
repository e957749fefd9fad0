import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fingerprintOf } from '../../src/fingerprint/fingerprint.ts';
import { User } from '../support/cli.ts';
import { alphanumeric } from '../support/credentials.ts';

describe('the index', () => {
  const entryOf = (user: User, name: string) =>
    JSON.parse(readFileSync(join(user.home, 'index', `${name}.json`), 'utf8'));
  const keyOf = (user: User) =>
    Buffer.from(
      JSON.parse(readFileSync(join(user.home, 'vault.json'), 'utf8')).fingerprintKey as string,
      'base64',
    );

  it('has a fingerprint of every value that cannot be guessed, and of no other', () => {
    const user = new User().withFileVault();
    const keys = user.add('personal');
    const extra = `sk-${alphanumeric(40)}`;
    user.must(['set', 'personal', 'OPENAI_API_KEY'], { input: extra });
    user.must(['set', 'personal', 'CITY'], { input: 'a town that one could guess 1' });
    user.must(['set', 'personal', 'client_id'], { input: alphanumeric(34) });
    const expected = { ...keys, OPENAI_API_KEY: extra };
    expect(entryOf(user, 'personal').fingerprints).toEqual(
      Object.fromEntries(
        Object.entries(expected).map(([name, value]) => [
          name,
          fingerprintOf(keyOf(user), Buffer.from(value)),
        ]),
      ),
    );
  });

  it("has a fingerprint of X's values that have no digit, and of no extra without", () => {
    const user = new User().withFileVault();
    user.add('personal');
    const letters = alphanumeric(60).replace(/[0-9]/g, '');
    const api_key = letters.slice(0, 25).padEnd(25, 'Qx');
    user.must(['set', 'personal', 'api_key'], { input: api_key });
    user.must(['set', 'personal', 'EXTRA'], { input: letters });
    const { fingerprints } = entryOf(user, 'personal');
    expect(fingerprints.api_key).toBe(fingerprintOf(keyOf(user), Buffer.from(api_key)));
    expect(fingerprints).not.toHaveProperty('EXTRA');
  });

  it('is given a key where an older vault has none, by the next write or by the doctor', () => {
    for (const command of [
      ['set', 'personal', 'EXTRA'],
      ['doctor', '--fix'],
    ]) {
      const user = new User().withFileVault();
      const keys = user.add('personal');
      const path = join(user.home, 'vault.json');
      const { fingerprintKey: _, ...older } = JSON.parse(readFileSync(path, 'utf8'));
      writeFileSync(path, JSON.stringify(older));
      const { fingerprints: __, ...entry } = entryOf(user, 'personal');
      writeFileSync(join(user.home, 'index/personal.json'), JSON.stringify(entry));
      user.must(['exec', '-p', 'personal', '--', 'true']);
      user.must(command, { input: 'x' });
      const { api_key } = entryOf(user, 'personal').fingerprints;
      expect(api_key).toBe(fingerprintOf(keyOf(user), Buffer.from(keys.api_key)));
    }
  });

  it('has another key in every vault', () => {
    const users = [new User().withFileVault(), new User().withFileVault()];
    const keys = users.map((user) => keyOf(user).toString('hex'));
    expect(new Set(keys).size).toBe(2);
    for (const key of keys) expect(key).toHaveLength(64);
  });
});
