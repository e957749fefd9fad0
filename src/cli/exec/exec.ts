import { advising, EXIT, Failure, usage } from '../../failure.ts';
import type { Replacements } from '../../mask/replacements.ts';
import { DEFAULT_MIN_LIFE_MS } from '../../profile/grant.ts';
import { projectOf } from '../../project/project-file.ts';
import { chooseProfile, whereChosen } from '../../project/resolve.ts';
import type { Command } from '../../run/command.ts';
import { childEnvironment } from '../../run/environment.ts';
import { locate } from '../../run/locate.ts';
import { replaceProcess } from '../../run/replace.ts';
import { spawnChild } from '../../run/spawn.ts';
import { type Context, vaultOf } from '../context.ts';
import { nameOf, REPORT, warn } from '../voice.ts';
import type { ExecArguments } from './arguments.ts';
import { execMasked, isMasked, replacementsFor } from './mask.ts';
import { type Request, requestOf } from './request.ts';
import { type Source, shareOf } from './share.ts';

/** What went wrong before the child was started, whatever it was. Tools such as env and docker use the same code. */
export const NOT_STARTED = 125;

/**
 * Runs a command with a profile's credentials in its environment, and gives the command's exit status. Where Node
 * allows it, this process becomes the command and never returns.
 */
export async function exec(args: ExecArguments, context: Context): Promise<number> {
  const prepared = await checked(args, context).catch((error: unknown) => {
    throw beforeStart(error);
  });
  return run(prepared);
}

async function checked(args: ExecArguments, context: Context): Promise<Prepared> {
  refuseTakenByNode(args.command, process.argv);
  return prepare(args, context);
}

/**
 * Node looks for --env-file behind its script too, up to a `--`, and applies the NODE_OPTIONS of that file to twvault.
 * @throws Failure where an --env-file that is meant for the command was seen by it
 */
function refuseTakenByNode(command: readonly string[], argv: readonly string[]): void {
  const end = argv.indexOf('--');
  const seen = argv.slice(argv.length - command.length, end < 0 ? undefined : end);
  if (!seen.some((word) => /^--env-file(-if-exists)?(=|$)/.test(word))) return;
  throw usage("Node would read the command's --env-file for twvault itself", [
    'put -- before the command: twvault exec [OPTIONS] -- COMMAND...',
  ]);
}

/** A command, whether twvault has to stay beside it, and what to replace in its output. */
interface Prepared {
  readonly command: Command;
  readonly mustStay: boolean;
  readonly mask: Replacements | undefined;
}

/** Becomes the command, or runs it as a child and gives its exit status. */
export async function run({ command, mustStay, mask }: Prepared): Promise<number> {
  if (mask && !mask.isEmpty) return execMasked(command, mask);
  if (!mustStay) replaceProcess(command);
  return spawnChild(command);
}

/** What a command gets, and the profile that it is mainly run for, if there is one. */
export interface Equipment {
  readonly variables: Record<string, string>;
  readonly profile?: string;
}

/** Everything that exec does before its command starts. @throws Failure with the exit codes of any other command */
export async function prepare(args: ExecArguments, context: Context): Promise<Prepared> {
  const source: Source = { vault: await vaultOf(context), project: projectOf(context.cwd()), opened: [] };
  const request = await requestOf(args, source.project, context.home);
  const equip = isComposed(args, source) ? (await import('./compose.ts')).compose : equipFromOne;
  const { variables, profile } = await equip(args, context, source, request);
  const command = commandOf(args.command, variables, context);
  const isMasking = await isMasked(args.mask, source.project, context);
  const mask = isMasking ? await replacementsFor(source.opened) : undefined;
  if (!args.serve) return { command, mustStay: false, mask };
  const minLife = request.minLife || DEFAULT_MIN_LIFE_MS;
  const { serve } = await import('./serve.ts');
  const served = await serve({ vault: source.vault, profile, minLife, mask });
  return { command: { ...command, env: { ...command.env, ...served } }, mustStay: true, mask };
}

/** Whether more than one profile may be needed, or names with a prefix. */
function isComposed({ profile, prefix, env, envFile }: ExecArguments, { project }: Source): boolean {
  const hasReference = envFile.length > 0 || env.some((text) => text.includes('/'));
  return hasReference || prefix === true || profile.length > 1 || project?.profiles !== undefined;
}

async function equipFromOne(
  args: ExecArguments,
  { env }: Context,
  source: Source,
  request: Request,
): Promise<Equipment> {
  const choice = await chooseProfile({ option: args.profile[0], env, ...source });
  const { name } = choice;
  const share = await advising(
    (error) => (error.exitCode === EXIT.missing ? whereChosen(choice, source.project) : undefined),
    () => shareOf(source, name, request),
  );
  const { variables, filled } = childEnvironment({ ...share, parent: env });
  if (filled.length === 0) warn(`${name} has no value for any name of the preset ${request.preset}`);
  return { variables, profile: name };
}

function commandOf(words: readonly string[], env: Record<string, string>, context: Context): Command {
  const [name, ...args] = words;
  if (name === undefined) throw usage('no command given', ['twvault exec -- COMMAND...']);
  return { file: locate(name, context.env.PATH, context.cwd()), name, args, env };
}

function beforeStart(error: unknown): Failure {
  if (!(error instanceof Failure))
    return new Failure(NOT_STARTED, `internal error: ${nameOf(error)}`, [REPORT], error);
  const isOwnCode = error.exitCode === EXIT.cancelled || error.exitCode === 126 || error.exitCode === 127;
  return isOwnCode ? error : new Failure(NOT_STARTED, error.message, error.hints, error);
}
