import { type Failure, failed } from '../../failure.ts';
import type { Candidate, Findings } from '../../intake/candidates.ts';
import type { ScrubReport } from '../../scrub/scrub.ts';
import type { Vault } from '../../vault/vault.ts';
import type { Context } from '../context.ts';
import { hint, printJson, say, warn } from '../voice.ts';
import type { Found } from './found.ts';
import { type ImportReport, importReport, nameOf, type Outcome, shown } from './report.ts';
import { scrubImported, scrubJson } from './scrub.ts';
import { carryOut, planSteps, type Step } from './store.ts';

/** How keys are to be taken over. */
interface Manner {
  /** Replaces profiles that hold other values. */
  readonly replace?: boolean;
  /** Takes the values out of the files afterwards. */
  readonly scrub?: boolean;
  /** Whether to ask before files are changed. */
  readonly isAsking: boolean;
  readonly json?: boolean;
}

/** What was taken over. */
interface TakenOver {
  /** The profiles that now hold the keys, whether they were stored now or before. */
  readonly stored: readonly Candidate[];
  /** False where a file that was to be scrubbed could not be. */
  readonly isScrubbed: boolean;
}

/** Stores what was found, says what became of it, and takes it out of its files where that is asked for. */
export async function takeOver(
  context: Context,
  vault: Vault,
  { readings, findings, candidates }: Found,
  manner: Manner,
): Promise<TakenOver> {
  const steps = await planSteps(vault, candidates, manner.replace === true);
  const outcomes = await store(vault, steps, findings, manner);
  const stored = steps.map(({ candidate }) => candidate);
  afterwards(steps, findings, { hasFiles: readings.length > 0, ...manner });
  const { isAsking, json: isJson = false } = manner;
  const scrubbed = manner.scrub
    ? await scrubImported(readings, stored, vault, context, { isDryRun: false, isAsking, isJson })
    : undefined;
  if (isJson) printReport(importReport(stored, findings, outcomes), scrubbed);
  return { stored, isScrubbed: !scrubbed?.files.some(({ state }) => state === 'refused') };
}

export const notScrubbed = (): Failure =>
  failed('not every file was scrubbed', ['the keys are stored; take the values out of those files by hand']);

export function printReport(report: ImportReport, scrubbed: ScrubReport | undefined): void {
  printJson(scrubbed ? { ...report, scrub: scrubJson(scrubbed) } : report);
}

/** Stores step by step, and gives what became of each. What was stored before a failure stays, and is said. */
async function store(
  vault: Vault,
  steps: readonly Step[],
  findings: Findings,
  { json }: Manner,
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
export function remark({ name, notes, warnings, fields }: Candidate): void {
  for (const note of notes) say(`${name}: ${note}`);
  for (const warning of warnings) warn(`${name}: ${warning}`);
  const [refresh] = fields.get('oauth2_refresh_token') ?? [];
  if (!refresh) return;
  warn(
    `${name}: a refresh token works once, and this one now has two owners, twvault and whoever uses ${shown(refresh.path)}: the first to refresh locks the other out`,
  );
  hint('let only one of them refresh it: take it out of that file, or log that program in anew');
}

function unfinished(steps: readonly Step[], outcomes: ReadonlyMap<string, Outcome>): void {
  const left = steps.map(({ candidate }) => candidate.name).filter((name) => !outcomes.has(name));
  const done = [...outcomes.keys()].join(', ');
  if (outcomes.size === 0) say('nothing was stored');
  else say(`stopped half-way: ${done} ${outcomes.size > 1 ? 'are' : 'is'} stored, ${left.join(', ')} not`);
}

function afterwards(
  steps: readonly Step[],
  { refused, leftAlone }: Findings,
  { scrub, hasFiles }: Manner & { readonly hasFiles: boolean },
): void {
  for (const { name, path, line, reason } of refused)
    warn(`refused ${name} (${shown(path)}:${line}): it ${reason}`);
  if (leftAlone.length > 0) say(`left alone: ${[...new Set(leftAlone.map(nameOf))].join(', ')}`);
  if (scrub || !hasFiles) return;
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
