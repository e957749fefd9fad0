import { resolve } from 'node:path';
import { Command, Option } from 'commander';
import type { Backup } from '../../backup/document.ts';
import { isWriting, type Mode, planRestore } from '../../backup/plan.ts';
import { FINISH, type Plan, planAll, restore } from '../../backup/restore.ts';
import { ageFileIn, openBackup } from '../../backup/sealed.ts';
import { sha256, unfinishedRestore } from '../../backup/unfinished.ts';
import { usage } from '../../failure.ts';
import { interruptible } from '../../system/signals.ts';
import { STORES } from '../../vault/config.ts';
import { openVault } from '../../vault/open.ts';
import type { Vault } from '../../vault/vault.ts';
import { bytesOf, identitiesFor, type OpeningOptions } from '../backup/opening.ts';
import { reportOf, summaryOf, tableOf } from '../backup/report.ts';
import type { Context } from '../context.ts';
import { automaticPlan, vaultOrNew, withIdentityFile } from '../setup.ts';
import { checkAgreement, planOf, type StoreOptions, withIdentityOptions } from '../store-options.ts';
import { hint, print, printJson, say, warn } from '../voice.ts';

interface Options extends OpeningOptions, StoreOptions {
  readonly merge?: boolean;
  readonly replace?: boolean;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

export function command(context: Context): Command {
  const command = new Command('restore')
    .description('bring the profiles of a backup back')
    .argument('<file>', 'what twvault backup wrote, or - for standard input')
    .option('--passphrase-file <file>', 'the passphrase is the first line of this file; - is standard input')
    .option('--identity <file>', 'the key that opens a backup sealed to recipients')
    .option('--merge', 'where profiles differ: add what is missing, keep what is there')
    .option('--replace', "where profiles differ: take the backup's")
    .option('--dry-run', 'only say what would be done')
    .option('--json', 'say it as JSON')
    .addOption(new Option('--store <kind>', 'of a new vault, where there is none').choices([...STORES]));
  return withIdentityOptions(command)
    .addHelpText('after', EXAMPLES)
    .action((file: string, options: Options) => restoreFrom(context, file, options));
}

async function restoreFrom(context: Context, file: string, options: Options): Promise<void> {
  const mode = modeOf(options);
  if (file === '-' && options.passphraseFile === '-') throw usage('standard input cannot be both');
  const path = file === '-' ? 'standard input' : resolve(context.cwd(), file);
  const bytes = bytesOf(file, path);
  const sealed = ageFileIn(bytes, path);
  const backup = await openBackup(sealed, await identitiesFor(sealed, path, context, options), path);
  if (options.dryRun) return tell(path, backup, mode, await dryRun(context, backup, mode, options), options);
  const from = { file: path, sha256: sha256(bytes), mode };
  const plan = await interruptible(
    () => (unfinishedRestore(context.home) ? FINISH : 'nothing was restored'),
    async () => {
      const vault = await vaultFor(context, backup, options);
      sayUnfinished(vault, from.sha256);
      return restore(vault, backup, from);
    },
  );
  if (options.json) printJson(reportOf(path, backup, mode, plan));
  say(`restored the backup of ${backup.made}: ${summaryOf(plan) || 'it has no profile'}`);
  warnOfLogins(plan);
}

function modeOf({ merge, replace }: Options): Mode {
  if (merge && replace) throw usage('--merge and --replace exclude each other');
  if (merge) return 'merge';
  return replace ? 'replace' : 'add';
}

/** The context in which a vault that is there opens, where an option of this run names its identity. */
function knowingIdentity(context: Context, { identityOut }: Options): Context {
  return identityOut === undefined ? context : withIdentityFile(context, resolve(context.cwd(), identityOut));
}

async function dryRun(context: Context, backup: Backup, mode: Mode, options: Options): Promise<Plan> {
  const vault = await openVault(knowingIdentity(context, options));
  await vault?.store.open();
  return planAll(vault, context.home, backup, mode);
}

function tell(path: string, backup: Backup, mode: Mode, plan: Plan, { json }: Options): void {
  if (json) printJson(reportOf(path, backup, mode, plan));
  else print(tableOf(plan));
  if (json || ![...plan.profiles, ...plan.presets.steps].some(({ action }) => action === 'stop')) return;
  hint('restoring would stop: --merge adds what is missing and keeps what is there');
  hint("--replace takes the backup's version");
}

/** The vault that is there, or a new one, once it is sure that the backup holds together without another. */
async function vaultFor(context: Context, backup: Backup, options: Options): Promise<Vault> {
  const there = await openVault(knowingIdentity(context, options));
  if (there) {
    checkAgreement(options, there.config);
    return there;
  }
  await planRestore(null, backup, 'add');
  return vaultOrNew(context, () => planOfNew(context, options));
}

async function planOfNew(context: Context, options: Options) {
  const { store, passphrase, identityInKeychain, identityOut } = options;
  const isSaid = [store, passphrase, identityInKeychain, identityOut].some((option) => option !== undefined);
  return isSaid ? planOf(context, options, async () => 'file') : automaticPlan(context);
}

function sayUnfinished({ home }: Vault, digest: string): void {
  const before = unfinishedRestore(home);
  if (!before) return;
  if (before.sha256 === digest) say('an earlier restore of this file was not finished: going on');
  else say(`a restore of ${before.file || 'another file'} was not finished; this one takes its place`);
}

/** A chain of refresh tokens goes on with every use; what a backup holds of it may be used up. */
function warnOfLogins({ profiles }: Plan): void {
  const names = profiles
    .filter((step) => isWriting(step) && step.after.fields.has('oauth2_refresh_token'))
    .map(({ profile }) => profile);
  if (names.length === 0) return;
  warn(`the OAuth 2.0 login of ${names.join(', ')} may have been renewed since the backup`);
  hint('twvault verify tells; twvault login makes a new one');
}

const EXAMPLES = `
New profiles and presets are added and equal ones left. Where one differs, nothing is restored without --merge or
--replace.
Everything is checked before anything is written. A restore that was cut short leaves each profile as before or as in
the backup; the same command again finishes it. A backup sealed to a key does not prove who made it: a passphrase does.

Examples:
  twvault restore keys.age --dry-run
  twvault restore keys.age --merge
  twvault restore /media/stick/keys.age --identity key.txt --store file --passphrase`;
