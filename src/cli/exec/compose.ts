import { resolve } from 'node:path';
import { EXIT, Failure, usage } from '../../failure.ts';
import { profileName } from '../../profile/names.ts';
import { type Choice, chooseProfile } from '../../project/resolve.ts';
import { layered, type Share, valuesOf } from '../../run/environment.ts';
import type { Context } from '../context.ts';
import { warn } from '../voice.ts';
import type { ExecArguments } from './arguments.ts';
import { readEnvFile } from './env-file.ts';
import type { Equipment } from './exec.ts';
import { explained, optionReference, type Reference } from './reference.ts';
import type { Request } from './request.ts';
import { type Source, shareOf } from './share.ts';

type Values = ReadonlyMap<string, string>;

/**
 * The environment of a command that gets values from several profiles, or under prefixed names, or by references. The
 * last of these wins: the parent's environment, plain values of files, the profiles' variables, references in files,
 * references on the command line. So a plain value never stands in for one of the vault.
 */
export async function compose(
  args: ExecArguments,
  context: Context,
  source: Source,
  request: Request,
): Promise<Equipment> {
  const files = args.envFile.map((path) => readEnvFile(resolve(context.cwd(), path), path));
  const fromFiles = files.flatMap(({ references }) => references);
  const references = [...fromFiles, ...args.env.filter((text) => text.includes('/')).map(optionReference)];
  const plan = await planOf(args, context, source, request, references);
  const shares: Share[] = [];
  for (const [name, part] of plan.parts) shares.push(await shareOf(source, name, part));
  const filled = together(shares, request);
  const referred = await referredTo(references, plan.chosen, source, request);
  const plain = new Map(files.flatMap((file) => [...file.plain]));
  if (plain.has('NODE_OPTIONS')) refuseTaken();
  return {
    variables: layered(context.env, shares.flatMap(staleNames), [plain, filled, referred]),
    ...(plan.chosen === undefined ? {} : { profile: plan.chosen }),
  };
}

/**
 * Node looks for --env-file among the arguments of its script as well, and applies the NODE_OPTIONS of that file to
 * this process (seen with 20.19 to 26.10).
 */
function refuseTaken(): void {
  if (!process.argv.some((word) => /^--env-file(=|$)/.test(word))) return;
  throw usage('a file that sets NODE_OPTIONS would change how twvault itself runs', ['give it with -f FILE']);
}

/** Which profiles a run uses. */
interface Plan {
  /** Each profile whose variables are handed over, and what is asked of it. */
  readonly parts: readonly (readonly [string, Request])[];
  /** The one that a reference without a profile means. */
  readonly chosen?: string;
}

async function planOf(
  args: ExecArguments,
  context: Context,
  source: Source,
  request: Request,
  references: readonly Reference[],
): Promise<Plan> {
  const several = severalProfiles(args, context.env.TWVAULT_PROFILE, source);
  if (several)
    return { parts: distinct(several).map((name) => [name, { ...request, prefix: prefixOf(name) }]) };
  const isPart =
    args.envFile.length === 0 || args.as !== undefined || args.only.length + args.without.length > 0;
  const isNeeded =
    isPart || request.mapping.size > 0 || references.some(({ profile }) => profile === undefined);
  const choice = await choiceOf(args, context, source, isNeeded);
  if (!choice) return { parts: [] };
  // Files say what a command needs. A profile that is a mere default adds nothing to that.
  const isDefault = choice.because === 'default' || choice.because === 'only';
  const wanted = isPart || !isDefault ? request : mappingOnly(request);
  const part = args.prefix ? { ...wanted, prefix: prefixOf(choice.name) } : wanted;
  const isEmpty = wanted !== request && request.mapping.size === 0;
  return { parts: isEmpty ? [] : [[choice.name, part]], chosen: choice.name };
}

