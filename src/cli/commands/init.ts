import { resolve } from 'node:path';
import { Command, Option } from 'commander';
import { failed, locked, usage } from '../../failure.ts';
import { ownerFromEnvironment } from '../../unlock/identity.ts';
import { passphraseFrom } from '../../unlock/passphrase.ts';
import { configPath, readConfig, STORES, type StoreKind } from '../../vault/config.ts';
import type { NewIdentity, Plan } from '../../vault/initialise.ts';
import type { Context } from '../context.ts';
import { newRecovery } from '../recovery.ts';
import { keychainTrouble, passphraseChooser, setUp } from '../setup.ts';

interface Options {
  readonly store?: StoreKind;
  readonly passphrase?: boolean;
  readonly identityInKeychain?: boolean;
  readonly identityOut?: string;
  readonly lowMemory?: boolean;
  readonly recovery?: boolean;
  readonly recoveryOut?: string;
}

export function command(context: Context): Command {
  return new Command('init')
    .description('choose where profiles are kept (the first add does it by itself)')
    .addOption(new Option('--store <kind>', 'the OS keychain, or encrypted files').choices([...STORES]))
    .option('--passphrase', 'files: a passphrase opens them')
    .option('--identity-in-keychain', 'files: the key that opens them is kept in the OS keychain')
    .option(
      '--identity-out <file>',
      'files: the key that opens them is written to this new file and nowhere else',
    )
    .option(
      '--low-memory',
      'passphrase: takes 128 MiB to check instead of 256, and is half as costly to guess',
    )
    .option('--recovery', 'files: make a second key that opens them too, and show it once')
    .option('--recovery-out <file>', 'files: the same, but write it to this new file')
    .addHelpText('after', HELP)
    .action((options: Options) => init(context, options));
}

async function init(context: Context, options: Options): Promise<void> {
  const existing = readConfig(context.home);
  if (existing) {
    throw failed(`there is a vault already (${existing.store} store, ${configPath(context.home)})`, [
      'set TWVAULT_HOME to another folder for a second one',
    ]);
  }
  await setUp(context, await withRecovery(context, await planOf(context, options), options));
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

async function planOf(context: Context, options: Options): Promise<Plan> {
  const kinds = [options.passphrase, options.identityInKeychain, options.identityOut].filter(Boolean).length;
  if (kinds > 1) throw usage('--passphrase, --identity-in-keychain and --identity-out exclude each other');
  const isFile = kinds > 0 || isRecoveryAsked(options);
  const store = options.store ?? (isFile ? 'file' : await kindFromUser(context));
  if (store === 'file') return { store, identity: await identityOf(context, options) };
  if (kinds > 0) throw usage('the keychain store has no identity: those options belong to --store file');
  await proveKeychain(context);
  return { store };
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

async function identityOf(context: Context, options: Options): Promise<NewIdentity> {
  if (options.identityOut !== undefined)
    return { kept: 'file', path: resolve(context.cwd(), options.identityOut) };
  if (options.identityInKeychain) {
    await proveKeychain(context);
    return { kept: 'keychain' };
  }
  const identity = options.passphrase ? undefined : ownerFromEnvironment(context.env);
  if (identity) return { kept: 'elsewhere', identity };
  const passphrase = passphraseFrom(context.env) ?? (await (await passphraseChooser(context))?.());
  if (passphrase) return { kept: 'passphrase', passphrase, logN: options.lowMemory ? 17 : 18 };
  throw locked('there is no terminal to ask for a passphrase', [
    'use --identity-out FILE or --identity-in-keychain',
    'or set TWVAULT_PASSPHRASE_FILE, TWVAULT_PASSPHRASE, TWVAULT_IDENTITY_FILE or TWVAULT_IDENTITY',
  ]);
}

async function proveKeychain(context: Context): Promise<void> {
  const trouble = await keychainTrouble(context);
  if (trouble) throw trouble;
}

const HELP = `
A recovery key is an age identity that twvault does not keep. It opens every profile, with age alone, for the day on which
passphrase, keychain or identity file is lost; it cannot write. 'twvault recipients --help' shows how it is used.

Examples:
  twvault init --store keychain
  twvault init --store file --passphrase --recovery
  twvault init --store file --identity-out ~/twvault-identity.txt`;
