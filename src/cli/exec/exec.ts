import { EXIT, Failure, usage } from '../../failure.ts';
import { DEFAULT_PRESET, isFieldName, PRESETS, type Preset, presetNamed } from '../../profile/fields.ts';
import { effectiveFields } from '../../profile/inherit.ts';
import { isExtraName, printable, variableName } from '../../profile/names.ts';
import { checkAccount } from '../../project/resolve.ts';
import type { Command } from '../../run/command.ts';
import { childEnvironment } from '../../run/environment.ts';
import { locate } from '../../run/locate.ts';
import { replaceProcess } from '../../run/replace.ts';
import { spawnChild } from '../../run/spawn.ts';
import { type Context, chosen, vaultOf } from '../context.ts';
import { nameOf, REPORT, warn } from '../voice.ts';
import type { ExecArguments } from './arguments.ts';

/** What went wrong before the child was started, whatever it was. Tools such as env and docker use the same code. */
export const NOT_STARTED = 125;

/**
 * Runs a command with a profile's credentials in its environment, and gives the command's exit status. Where Node
 * allows it, this process becomes the command and never returns.
 */
export async function exec(args: ExecArguments, context: Context): Promise<number> {
  const command = await prepare(args, context).catch((error: unknown) => {
    throw beforeStart(error);
  });
  replaceProcess(command);
  return spawnChild(command);
}

async function prepare(args: ExecArguments, context: Context): Promise<Command> {
  const vault = await vaultOf(context);
  const { name, project } = await chosen(context, vault, args.profile);
  const only = onlyOf(args.only);
  const preset = args.as === undefined ? (project?.preset ?? DEFAULT_PRESET) : presetOf(args.as);
  const mapping = new Map([...(project?.env ?? []), ...args.env.map(mappingOf)]);
  const chain = await vault.chain(name);
  const [profile] = chain;
  checkAccount(project, name, profile?.account?.id);
  const { variables, filled } = childEnvironment({
    parent: context.env,
    profile: name,
    fields: effectiveFields(chain),
    extras: profile?.extras ?? new Map(),
    preset,
    only,
    mapping,
  });
  if (filled.length === 0) warn(`${name} has no value for any name of the preset ${preset}`);
  return commandOf(args.command, variables, context);
}

function commandOf(words: readonly string[], env: Record<string, string>, context: Context): Command {
  const [name, ...args] = words;
  if (name === undefined) throw usage('no command given', ['twvault exec -- COMMAND...']);
  return { file: locate(name, context.env.PATH, context.cwd()), name, args, env };
}

function presetOf(text: string): Preset {
  const preset = presetNamed(text);
  if (!preset) throw usage(`there is no preset ${printable(text)}`, [`presets: ${PRESETS.join(', ')}`]);
  return preset;
}

function onlyOf(lists: readonly string[]): Set<string> | undefined {
  if (lists.length === 0) return undefined;
  const names = lists.flatMap((list) => list.split(',')).map((name) => name.trim());
  return new Set(names.filter((name) => name !== '').map(knownName));
}

function mappingOf(text: string): [string, string] {
  const at = text.indexOf('=');
  if (at < 1) throw usage('--env takes NAME=FIELD', ['for example --env MY_BOT_KEY=api_key']);
  return [variableName(text.slice(0, at)), knownName(text.slice(at + 1))];
}

function knownName(name: string): string {
  if (isFieldName(name) || isExtraName(name)) return name;
  throw usage(`${printable(name)} is neither a field nor the name of an extra`, [
    'fields: twvault show --help',
  ]);
}

function beforeStart(error: unknown): Failure {
  if (!(error instanceof Failure))
    return new Failure(NOT_STARTED, `internal error: ${nameOf(error)}`, [REPORT], error);
  const isOwnCode = error.exitCode === EXIT.cancelled || error.exitCode === 126 || error.exitCode === 127;
  return isOwnCode ? error : new Failure(NOT_STARTED, error.message, error.hints, error);
}