/** The profile that a run is for, or undefined where none is chosen and none is needed. */
async function choiceOf(
  args: ExecArguments,
  { env }: Context,
  source: Source,
  isNeeded: boolean,
): Promise<Choice | undefined> {
  try {
    return await chooseProfile({ option: args.profile[0], env, ...source });
  } catch (error) {
    if (isNeeded || !(error instanceof Failure) || error.exitCode !== EXIT.missing) throw error;
    return undefined;
  }
}

/** The profiles of a run of several, whose names have a prefix; undefined where there is one. */
function severalProfiles(
  { profile, prefix }: ExecArguments,
  variable: string | undefined,
  { project }: Source,
): readonly string[] | undefined {
  if (profile.length === 0) return variable ? undefined : project?.profiles;
  if (profile.length === 1) return undefined;
  if (!prefix) {
    throw usage('several profiles would fill the same variables', [
      `with --prefix each has its name before them: ${prefixOf(profile[0] as string)}TWITTER_API_KEY`,
    ]);
  }
  return profile.map(profileName);
}

/** @throws Failure exit 2 where two of the names are one before variables: `my-bot` and `my.bot` */
function distinct(profiles: readonly string[]): readonly string[] {
  profiles.forEach((name, index) => {
    const twin = profiles.slice(0, index).find((other) => prefixOf(other) === prefixOf(name));
    if (twin !== undefined) throw collision(twin, name, `${prefixOf(name)}...`);
  });
  return profiles;
}

/** `my-bot` -> `MY_BOT_` */
const prefixOf = (profile: string): string => `${profile.toUpperCase().replace(/[^A-Z0-9]/g, '_')}_`;

/** What `--env` and `env` name, and nothing else. */
const mappingOnly = (request: Request): Request => ({ ...request, names: new Map(), only: new Set() });

/** What the shares fill. @throws Failure exit 2 where two fill the same variable */
function together(shares: readonly Share[], { preset }: Request): Values {
  const filled = new Map<string, string>();
  const owners = new Map<string, string>();
  for (const share of shares) {
    const values = valuesOf(share);
    const isAsked = share.names.size > 0;
    if (values.size === 0 && isAsked)
      warn(`${share.profile} has no value for any name of the preset ${preset}`);
    for (const [variable, value] of values) {
      const owner = owners.get(variable);
      if (owner !== undefined) throw collision(owner, share.profile, variable);
      owners.set(variable, share.profile);
      filled.set(variable, value);
    }
  }
  return filled;
}

const collision = (one: string, other: string, variable: string): Failure =>
  usage(`${one} and ${other} would both fill ${variable}`, ['rename one of them: twvault rename']);

/** With and without a prefix: a key of some account that the parent left lying about helps nobody. */
function staleNames({ names, prefix }: Share): string[] {
  const own = [...names.values()];
  return prefix === undefined ? own : [...own, ...own.map((name) => prefix + name)];
}

/** The values that references stand for; of two for one variable the last counts. */
async function referredTo(
  references: readonly Reference[],
  chosen: string | undefined,
  source: Source,
  request: Request,
): Promise<Values> {
  const values = new Map<string, string>();
  const shares = new Map<string, Share>();
  for (const reference of references) {
    const { variable, name, profile = chosen } = reference;
    try {
      if (profile === undefined) throw usage('it names no profile, and none is chosen');
      const share = shares.get(profile) ?? (await openedFor(references, profile, chosen, source, request));
      shares.set(profile, share);
      for (const [filled, value] of valuesOf({ ...share, mapping: new Map([[variable, name]]) })) {
        values.set(filled, value);
      }
    } catch (error) {
      throw explained(reference, error);
    }
  }
  return values;
}

/** A profile opened for all the references to it: whether its token is among them decides whether it is renewed. */
function openedFor(
  references: readonly Reference[],
  profile: string,
  chosen: string | undefined,
  source: Source,
  request: Request,
): Promise<Share> {
  const own = references.filter((reference) => (reference.profile ?? chosen) === profile);
  const mapping = new Map(own.map(({ variable, name }) => [variable, name]));
  return shareOf(source, profile, { ...mappingOnly(request), mapping });
}
