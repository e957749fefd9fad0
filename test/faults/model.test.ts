import fc from 'fast-check';
import { findCredentials } from 'keytar';
import { describe, expect, it, vi } from 'vitest';
import { X25519Identity } from '../../src/age/x25519.ts';
import { initialise } from '../../src/vault/initialise.ts';
import { hasSecretService, sharedService } from '../keychain/secret-service.ts';
import { User } from '../support/cli.ts';
import { atNight } from '../support/effort.ts';
import { compare, type Tally } from './model/compare.ts';
import { sequence } from './model/generate.ts';
import { InProcess, inFolder } from './model/machine.ts';
import type { Step } from './model/steps.ts';

vi.mock('node:fs', async (original) => {
  const { withStandard } = await import('./model/standard.ts');
  return withStandard(await original());
});
vi.mock('node:tty', async (original) => ({ ...(await original<object>()), isatty: () => false }));

/** Sequences on the file store. Others take longer for each, and get a part of that number. */
const SEQUENCES = Number(process.env.TWVAULT_SEQUENCES ?? atNight(10_000, 150));
/** gnome-keyring itself grows and slows down: after 2,000 it has 1.3 GB. */
const MOST_IN_KEYCHAIN = 500;
const PATIENCE = { timeout: 7_200_000 };

const KINDS = ['add', 'set', 'unset', 'get', 'rename', 'copy', 'remove', 'use', 'show', 'export'];

type Test = (steps: readonly Step[], tally: Tally) => Promise<void>;

/** Runs so many sequences, and says how many commands that were and how they ended. */
async function runs(count: number, where: string, test: Test): Promise<Tally> {
  const tally: Tally = new Map();
  const started = performance.now();
  await fc.assert(
    fc.asyncProperty(sequence, (steps) => test(steps, tally)),
    { numRuns: count },
  );
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const commands = [...tally.values()].reduce((sum, each) => sum + each, 0);
  const ends = [...tally].sort().map(([end, times]) => `${end}: ${times}`);
  console.log(`${count} sequences ${where}, ${commands} commands, ${seconds} s (${ends.join(', ')})`);
  return tally;
}

describe('any sequence of commands does what a simple model says', PATIENCE, () => {
  it('on encrypted files', async () => {
    const TWVAULT_IDENTITY = X25519Identity.generate().encode();
    const ends = await runs(SEQUENCES, 'on encrypted files', (steps, tally) =>
      inFolder(async (folder) => {
        await compare(new InProcess(folder, { TWVAULT_IDENTITY }), steps, tally);
      }),
    );
    // Each kind of command did its work, and was refused.
    const wanted = KINDS.flatMap((kind) => [`${kind} 0`, `${kind} 4`]);
    expect(wanted.filter((end) => !ends.has(end))).toEqual([]);
  });

  it('as processes', async () => {
    const TWVAULT_IDENTITY = X25519Identity.generate().encode();
    await runs(Math.ceil(SEQUENCES / 50), 'as processes', (steps, tally) =>
      inFolder(async (folder) => {
        const user = new User(folder);
        user.env = { ...user.env, TWVAULT_IDENTITY };
        const run = (args: readonly string[], input: string) => user.start(args, { input });
        await compare({ home: user.home, run }, steps, tally);
      }),
    );
  });

  describe.skipIf(!hasSecretService)('in a real keychain', () => {
    // Native code reads the variable of the process.
    sharedService(({ env }) => Object.assign(process.env, env));

    it('in a keychain, which holds nothing else afterwards', async () => {
      await runs(Math.min(MOST_IN_KEYCHAIN, Math.ceil(SEQUENCES / 5)), 'in a keychain', (steps, tally) =>
        inFolder(async (folder) => {
          const machine = new InProcess(folder, { TWVAULT_HOME: folder });
          const { service = '' } = await initialise(machine.context, { store: 'keychain' });
          const inKeychain = steps.filter(({ run }) => run !== 'reindex');
          const left = await compare(machine, inKeychain, tally);
          expect((await findCredentials(service)).map(({ account }) => account).sort()).toEqual(left.sort());
        }),
      );
    });
  });
});
