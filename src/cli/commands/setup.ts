import { resolve } from 'node:path';
import { Command, Option } from 'commander';
import { EXIT, Failure } from '../../failure.ts';
import { profileName } from '../../profile/names.ts';
import { sourceOf } from '../../unlock/unattended.ts';
import { STORES } from '../../vault/config.ts';
import { openVault } from '../../vault/open.ts';
import type { Vault } from '../../vault/vault.ts';
import type { Verification } from '../../x/verification.ts';
import type { Context } from '../context.ts';
import { commandPath } from '../import/report.ts';
import { notScrubbed } from '../import/take-over.ts';
import { Answers } from '../onboarding/answers.ts';
import { bind, checkBinding, isBound } from '../onboarding/bind-step.ts';
import { CompletionStep } from '../onboarding/completion-step.ts';
import { GuardStep } from '../onboarding/guard-step.ts';
import { type Held, hold, originOf } from '../onboarding/keys.ts';
import type { SetupOptions } from '../onboarding/options.ts';
import { automaticPlan, vaultOrNew } from '../setup.ts';
import { lineFor } from '../standing/standing.ts';
import { checkAgreement, isIdentityAsked, planOf, withIdentityOptions } from '../store-options.ts';
import { hint, print, say } from '../voice.ts';

export function command(context: Context): Command {
  const setup = new Command('setup')
    .description('go from nothing to a running bot, step by step')
    .option('--profile <profile>', "a name for the account's keys, or the stored profile to go on with")
    .option('--from <file>', 'take the keys over from this file')
    .option('--stdin', 'read them from standard input: dotenv lines or JSON')
    .option('--import', 'take them over from files near by')
    .option('--no-import', 'leave files near by alone')
    .option('--replace', 'replace a profile of that name whole where it holds other values')
    .option('--scrub', 'take the values out of the files, once that is proven to be safe')
    .option('--no-scrub', 'leave the values in the files')
    .option('--verify', 'ask X whether the keys work')
    .option('--no-verify', 'ask X nothing')
    .option('--bind [profile]', 'use the profile in this folder: writes .twvault.json, names only')
    .option('--no-bind', 'write no .twvault.json')
    .option('--guard', 'in a git repository: stop commits that contain a credential')
    .option('--no-guard', 'install no pre-commit hook')
    .option('--completion', 'complete commands, options and profiles in your shell')
    .option('--no-completion', 'leave the files of the shell alone')
    .option('-y, --yes', 'ask nothing: yes to all that no other option answers, and the proposed names')
    .addOption(new Option('--store <kind>', 'the OS keychain, or encrypted files').choices([...STORES]));
  return withIdentityOptions(setup)
    .addHelpText('after', HELP)
    .action((options: SetupOptions) => setUpBot(context, options));
}

async function setUpBot(context: Context, options: SetupOptions): Promise<void> {
  for (const name of [options.profile, options.bind]) if (typeof name === 'string') profileName(name);
  const answers = await Answers.of(context, options);
  const before = await openVault(context);
  if (before) checkAgreement(options, before.config);
  const guard = await GuardStep.of(context, answers);
  answers.need('verify');
  if (!isBound(context, options.profile)) answers.need('bind');
  const completion = await CompletionStep.of(context, answers);
  const origin = await originOf(context, before, answers);
  answers.check();
  await checkBinding(before, origin, answers);

  const vault = await vaultWanted(context, options);
  const held = await hold(context, vault, origin, answers);
  const verified = await verify(vault, held, answers);
  await bind(context, vault, held.accounts, answers);
  await guard.install(answers);
  await completion.install(answers);
  await tellHowToRun(context, vault, held.accounts[0], options);
  if (!held.isScrubbed) throw notScrubbed();
  if (verified) (await import('../verification.ts')).leaveBy(verified);
}

/** The vault that is there, or a new one: as the options say, else as the first `add` would set it up. */
function vaultWanted(context: Context, options: SetupOptions): Promise<Vault> {
  const isChosen = options.store !== undefined || isIdentityAsked(options);
  return vaultOrNew(
    context,
    isChosen ? (context) => planOf(context, options, async () => 'file') : automaticPlan,
  );
}

/** What X says of the keys. With keys that it rejects there is no point in going on. */
async function verify(
  vault: Vault,
  { names, accounts }: Held,
  answers: Answers,
): Promise<Verification[] | undefined> {
  if (!(await answers.yes('verify', 'ask X whether the keys work?'))) return undefined;
  const { verifyAloud } = await import('../verification.ts');
  const verified = await verifyAloud(vault, names);
  if (verified.every(({ outcome }) => outcome !== 'invalid')) return verified;
  const again = `twvault setup --profile ${accounts[0]}`;
  throw new Failure(EXIT.no, 'setup stopped here: X does not take these keys', [
    `with other keys: ${again} --replace`,
    `or once they are put right: ${again}`,
  ]);
}

/** The line to type from now on, and what it needs in a new terminal. */
async function tellHowToRun(
  context: Context,
  vault: Vault,
  name: string,
  { identityOut }: SetupOptions,
): Promise<void> {
  say('ready: run the bot with its keys');
  print(`${await lineFor(context, vault, name)}\n`);
  const isOpened = (['identity', 'passphrase'] as const).some((what) => sourceOf(what, context.env));
  if (isOpened) return;
  if (identityOut !== undefined)
    hint(`before that: export TWVAULT_IDENTITY_FILE=${commandPath(resolve(context.cwd(), identityOut))}`);
  else if (vault.config.identity === 'passphrase')
    hint('to be asked for the passphrase only once: twvault unlock');
}

const HELP = `
It finds keys that lie in files near by, or says where X shows them and asks; stores them, asks X whether they work,
chooses the profile for this folder, has git check what is committed, and the shell complete twvault. What is done
already is left as it is, so it can be run again at any time. Every question has an option; without a terminal each has
to be answered by one, else nothing is done.

Examples:
  twvault setup
  twvault setup --from twitter_credentials.py --profile brand --scrub
  twvault setup --stdin --profile brand --store file --identity-out id.txt --no-verify --yes < brand.env`;
