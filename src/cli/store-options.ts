import { resolve } from 'node:path';
import type { Command } from 'commander';
import { failed, locked, usage } from '../failure.ts';
import { ownerFromEnvironment } from '../unlock/identity.ts';
import { passphraseFrom } from '../unlock/passphrase.ts';
import type { StoreKind, VaultConfig } from '../vault/config.ts';
import type { NewIdentity, Plan } from '../vault/initialise.ts';
import type { Context } from './context.ts';
import { keychainTrouble, passphraseChooser } from './setup.ts';

/** Where the identity of encrypted files is to be kept, as the options say it. */
export interface IdentityOptions {
  readonly passphrase?: boolean;
  readonly identityInKeychain?: boolean;
  readonly identityOut?: string;
  readonly lowMemory?: boolean;
}

export interface StoreOptions extends IdentityOptions {
  readonly store?: StoreKind;
}

/** Gives a command the options of IdentityOptions. */
export function withIdentityOptions(command: Command): Command {
  return command
    .option('--passphrase', 'files: a passphrase opens them')
    .option('--identity-in-keychain', 'files: the key that opens them is kept in the OS keychain')
    .option(
      '--identity-out <file>',
      'files: the key that opens them is written to this new file and nowhere else',
    )
    .option(
      '--low-memory',
      'passphrase: takes 128 MiB to check instead of 256, and is half as costly to guess',
    );
}

/** The plan of a new vault. @param ask which store, where no option says it */
export async function planOf(
  context: Context,
  options: StoreOptions,
  ask: () => Promise<StoreKind>,
): Promise<Plan> {
  const hasIdentity = isIdentityAsked(options);
  const store = options.store ?? (hasIdentity ? 'file' : await ask());
  if (store === 'file') return { store, identity: await newIdentity(context, options) };
  if (hasIdentity) throw usage('the keychain store has no identity: those options belong to --store file');
  await proveKeychain(context);
  return { store };
}

/** The identity of new encrypted files. */
export async function newIdentity(context: Context, options: IdentityOptions): Promise<NewIdentity> {
  const kept = keptBy(options);
  if (kept === 'file') return { kept, path: resolve(context.cwd(), options.identityOut ?? '') };
  if (kept === 'keychain') {
    await proveKeychain(context);
    return { kept };
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

/**
 * Where a store that is there already is asked for once more, as after a run that was cut short, the options have to say
 * what is so.
 */
export function checkAgreement(options: StoreOptions, config: VaultConfig): void {
  if (options.store !== undefined && options.store !== config.store) {
    throw failed(`there is a vault already, with the ${config.store} store`, [
      `leave --store out; twvault migrate --to ${options.store} moves the profiles`,
    ]);
  }
  const asked = keptBy(options);
  if (asked === undefined || (asked === 'file' ? 'elsewhere' : asked) === config.identity) return;
  throw failed('there is a file store already, whose identity is kept in another way', [
    'leave the option out, and twvault uses what is there',
  ]);
}

async function proveKeychain(context: Context): Promise<void> {
  const trouble = await keychainTrouble(context);
  if (trouble) throw trouble;
}

export const isIdentityAsked = (options: IdentityOptions): boolean => keptBy(options) !== undefined;

function keptBy(options: IdentityOptions): 'passphrase' | 'keychain' | 'file' | undefined {
  const { passphrase, identityInKeychain, identityOut } = options;
  if ([passphrase, identityInKeychain, identityOut].filter(Boolean).length > 1) {
    throw usage('--passphrase, --identity-in-keychain and --identity-out exclude each other');
  }
  if (passphrase) return 'passphrase';
  if (identityInKeychain) return 'keychain';
  return identityOut === undefined ? undefined : 'file';
}
