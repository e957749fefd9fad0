import { EXIT, Failure, usage } from '../../failure.ts';
import type { MaskedForm } from '../../mask/forms.ts';
import {
  DEFAULT_PRESET,
  type FieldName,
  isFieldName,
  PRESETS,
  type Preset,
  presetNamed,
  presetNames,
} from '../../profile/fields.ts';
import { DEFAULT_MIN_LIFE_MS, isExpiring, isRenewable } from '../../profile/grant.ts';
import { effectiveFields } from '../../profile/inherit.ts';
import { isExtraName, printable, variableName } from '../../profile/names.ts';
import type { Profile } from '../../profile/profile.ts';
import { checkAccount } from '../../project/resolve.ts';
import type { Command } from '../../run/command.ts';
import { childEnvironment } from '../../run/environment.ts';
import { locate } from '../../run/locate.ts';
import { replaceProcess } from '../../run/replace.ts';
import { spawnChild } from '../../run/spawn.ts';
import type { Vault } from '../../vault/vault.ts';
import { type Context, chosen, vaultOf } from '../context.ts';
import { duration } from '../duration.ts';
import { nameOf, REPORT, warn } from '../voice.ts';
import type { ExecArguments } from './arguments.ts';
import { execMasked, isMasked, maskedForms } from './mask.ts';

/** What went wrong before the child was started, whatever it was. Tools such as env and docker use the same code. */
export const NOT_STARTED = 125;

/**
 * Runs a command with a profile's credentials in its environment, and gives the command's exit status. Where Node
 * allows it, this process becomes the command and never returns.
 */
export async function exec(args: ExecArguments, context: Context): Promise<number> {
  const prepared = await prepare(args, context).catch((error: unknown) => {
    throw beforeStart(error);
  });
  return run(prepared);
}

/** A command, whether twvault has to stay beside it, and what to replace in its output. */
interface Prepared {
  readonly command: Command;
  readonly mustStay: boolean;
  readonly mask: readonly MaskedForm[];
}

/** Becomes the command, or runs it as a child and gives its exit status. */
export async function run({ command, mustStay, mask }: Prepared): Promise<number> {
  if (mask.length > 0) return execMasked(command, mask);
  if (!mustStay) replaceProcess(command);
  return spawnChild(command);
}

/** Everything that exec does before its command starts. @throws Failure with the exit codes of any other command */
export async function prepare(args: ExecArguments, context: Context): Promise<Prepared> {
  const vault = await vaultOf(context);
  const { name, project } = await chosen(context, vault, args.profile);
  const only = onlyOf(args.only);
  const preset = args.as === undefined ? (project?.preset ?? DEFAULT_PRESET) : presetOf(args.as);
  const mapping = new Map([...(project?.env ?? []), ...args.env.map(mappingOf)]);
  for (const source of [...(only ?? []), ...mapping.values()]) refuseRefreshToken(source);
  const minLife = args.minLife === undefined ? DEFAULT_MIN_LIFE_MS : duration(args.minLife, '--min-life');
  const wantsToken = isHandedOver('oauth2_access_token', preset, only, mapping);
  const chain = await withFreshToken(vault, await vault.chain(name), wantsToken ? minLife : 0);
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
  const command = commandOf(args.command, variables, context);
  const mask = isMasked(args.mask, project, context.env) ? await maskedForms(chain) : [];
  if (!args.serve) return { command, mustStay: false, mask };
  const { serveToken } = await import('../../x/serve.ts');
  const served = await serveToken({ vault, name, minLife: minLife || DEFAULT_MIN_LIFE_MS, warn });
  return { command: { ...command, env: { ...command.env, ...served } }, mustStay: true, mask };
}

/** The chain, its first profile with a renewed login where its token is about to end. Nothing is loaded otherwise. */
async function withFreshToken(vault: Vault, chain: Profile[], minLife: number): Promise<Profile[]> {
  const [profile, ...parents] = chain;
  if (!profile || minLife === 0 || !isRenewable(profile) || !isExpiring(profile, minLife)) return chain;
  const { freshProfile } = await import('../../x/authority.ts');
  const fresh = await freshProfile(vault, profile.name, minLife).catch((error: unknown) => {
    if (!(error instanceof Failure)) throw error;
    throw new Failure(error.exitCode, error.message, [...error.hints, WITHOUT], error.cause);
  });
  if (fresh.warning !== undefined) warn(fresh.warning);
  return [fresh.profile, ...parents];
}

const WITHOUT = 'a command that does without this token can be run with --min-life 0';

function isHandedOver(
  field: FieldName,
  preset: Preset,
  only: ReadonlySet<string> | undefined,
  mapping: ReadonlyMap<string, string>,
): boolean {
  if ([...mapping.values()].includes(field)) return true;
  return (only?.has(field) ?? true) && presetNames(preset).has(field);
}

/** A refresh token works once: a command that used it would cut twvault off from the login. */
function refuseRefreshToken(name: string): void {
  if (name !== 'oauth2_refresh_token') return;
  throw usage('a refresh token is never handed to a command: it works once, and twvault needs it', [
    'hand over oauth2_access_token, which twvault renews, or give the command --serve',
  ]);
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
