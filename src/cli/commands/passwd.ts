import { Command } from 'commander';
import { failed, locked, usage } from '../../failure.ts';
import type { Secret } from '../../profile/secret.ts';
import { passphraseFrom } from '../../unlock/passphrase.ts';
import { LOW_MEMORY_LOG_N } from '../../unlock/sealed-identity.ts';
import type { VaultConfig } from '../../vault/config.ts';
import { exclusively } from '../../vault/exclusive.ts';
import { type Context, vaultOf } from '../context.ts';
import { passphraseIn } from '../input.ts';
import { checkHasFiles, passphraseKeeper } from '../keeper.ts';
import { passphraseChooser } from '../setup.ts';
import { hint, say } from '../voice.ts';

interface Options {
  readonly newPassphraseFile?: string;
  readonly lowMemory?: boolean;
}

export function command(context: Context): Command {
  return new Command('passwd')
    .description('change the passphrase of the vault')
    .option(
      '--new-passphrase-file <file>',
      'the new passphrase is the first line of this file; - is standard input',
    )
    .option('--low-memory', 'it takes 128 MiB to check instead of 256, and is half as costly to guess')
    .addHelpText('after', HELP)
    .action((options: Options) => passwd(context, options));
}

async function passwd(context: Context, options: Options): Promise<void> {
  const vault = await vaultOf(context);
  checkHasPassphrase(vault.config);
  const isAsking = !passphraseFrom(context.env) || options.newPassphraseFile === undefined;
  await quietly(isAsking, context, async () => {
    const keeper = await passphraseKeeper(context);
    const identities = await keeper.read();
    const passphrase = await newPassphrase(context, options);
    const logN = options.lowMemory ? LOW_MEMORY_LOG_N : undefined;
    await exclusively(vault, (stillHeld) => keeper.sealUnder(passphrase, logN, identities, stillHeld));
  });
  say('the new passphrase opens the vault from now on');
  say('older copies of identity.age, such as in backups, still open with the old one');
  hint('if the old one may be known to others: twvault rekey makes those copies worthless');
}

/** What is typed ahead while a passphrase is worked in must not show. */
async function quietly(isAsking: boolean, { terminal }: Context, work: () => Promise<void>): Promise<void> {
  if (!isAsking || !(await terminal())) return work();
  const { keepTerminal } = await import('../prompt.ts');
  return keepTerminal(work);
}

function checkHasPassphrase(config: VaultConfig): void {
  checkHasFiles(config, 'passphrase');
  if (config.identity === 'passphrase') return;
  if (config.identity === 'keychain')
    throw failed("this vault has no passphrase: its identity is in the operating system's keychain", [
      "the keychain's own password is changed with the system; twvault rekey exchanges the identity",
    ]);
  throw failed('this vault has no passphrase: whoever has the file with its identity opens it', [
    'twvault rekey --identity-out FILE exchanges the identity',
  ]);
}

async function newPassphrase(context: Context, { newPassphraseFile }: Options): Promise<Secret> {
  if (newPassphraseFile !== undefined) {
    const passphrase = passphraseIn(newPassphraseFile, context);
    if (passphrase.length > 0) return passphrase;
    throw usage('the new passphrase is empty: it is the first line of the file');
  }
  const choose = await passphraseChooser(context);
  if (choose) return choose();
  throw locked('there is no terminal to ask for the new passphrase', [
    'give it with --new-passphrase-file FILE, or on standard input with --new-passphrase-file -',
  ]);
}

const HELP = `
Without a terminal the present passphrase comes from TWVAULT_PASSPHRASE_FILE or TWVAULT_PASSPHRASE. A vault whose
passphrase is cheaper to guess than is usual today is raised to today's cost.

Examples:
  twvault passwd
  twvault passwd --low-memory
  TWVAULT_PASSPHRASE_FILE=old.txt twvault passwd --new-passphrase-file new.txt`;
