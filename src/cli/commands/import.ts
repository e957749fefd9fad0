import { resolve } from 'node:path';
import { Command } from 'commander';
import { cancelled, type Failure, failed, missing, usage } from '../../failure.ts';
import { type Candidate, candidatesOf, type Findings, type Place } from '../../intake/candidates.ts';
import type { Reading } from '../../intake/read.ts';
import { isProfileName, profileName } from '../../profile/names.ts';
import type { ScrubReport } from '../../scrub/scrub.ts';
import { openVault } from '../../vault/open.ts';
import type { Vault } from '../../vault/vault.ts';
import type { Context } from '../context.ts';
import { discover } from '../import/discover.ts';
import { type ImportReport, importReport, listing, type Outcome, shown } from '../import/report.ts';
import { scrubImported, scrubJson } from '../import/scrub.ts';
import { sourceFrom } from '../import/source.ts';
import { carryOut, fitNames, planSteps, renamed, type Step } from '../import/store.ts';
import { withUnread } from '../import/unread.ts';
import { vaultOrNew } from '../setup.ts';
import { hint, print, printJson, say, warn } from '../voice.ts';

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
  const isAsking = await checkWay(context, options);
  const readings = eachOnce(files, context).map(sourceFrom);
  const findings = withUnread(candidatesOf(readings), readings);
  if (findings.candidates.length === 0) {
    if (options.json) printJson(importReport([], findings, new Map()));
    throw nothingUsable(files, findings);
  }
  const proposed = named(findings.candidates, options);
  if (options.dryRun) {
    await showOnly(context, proposed, findings, readings, options);
    return;
  }
  const chosen = isAsking ? await agreed(context, proposed, findings, options) : proposed;
  const vault = await vaultOrNew(context);
  const fitting = isAsking || options.profile !== undefined ? chosen : await fitNames(vault, chosen);
  const steps = await planSteps(vault, fitting, options.replace === true);
  const outcomes = await store(vault, steps, findings, options);
  const stored = steps.map(({ candidate }) => candidate);
  afterwards(steps, findings, options);
  const scrubbed = options.scrub
    ? await scrubImported(readings, stored, vault, context, manner(options, isAsking))
    : undefined;
  if (options.json) printReport(importReport(stored, findings, outcomes), scrubbed);
  if (scrubbed?.files.some(({ state }) => state === 'refused')) {
    throw failed('not every file was scrubbed', [
      'the keys are stored; take the values out of those files by hand',
    ]);
  }
}

function printReport(report: ImportReport, scrubbed: ScrubReport | undefined): void {
  printJson(scrubbed ? { ...report, scrub: scrubJson(scrubbed) } : report);
}

const manner = ({ dryRun, json }: Options, isAsking: boolean) => ({
  isDryRun: dryRun === true,
  isAsking,
  isJson: json === true,
});

function eachOnce(files: readonly string[], { cwd }: Context): string[] {
  const paths = files.map((file) => resolve(cwd(), file));
  return files.filter((_, index) => paths.indexOf(paths[index] as string) === index);
}

/** Whether to ask. @throws Failure exit 2 where nobody can be asked and nothing says to go on */
async function checkWay(context: Context, { yes, dryRun, profile }: Options): Promise<boolean> {
  if (profile !== undefined) profileName(profile);
  if (yes && dryRun) throw usage('--yes and --dry-run exclude each other');
  if (yes || dryRun) return false;
  if (await context.terminal()) return true;
  throw usage('there is no terminal to ask on', [
    '--dry-run shows what would be stored, --yes stores it under the proposed names',
  ]);
}

/** Exit 2 where keys of X cannot be used, exit 4 where there is none at all. */
function nothingUsable(files: readonly string[], { refused, leftAlone }: Findings): Failure {
  const where = files.map(shown).join(', ');
  const kind = refused.length > 0 ? usage : missing;
  return kind(`nothing was imported: ${where} ${files.length === 1 ? 'holds' : 'hold'} no usable key of X`, [
    ...refused.slice(0, MOST_LISTED).map(({ name, reason }) => `refused: ${name} ${reason}`),
    ...leftAlone
      .slice(0, MOST_LISTED)
      .map((place) => `left alone: ${nameOf(place)}${place.reason ? `: ${place.reason}` : ''}`),
    "copy the keys from X's developer console, or type them in: twvault add NAME",
  ]);
}

const MOST_LISTED = 10;

/** The candidates under the name that --profile gives. */
function named(candidates: readonly Candidate[], { profile }: Options): readonly Candidate[] {
  if (profile === undefined) return candidates;
  const [only, ...others] = candidates;
  if (!only || others.length > 0) {
    throw usage(`--profile names one profile, but the files hold ${candidates.length}`, [
      `they would be called ${candidates.map(({ name }) => name).join(', ')}; import the files one by one to name each`,
    ]);
  }
  return [{ ...only, name: profile, because: 'named with --profile' }];
}

async function showOnly(
  context: Context,
  candidates: readonly Candidate[],
  findings: Findings,
  readings: readonly Reading[],
  options: Options,
): Promise<void> {
  if (!options.json) print(listing(candidates, findings));
  const existing = new Set((await (await openVault(context))?.names()) ?? []);
  for (const candidate of candidates) {
    if (existing.has(candidate.name)) say(`there is a profile ${candidate.name} already`);
    remark(candidate);
  }
  const never = { chain: async () => [] };
  const scrubbed = options.scrub
    ? await scrubImported(readings, candidates, never, context, manner(options, false))
    : undefined;
  if (options.json) printReport(importReport(candidates, findings, new Map()), scrubbed);
  say('nothing was stored: a dry run');
}

