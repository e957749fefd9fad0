import { type Failure, usage } from '../../failure.ts';
import { candidatesOf } from '../../intake/candidates.ts';
import { readText } from '../../intake/read.ts';
import { isProfileName } from '../../profile/names.ts';
import { type Project, projectOf } from '../../project/project-file.ts';
import { chooseProfile } from '../../project/resolve.ts';
import type { Vault } from '../../vault/vault.ts';
import type { Context } from '../context.ts';
import { askNames, type Found, keysIn, NAME_RULE, named, nothingUsable } from '../import/found.ts';
import { isOfProject, placesNearBy, sourcesIn } from '../import/near-by.ts';
import { listing, shown } from '../import/report.ts';
import { fitNames } from '../import/store.ts';
import { takeOver } from '../import/take-over.ts';
import { standardInput } from '../input.ts';
import { interview, keepKeys } from '../new-keys.ts';
import { say } from '../voice.ts';
import type { Answers } from './answers.ts';
import { CONSOLE_GUIDE } from './console-guide.ts';

/** Where the keys come from: read somewhere, typed in under a name, or stored before. */
export type Origin =
  | {
      readonly kind: 'found';
      readonly found: Found;
      /** Files of tools in the home directory are changed only where that is asked for: the tools need them. */
      readonly mayScrub: boolean;
    }
  | { readonly kind: 'typed' }
  | { readonly kind: 'stored'; readonly name: string };

/** The profiles that hold the keys now. */
export interface Held {
  readonly names: readonly string[];
  /** Those that a bot runs as: not the ones whose keys others inherit. */
  readonly accounts: readonly [string, ...string[]];
  /** False where a file that was to be scrubbed could not be. */
  readonly isScrubbed: boolean;
}

/**
 * Decides where the keys come from, and notes what will have to be answered on the way. Nothing is written yet.
 * @param vault what is set up already, if anything
 */
export async function originOf(context: Context, vault: Vault | null, answers: Answers): Promise<Origin> {
  const origin = given(context, answers) ?? (await nearBy(context, answers));
  if (origin) {
    const { profile, yes } = answers.options;
    if (profile === undefined && !yes) answers.lack('--profile NAME');
    if (origin.mayScrub) answers.need('scrub');
    return { ...origin, found: named(origin.found, profile) };
  }
  const name = await storedProfile(context, vault, answers);
  if (name !== undefined) return { kind: 'stored', name };
  answers.lack('--from FILE or --stdin');
  return { kind: 'typed' };
}

type FoundOrigin = Extract<Origin, { kind: 'found' }>;

/** What the options name as the place of the keys. */
function given(context: Context, { options }: Answers): FoundOrigin | undefined {
  const { from, scrub, stdin } = options;
  if (stdin && from !== undefined) throw usage('--stdin and --from exclude each other');
  if (from === undefined && !stdin) return undefined;
  const found = from === undefined ? piped() : keysIn(context, [from]);
  if (found.candidates.length === 0) throw nothingUsable([from ?? STDIN], found.findings);
  const isOurs = from !== undefined && (isOfProject(context.cwd(), from) || scrub === true);
  return { kind: 'found', found, mayScrub: isOurs };
}

const STDIN = 'standard input';

function piped(): Found {
  const findings = candidatesOf([{ path: STDIN, assignments: readText(standardInput()) }]);
  return { readings: [], findings, candidates: findings.candidates };
}

/** What lies in the usual places, where it is to be taken over: the project's files, else those of the home directory. */
async function nearBy(context: Context, answers: Answers): Promise<FoundOrigin | undefined> {
  if (answers.given('import') === false) return undefined;
  const cwd = context.cwd();
  const all = sourcesIn(placesNearBy(cwd, context.env)).map(({ path }) => path);
  const ofProject = all.filter((path) => isOfProject(cwd, path));
  const paths = ofProject.length > 0 ? ofProject : all;
  if (paths.length === 0) return undefined;
  const found = keysIn(context, paths);
  answers.need('import');
  answers.check();
  if (answers.given('import') === undefined) {
    const { tell } = await import('../prompt.ts');
    tell(`Found keys of X in the open:\n\n${listing(found.candidates, found.findings)}`);
  }
  const isWanted = await answers.yes('import', `take them over from ${paths.map(shown).join(', ')}?`);
  return isWanted
    ? { kind: 'found', found, mayScrub: ofProject.length > 0 || answers.options.scrub === true }
    : undefined;
}

