import { Command } from 'commander';
import { cancelled, usage } from '../../failure.ts';
import { profileName } from '../../profile/names.ts';
import { openVault } from '../../vault/open.ts';
import type { Context } from '../context.ts';
import { discover } from '../import/discover.ts';
import { askNames, type Found, keysIn, named, nothingUsable } from '../import/found.ts';
import { importReport, listing } from '../import/report.ts';
import { scrubImported } from '../import/scrub.ts';
import { fitNames } from '../import/store.ts';
import { notScrubbed, printReport, remark, takeOver } from '../import/take-over.ts';
import { vaultOrNew } from '../setup.ts';
import { print, printJson, say } from '../voice.ts';

interface Options {
  readonly profile?: string;
  readonly yes?: boolean;
  readonly dryRun?: boolean;
  readonly replace?: boolean;
  readonly json?: boolean;
  readonly scrub?: boolean;
}

export function command(context: Context): Command {
  return new Command('import')
    .description('take over keys that lie in files')
    .argument(
      '[files...]',
      'dotenv, JSON, YAML, INI, Python, JavaScript, PHP, .twurlrc, ...; without one, lists what it finds',
    )
    .option('--profile <name>', "the profile's name, where the files hold one account")
    .option('-y, --yes', 'ask nothing: take the proposed names')
    .option('-n, --dry-run', 'only show what would be stored')
    .option('--replace', 'replace profiles of those names whole where they hold other values')
    .option(
      '--scrub',
      'take the values out of the files afterwards, and prove that the program still gets them',
    )
    .option('--json', 'print the report as JSON')
    .addHelpText('after', EXAMPLES)
    .action((files: string[], options: Options) => importFiles(context, files, options));
}

async function importFiles(context: Context, files: readonly string[], options: Options): Promise<void> {
  if (files.length === 0) {
    discover(context, options.json === true);
    return;
  }
  checkOptions(options);
  const found = keysIn(context, files);
  if (found.candidates.length === 0) {
    if (options.json) printJson(importReport([], found.findings, new Map()));
    throw nothingUsable(files, found.findings);
  }
  const isAsking = await checkWay(context, options);
  const proposed = named(found, options.profile);
  if (options.dryRun) {
    await showOnly(context, proposed, options);
    return;
  }
  const chosen = isAsking ? await agreed(context, proposed, options) : proposed;
  const vault = await vaultOrNew(context);
  const { candidates } = chosen;
  const isNamed = isAsking || options.profile !== undefined;
  const fitting = { ...chosen, candidates: isNamed ? candidates : await fitNames(vault, candidates) };
  const { isScrubbed } = await takeOver(context, vault, fitting, { ...options, isAsking });
  if (!isScrubbed) throw notScrubbed();
}

function checkOptions({ yes, dryRun, profile }: Options): void {
  if (profile !== undefined) profileName(profile);
  if (yes && dryRun) throw usage('--yes and --dry-run exclude each other');
}

/** Whether to ask. @throws Failure exit 2 where nobody can be asked and nothing says to go on */
async function checkWay(context: Context, { yes, dryRun }: Options): Promise<boolean> {
  if (yes || dryRun) return false;
  if (await context.terminal()) return true;
  throw usage('there is no terminal to ask on', [
    '--dry-run shows what would be stored, --yes stores it under the proposed names',
  ]);
}

async function showOnly(context: Context, found: Found, options: Options): Promise<void> {
  const { candidates, findings, readings } = found;
  if (!options.json) print(listing(candidates, findings));
  const existing = new Set((await (await openVault(context))?.names()) ?? []);
  for (const candidate of candidates) {
    if (existing.has(candidate.name)) say(`there is a profile ${candidate.name} already`);
    remark(candidate);
  }
  const never = { chain: async () => [] };
  const manner = { isDryRun: true, isAsking: false, isJson: options.json === true };
  const scrubbed = options.scrub
    ? await scrubImported(readings, candidates, never, context, manner)
    : undefined;
  if (options.json) printReport(importReport(candidates, findings, new Map()), scrubbed);
  say('nothing was stored: a dry run');
}

/** Shows what was found, asks for the names, and for consent. */
async function agreed(context: Context, found: Found, { profile }: Options): Promise<Found> {
  const { askConfirmation, keepTerminal, tell } = await import('../prompt.ts');
  const vault = await openVault(context);
  const existing = new Set((await vault?.names()) ?? []);
  return keepTerminal(async () => {
    tell(`${listing(found.candidates, found.findings)}\n`);
    const candidates = profile === undefined ? await askNames(found.candidates) : found.candidates;
    const list = candidates.map(({ name }) => (existing.has(name) ? `${name} (exists)` : name)).join(', ');
    if (!(await askConfirmation(`store ${list}?`))) throw cancelled('nothing was stored');
    return { ...found, candidates };
  });
}

const EXAMPLES = `
Several accounts become several profiles; keys of an app that they share go into a profile of their own, which they
inherit. Secrets of other services stay where they are. With --scrub the values go from the files: code reads them from
the environment, .env lines refer to the vault, entries of data files go; PHP and Ruby stay as they are. Without it no
file is changed.

Examples:
  twvault import                                    list what the usual places hold
  twvault import twitter_credentials.py
  twvault import .env --profile brand --yes
  twvault import twitter_credentials.py --scrub
  twvault import ~/.twurlrc --dry-run --json`;
