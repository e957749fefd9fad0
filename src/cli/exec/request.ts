import { usage } from '../../failure.ts';
import { DEFAULT_PRESET, isFieldName } from '../../profile/fields.ts';
import { DEFAULT_MIN_LIFE_MS } from '../../profile/grant.ts';
import { isExtraName, printable, variableName } from '../../profile/names.ts';
import { type FieldNames, namesIn } from '../../profile/preset.ts';
import type { Project } from '../../project/project-file.ts';
import type { Share } from '../../run/environment.ts';
import type { Context } from '../context.ts';
import { duration } from '../duration.ts';
import type { ExecArguments } from './arguments.ts';

/** What is asked for, whichever profile it comes from. */
export interface Request extends Pick<Share, 'names' | 'only' | 'without' | 'mapping' | 'prefix'> {
  readonly preset: string;
  /** How long an OAuth 2.0 token has to live at least, in milliseconds; 0 for any. */
  readonly minLife: number;
}

/** What the command line asks for, and the project where the command line says nothing. */
export async function requestOf(
  args: ExecArguments,
  project: Project | undefined,
  home: Context['home'],
): Promise<Request> {
  const preset = args.as ?? project?.preset ?? DEFAULT_PRESET;
  const own = args.env.filter((text) => !text.includes('/'));
  const mapping = new Map([...(project?.env ?? []), ...own.map(mappingOf)]);
  const limits = limitsOf(args, project);
  for (const source of [...(limits.only ?? []), ...mapping.values()]) refuseRefreshToken(source);
  const names = await fieldNames(preset, project, home);
  const minLife = args.minLife === undefined ? DEFAULT_MIN_LIFE_MS : duration(args.minLife, '--min-life');
  return { preset, names, mapping, minLife, ...limits };
}

/**
 * The fields' names in a preset: a built-in one, one of the project, one of the vault's home.
 * @throws Failure exit 2 where there is none of that name
 */
export async function fieldNames(
  preset: string,
  project: Project | undefined,
  home: string,
): Promise<FieldNames> {
  const names = namesIn(preset, project?.presets);
  if (names) return names;
  const { customPreset } = await import('../../project/presets.ts');
  return customPreset(preset, project?.presets, home);
}

/** One of the two lists on the command line takes the place of both of the project's. */
function limitsOf(
  { only, without }: ExecArguments,
  project: Project | undefined,
): Pick<Request, 'only' | 'without'> {
  if (only.length > 0 && without.length > 0) {
    throw usage('--only and --without together', [
      '--only names all that is handed over: it needs no --without',
    ]);
  }
  if (only.length > 0) return { only: namesOf(only) };
  if (without.length > 0) return { without: namesOf(without) };
  return {
    only: project?.only && new Set(project.only),
    without: project?.without && new Set(project.without),
  };
}

function namesOf(lists: readonly string[]): Set<string> {
  const names = lists.flatMap((list) => list.split(',')).map((name) => name.trim());
  return new Set(names.filter((name) => name !== '').map(knownName));
}

/** NAME=FIELD */
export function mappingOf(text: string): [string, string] {
  const at = text.indexOf('=');
  if (at < 1) throw usage('--env takes NAME=FIELD', ['for example --env MY_BOT_KEY=api_key']);
  return [variableName(text.slice(0, at)), knownName(text.slice(at + 1))];
}

export function knownName(name: string): string {
  if (isFieldName(name) || isExtraName(name)) return name;
  throw usage(`${printable(name)} is neither a field nor the name of an extra`, [
    'fields: twvault show --help',
  ]);
}

/** A refresh token works once: a command that used it would cut twvault off from the login. */
export function refuseRefreshToken(name: string): void {
  if (name !== 'oauth2_refresh_token') return;
  throw usage('a refresh token is never handed to a command: it works once, and twvault needs it', [
    'hand over oauth2_access_token, which twvault renews, or give the command --serve',
  ]);
}
