import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { Command, Option } from 'commander';
import { failed, usage } from '../../failure.ts';
import { interruptible } from '../../system/signals.ts';
import { ownerFromEnvironment } from '../../unlock/identity.ts';
import { readConfig, STORES, type StoreKind } from '../../vault/config.ts';
import { describeFileStore, type NewIdentity, ownService } from '../../vault/initialise.ts';
import { deleteSource, finishMigration, isDescribed, migrate } from '../../vault/migrate.ts';
import { otherStore, placeOf } from '../../vault/migration.ts';
import type { Vault } from '../../vault/vault.ts';
import { agreement } from '../agreement.ts';
import { type Context, vaultOf } from '../context.ts';
import { counted } from '../counted.ts';
import { knowing, whereIdentity, withIdentityFile } from '../setup.ts';
import {
  checkAgreement,
  type IdentityOptions,
  isIdentityAsked,
  newIdentity,
  withIdentityOptions,
} from '../store-options.ts';
import { hint, say, warn } from '../voice.ts';

interface Options extends IdentityOptions {
  readonly to?: StoreKind;
  readonly deleteSource?: boolean;
  readonly yes?: boolean;
}

export function command(context: Context): Command {
  const command = new Command('migrate')
    .description('move all profiles to the other store')
    .addOption(new Option('--to <kind>', 'the OS keychain, or encrypted files').choices([...STORES]))
    .option('--delete-source', 'delete what the store that is not in use any more still holds')
    .option('-y, --yes', 'do not ask where that takes standing recipients along');
  return withIdentityOptions(command)
    .addHelpText('after', EXAMPLES)
    .action((options: Options) => run(context, options));
}

async function run(context: Context, options: Options): Promise<void> {
  const { to } = options;
  if (to === undefined && !options.deleteSource) {
    throw usage('say where to move the profiles: --to keychain or --to file', [
      '--delete-source alone deletes what an earlier move left behind',
    ]);
  }
  if (to !== 'file' && isIdentityAsked(options)) {
    throw usage('the keychain store has no identity: those options belong to --to file');
  }
  if (options.deleteSource) await checkRecipients(context, options);
  const moved = to === undefined ? context : await move(context, to, options);
  if (options.deleteSource) await deleteLeft(moved);
}

/** Standing recipients are kept with the files and go with them: whoever chose them is told before, and may stop. */
async function checkRecipients(context: Context, { to, yes }: Options): Promise<void> {
  const { store, recipients = [] } = (await vaultOf(context)).config;
  if ((to ?? store) !== 'keychain' || recipients.length === 0) return;
  warn(`with the encrypted files go the standing recipients: ${recipients.join(', ')}`);
  if (yes) return;
  const question = 'delete the files, and forget the standing recipients?';
  await agreement(context, { question, verb: 'delete them', refusal: 'nothing was moved or deleted' });
}

/** Moves the profiles. @returns the context in which they open from now on without asking again */
async function move(context: Context, to: StoreKind, options: Options): Promise<Context> {
  const { identityOut } = options;
  const known =
    identityOut === undefined ? context : withIdentityFile(context, resolve(context.cwd(), identityOut));
  const vault = await vaultOf(known);
  const from = vault.config.store;
  if (from === to) return finish(known, vault, options);
  const opening = to === 'keychain' ? await toKeychain(known, vault) : await toFiles(known, vault, options);
  if (!options.deleteSource) sayLeft(from);
  return opening;
}

/** The profiles are where they should be. An earlier run may have been cut short after the switch. */
async function finish(context: Context, vault: Vault, options: Options): Promise<Context> {
  const { store } = vault.config;
  const left = otherStore(store);
  if (!isDescribed(vault.config, left)) throw failed(`the profiles are in ${placeOf(store)} already`);
  checkAgreement(options, vault.config);
  await steadily(context, () => finishMigration(vault));
  say(`the profiles are in ${placeOf(store)} already`);
  if (!options.deleteSource) sayLeft(left);
  return context;
}

async function toKeychain(context: Context, vault: Vault): Promise<Context> {
  const { Keychain } = await import('../../system/keychain.ts');
  const trouble = await new Keychain('twvault', context).probe();
  if (trouble) throw trouble;
  const service = ownService(vault.config.vault);
  sayMoved(await steadily(context, () => migrate(vault, context, async () => ({ service }))), 'keychain');
  return context;
}

async function toFiles(context: Context, vault: Vault, options: Options): Promise<Context> {
  const { config } = vault;
  if (isDescribed(config, 'file')) {
    checkAgreement(options, { ...config, store: 'file' });
    sayMoved(await steadily(context, () => migrate(vault, context, async () => ({}))), 'file');
    return context;
  }
  const identity = existingIdentity(context, options) ?? (await newIdentity(context, options));
  const opening = knowing(identity, context);
  const prepare = () => describeFileStore(identity, config.vault, context);
  sayMoved(await steadily(context, () => migrate(vault, opening, prepare)), 'file');
  say(whereIdentity(identity));
  return opening;
}

/** An identity that is in the file already, as after a run that was cut short, is used and not replaced. */
function existingIdentity({ cwd }: Context, { identityOut }: Options): NewIdentity | undefined {
  if (identityOut === undefined) return undefined;
  const path = resolve(cwd(), identityOut);
  const identity = existsSync(path) ? ownerFromEnvironment({ TWVAULT_IDENTITY_FILE: path }) : undefined;
  return identity && { kept: 'elsewhere', identity };
}

async function deleteLeft(context: Context): Promise<void> {
  const vault = await vaultOf(context);
  const left = otherStore(vault.config.store);
  const count = await steadily(context, () => deleteSource(vault, context));
  say(`deleted what was left in ${placeOf(left)}: ${counted(count, 'record')}`);
  if (left === 'file' && vault.config.identity === 'elsewhere') {
    hint('the identity that opened them is yours to delete');
  }
}

/** Runs a part of a move. Where a signal ends it, says which store counts. */
function steadily<T>({ home }: Context, work: () => Promise<T>): Promise<T> {
  const place = () => placeOf(readConfig(home)?.store ?? 'file');
  return interruptible(
    () => `all profiles are in ${place()} and open there; the same command again goes on`,
    work,
  );
}

function sayMoved(count: number, to: StoreKind): void {
  say(`moved ${counted(count, 'profile')} to ${placeOf(to)}; each was read back and compared`);
}

function sayLeft(kind: StoreKind): void {
  hint(
    `${placeOf(kind)} still hold${kind === 'file' ? '' : 's'} the old copies: twvault migrate --delete-source`,
  );
}

const EXAMPLES = `
The old store is kept until --delete-source, which first reads every profile from the new one once more. A move that was
cut short leaves the old store in use; the same command again finishes it, and --delete-source drops what was copied.
Standing recipients (recipients add --all) go with the encrypted files: they are named, and asked about, before that.

Examples:
  twvault migrate --to keychain
  twvault migrate --to file --identity-out ~/twvault-identity.txt
  twvault migrate --delete-source`;
