import { Command, Option } from 'commander';
import { failed, usage } from '../../failure.ts';
import { configPath, readConfig, STORES, type StoreKind } from '../../vault/config.ts';
import type { Context } from '../context.ts';
import { setUp } from '../setup.ts';
import { planOf, type StoreOptions, withIdentityOptions } from '../store-options.ts';

export function command(context: Context): Command {
  const init = new Command('init')
    .description('choose where profiles are kept (the first add does it by itself)')
    .addOption(new Option('--store <kind>', 'the OS keychain, or encrypted files').choices([...STORES]));
  return withIdentityOptions(init)
    .addHelpText('after', EXAMPLES)
    .action((options: StoreOptions) => initialise(context, options));
}

async function initialise(context: Context, options: StoreOptions): Promise<void> {
  const existing = readConfig(context.home);
  if (existing) {
    throw failed(`there is a vault already (${existing.store} store, ${configPath(context.home)})`, [
      'set TWVAULT_HOME to another folder for a second one',
    ]);
  }
  await setUp(context, await planOf(context, options, () => kindFromUser(context)));
}

async function kindFromUser(context: Context): Promise<StoreKind> {
  if (!(await context.terminal()))
    throw usage('say where to keep profiles: --store keychain or --store file');
  const { askChoice } = await import('../prompt.ts');
  return askChoice('where shall profiles be kept?', [
    { value: 'keychain', label: "the operating system's keychain" },
    { value: 'file', label: 'encrypted files (age)' },
  ]);
}

const EXAMPLES = `
Examples:
  twvault init --store keychain
  twvault init --store file --passphrase
  twvault init --store file --identity-out ~/twvault-identity.txt`;
