import { Command, Option } from 'commander';
import { failed, usage } from '../../failure.ts';
import { configPath, readConfig, STORES, type StoreKind } from '../../vault/config.ts';
import type { Plan } from '../../vault/initialise.ts';
import type { Context } from '../context.ts';
import { newRecovery } from '../recovery.ts';
import { setUp } from '../setup.ts';
import { planOf, type StoreOptions, withIdentityOptions } from '../store-options.ts';

interface Options extends StoreOptions {
  readonly recovery?: boolean;
  readonly recoveryOut?: string;
}

export function command(context: Context): Command {
  const init = new Command('init')
    .description('choose where profiles are kept (the first add does it by itself)')
    .addOption(new Option('--store <kind>', 'the OS keychain, or encrypted files').choices([...STORES]));
  return withIdentityOptions(init)
    .option('--recovery', 'files: make a second key that opens them too, and show it once')
    .option('--recovery-out <file>', 'files: the same, but write it to this new file')
    .addHelpText('after', HELP)
    .action((options: Options) => initialise(context, options));
}

async function initialise(context: Context, options: Options): Promise<void> {
  const existing = readConfig(context.home);
  if (existing) {
    throw failed(`there is a vault already (${existing.store} store, ${configPath(context.home)})`, [
      'set TWVAULT_HOME to another folder for a second one',
    ]);
  }
  const ask = async () => (isRecoveryAsked(options) ? 'file' : kindFromUser(context));
  await setUp(context, await withRecovery(context, await planOf(context, options, ask), options));
}

/** A plan whose profiles a recovery key opens too, where one is asked for. */
async function withRecovery(context: Context, plan: Plan, options: Options): Promise<Plan> {
  if (!isRecoveryAsked(options)) return plan;
  if (plan.store !== 'file')
    throw usage('profiles in the keychain have no recovery key: --recovery belongs to --store file');
  return { ...plan, recipients: [await newRecovery(context, options.recoveryOut)] };
}

const isRecoveryAsked = ({ recovery, recoveryOut }: Options): boolean =>
  recovery === true || recoveryOut !== undefined;

async function kindFromUser(context: Context): Promise<StoreKind> {
  if (!(await context.terminal()))
    throw usage('say where to keep profiles: --store keychain or --store file');
  const { askChoice } = await import('../prompt.ts');
  return askChoice('where shall profiles be kept?', [
    { value: 'keychain', label: "the operating system's keychain" },
    { value: 'file', label: 'encrypted files (age)' },
  ]);
}

const HELP = `
A recovery key is an age identity that twvault does not keep. It opens every profile, with age alone, for the day on which
passphrase, keychain or identity file is lost; it cannot write. 'twvault recipients --help' shows how it is used.

Examples:
  twvault init --store keychain
  twvault init --store file --passphrase --recovery
  twvault init --store file --identity-out ~/twvault-identity.txt`;