/** Shows what was found, asks for the names, and for consent. */
async function agreed(
  context: Context,
  candidates: readonly Candidate[],
  findings: Findings,
  { profile }: Options,
): Promise<readonly Candidate[]> {
  const { askConfirmation, askText, keepTerminal, tell } = await import('../prompt.ts');
  const vault = await openVault(context);
  const existing = new Set((await vault?.names()) ?? []);
  return keepTerminal(async () => {
    tell(`${listing(candidates, findings)}\n`);
    const names = new Map<string, string>();
    for (const { name } of profile === undefined ? candidates : []) {
      const taken = new Set(names.values());
      const answer = await askText(`a name for ${name}`, name, (text) => complaintAbout(text.trim(), taken));
      names.set(name, answer.trim());
    }
    const result = renamed(candidates, names);
    const list = result.map(({ name }) => (existing.has(name) ? `${name} (exists)` : name)).join(', ');
    if (!(await askConfirmation(`store ${list}?`))) throw cancelled('nothing was stored');
    return result;
  });
}

function complaintAbout(name: string, taken: ReadonlySet<string>): string | undefined {
  if (taken.has(name)) return 'that is the name of another one';
  if (isProfileName(name)) return undefined;
  return 'up to 64 lower-case letters, digits, dots, hyphens and underscores';
}

/** Stores step by step, and gives what became of each. What was stored before a failure stays, and is said. */
async function store(
  vault: Vault,
  steps: readonly Step[],
  findings: Findings,
  { json }: Options,
): Promise<ReadonlyMap<string, Outcome>> {
  const outcomes = new Map<string, Outcome>();
  try {
    for (const step of steps) {
      await carryOut(vault, step);
      outcomes.set(step.candidate.name, step.outcome);
      told(step, vault);
    }
  } catch (error) {
    const candidates = steps.map(({ candidate }) => candidate);
    if (json) printJson(importReport(candidates, findings, outcomes));
    unfinished(steps, outcomes);
    throw error;
  }
  return outcomes;
}

function told({ candidate, outcome, change }: Step, vault: Vault): void {
  const { name, account, inherit } = candidate;
  remark(candidate);
  const fields = [...(change.fields?.keys() ?? [])].join(', ');
  const place = vault.config.store === 'keychain' ? 'the keychain' : vault.home;
  if (outcome === 'unchanged') say(`${name} has these values already: unchanged`);
  else if (outcome === 'extended') say(`added ${fields || `the keys of ${inherit}`} to ${name}`);
  else {
    const owner = account?.id === undefined ? '' : ` for account ${account.id}`;
    const parent = inherit === undefined ? '' : `, which inherits ${inherit}`;
    say(
      `${outcome === 'replaced' ? 'replaced' : 'stored'} ${fields} as ${name}${owner}${parent} in ${place}`,
    );
  }
}

/** What to know of a candidate's values. */
function remark({ name, notes, warnings, fields }: Candidate): void {
  for (const note of notes) say(`${name}: ${note}`);
  for (const warning of warnings) warn(`${name}: ${warning}`);
  const [refresh] = fields.get('oauth2_refresh_token') ?? [];
  if (!refresh) return;
  warn(
    `${name}: a refresh token works once, and this one now has two owners, twvault and whoever uses ${shown(refresh.path)}: the first to refresh locks the other out`,
  );
  hint('let only one of them refresh it: take it out of that file, or log that program in anew');
}

/** What to call a place in few words. */
const nameOf = ({ path, line, name }: Place): string => name || `line ${line} of ${shown(path)}`;

function unfinished(steps: readonly Step[], outcomes: ReadonlyMap<string, Outcome>): void {
  const left = steps.map(({ candidate }) => candidate.name).filter((name) => !outcomes.has(name));
  const done = [...outcomes.keys()].join(', ');
  if (outcomes.size === 0) say('nothing was stored');
  else say(`stopped half-way: ${done} ${outcomes.size > 1 ? 'are' : 'is'} stored, ${left.join(', ')} not`);
}

function afterwards(steps: readonly Step[], { refused, leftAlone }: Findings, { scrub }: Options): void {
  for (const { name, path, line, reason } of refused)
    warn(`refused ${name} (${shown(path)}:${line}): it ${reason}`);
  if (leftAlone.length > 0) say(`left alone: ${[...new Set(leftAlone.map(nameOf))].join(', ')}`);
  if (scrub) return;
  const paths = new Set(
    steps.flatMap(({ candidate }) => [...candidate.fields.values()].flat().map(({ path }) => shown(path))),
  );
  warn(
    `${[...paths].join(', ')} still ${paths.size === 1 ? 'holds' : 'hold'} the keys in plaintext: take them out (twvault import --scrub does)`,
  );
  hint("git keeps what was ever committed: renew such keys in X's developer console");
  const user = steps.find(
    ({ candidate }) => !steps.some((step) => step.candidate.inherit === candidate.name),
  );
  if (user) hint(`run a program with them: twvault exec -p ${user.candidate.name} -- COMMAND`);
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
