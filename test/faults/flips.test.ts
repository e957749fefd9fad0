import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EXIT, Failure } from '../../src/failure.ts';
import { projectAt } from '../../src/project/project-file.ts';
import { openVault } from '../../src/vault/open.ts';
import { homePresets } from '../../src/vault/presets.ts';
import { User } from '../support/cli.ts';
import { atNight } from '../support/effort.ts';

/** Flips each bit of a file (each nth), looks at what happens every time, and puts the file back. */
async function flips(path: string, look: () => unknown, stride = 1): Promise<string> {
  const bytes = readFileSync(path);
  const counts = { accepted: 0, refused: 0 };
  for (let bit = 0; bit < bytes.length * 8; bit += stride) {
    const flipped = Buffer.from(bytes);
    flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7));
    writeFileSync(path, flipped);
    try {
      await look();
      counts.accepted += 1;
    } catch (error) {
      if (!(error instanceof Failure)) throw new Error(`bit ${bit} of ${path}`, { cause: error });
      expect(error.message).toMatch(/^[^\n]{1,300}$/);
      expect([EXIT.failed, EXIT.usage, EXIT.locked, EXIT.missing]).toContain(error.exitCode);
      counts.refused += 1;
    }
  }
  writeFileSync(path, bytes);
  await look();
  console.log(
    `${path.split('/').at(-1)}: ${counts.refused} flips refused, ${counts.accepted} read all the same`,
  );
  return counts.refused > 0 ? 'some are refused' : 'none is refused';
}

/** Reads the profile as a process would, and takes nothing but its true value. */
const reads = (user: User, value: string) => async () => {
  const vault = await openVault({ env: user.env, home: user.home, terminal: async () => undefined });
  if (!vault) throw new Error('the vault is gone');
  const { fields } = await vault.read('personal');
  vault.entry('personal');
  if (fields.get('api_secret')?.secret.reveal() !== value) throw new Error('another value');
};

describe('any bit flipped in a file that is kept: the true value, or a refusal', { timeout: 300_000 }, () => {
  it('vault.json, the index, and the file of the identity', async () => {
    const user = new User().withFileVault();
    const { api_secret } = user.add('personal');
    const paths = [join(user.home, 'vault.json'), join(user.home, 'index/personal.json'), user.identityFile];
    for (const path of paths) expect(await flips(path, reads(user, api_secret))).toBe('some are refused');
  });

  it('presets.json and .twvault.json', async () => {
    const user = new User().withFileVault();
    const presets = join(user.home, 'presets.json');
    writeFileSync(presets, '{"mine":{"api_key":"MY_KEY"}}', { mode: 0o600 });
    expect(await flips(presets, () => homePresets(user.home))).toBe('some are refused');
    const project = join(user.root, 'work/.twvault.json');
    writeFileSync(project, '{"profile":"personal","env":{"KEY":"api_key"},"account":"12345"}');
    expect(await flips(project, () => projectAt(project))).toBe('some are refused');
  });

  it('identity.age, under a passphrase', async () => {
    const locked = new User();
    locked.env.TWVAULT_PASSPHRASE = 'made up for this test';
    locked.must(['init', '--store', 'file', '--passphrase', '--low-memory']);
    const { api_secret } = locked.add('personal');
    // Each look works out the key from the passphrase. test/age flips every bit of such a file with a cheaper one.
    const stride = atNight(1, 131);
    expect(await flips(join(locked.home, 'identity.age'), reads(locked, api_secret), stride)).toBe(
      'some are refused',
    );
  });
});