/** A profile that is there already and meant here. */
async function storedProfile(
  context: Context,
  vault: Vault | null,
  answers: Answers,
): Promise<string | undefined> {
  const names = (await vault?.names()) ?? [];
  const { profile, replace, yes } = answers.options;
  if (profile !== undefined) return names.includes(profile) && !replace ? profile : undefined;
  if (!vault || names.length === 0) return undefined;
  const project = projectOf(context.cwd());
  const isSaid = project?.profile !== undefined || Boolean(context.env.TWVAULT_PROFILE);
  if (isSaid || yes || !answers.canAsk) return chosen(context, vault, project, answers);
  return askWhose(names);
}

async function chosen(
  { env }: Context,
  vault: Vault,
  project: Project | undefined,
  answers: Answers,
): Promise<string> {
  try {
    const { name } = await chooseProfile({ env, project, vault });
    await vault.checkExists(name);
    return name;
  } catch (error) {
    answers.lack('--profile NAME');
    answers.check();
    throw error as Failure;
  }
}

const ANOTHER = '';

async function askWhose(names: readonly string[]): Promise<string | undefined> {
  const { askChoice } = await import('../prompt.ts');
  const stored = names.map((name) => ({ value: name, label: `${name}, which is stored` }));
  const answer = await askChoice('whose keys does the bot in this folder need?', [
    ...stored,
    { value: ANOTHER, label: "another account's: type them in" },
  ]);
  return answer === ANOTHER ? undefined : answer;
}

/** Gets the keys into the vault. */
export async function hold(context: Context, vault: Vault, origin: Origin, answers: Answers): Promise<Held> {
  switch (origin.kind) {
    case 'stored':
      say(`${origin.name} is stored already`);
      return { ...one(origin.name), isScrubbed: true };
    case 'typed':
      return { ...one(await typed(vault, answers)), isScrubbed: true };
    case 'found':
      return imported(context, vault, origin, answers);
  }
}

const one = (name: string): Pick<Held, 'names' | 'accounts'> => ({ names: [name], accounts: [name] });

async function typed(vault: Vault, { options: { profile, replace = false, yes } }: Answers): Promise<string> {
  const { keepTerminal, tell } = await import('../prompt.ts');
  const { name, collected } = await keepTerminal(async () => {
    const name = profile ?? (yes ? PROPOSAL : await askName(await vault.names()));
    tell(CONSOLE_GUIDE);
    return { name, collected: await interview(vault, undefined) };
  });
  await keepKeys(vault, name, collected, { replace });
  return name;
}

const PROPOSAL = 'personal';

async function askName(taken: readonly string[]): Promise<string> {
  const { askText } = await import('../prompt.ts');
  const complaint = (name: string): string | undefined => {
    if (taken.includes(name)) return 'there is a profile of that name already';
    return isProfileName(name) ? undefined : NAME_RULE;
  };
  const name = await askText('a name for the account', PROPOSAL, (answer) => complaint(answer.trim()));
  return name.trim();
}

async function imported(
  context: Context,
  vault: Vault,
  { found, mayScrub }: FoundOrigin,
  answers: Answers,
): Promise<Held> {
  const { profile, yes, replace = false } = answers.options;
  const fitting = profile === undefined ? await fitNames(vault, found.candidates) : found.candidates;
  const candidates = profile === undefined && !yes ? await askNames(fitting) : fitting;
  const { stored, isScrubbed } = await takeOver(
    context,
    vault,
    { ...found, candidates },
    {
      replace,
      scrub: mayScrub && answers.given('scrub') !== false,
      isAsking: answers.given('scrub') === undefined,
    },
  );
  const names = stored.map(({ name }) => name);
  const accounts = names.filter((name) => !stored.some(({ inherit }) => inherit === name));
  return { names, accounts: accounts as [string, ...string[]], isScrubbed };
}
