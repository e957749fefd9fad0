import { missing } from '../failure.ts';
import { type FieldName, isFieldName } from '../profile/fields.ts';
import type { Effective } from '../profile/inherit.ts';
import { variableName } from '../profile/names.ts';
import type { Entry } from '../profile/profile.ts';
import type { Variables } from '../system/paths.ts';
import { SET_ASIDE, setAside } from './exposure.ts';

/**
 * What twvault itself is unlocked with, and the address of an outer exec's token, which belongs to the outer exec's
 * profile. A child never sees these.
 */
const OWN_SECRETS = [
  'TWVAULT_IDENTITY',
  'TWVAULT_IDENTITY_FILE',
  'TWVAULT_IDENTITY_FD',
  'TWVAULT_PASSPHRASE',
  'TWVAULT_PASSPHRASE_FILE',
  'TWVAULT_PASSPHRASE_FD',
  'TWVAULT_TOKEN_URL',
  'TWVAULT_TOKEN_SECRET',
  SET_ASIDE,
] as const;

/** What one profile has, and how it is handed over. */
export interface Share {
  readonly profile: string;
  readonly fields: ReadonlyMap<FieldName, Effective>;
  readonly extras: ReadonlyMap<string, Entry>;
  /** The variable of each field that the preset has a name for. */
  readonly names: ReadonlyMap<FieldName, string>;
  /** Fields and extras to hand over; all where undefined. */
  readonly only?: ReadonlySet<string> | undefined;
  /** Fields and extras to keep back. */
  readonly without?: ReadonlySet<string> | undefined;
  /** Further variables: name in the child's environment, and the field or extra that fills it. */
  readonly mapping: ReadonlyMap<string, string>;
  /** Comes before every name. */
  readonly prefix?: string;
}

export interface EnvironmentInput extends Share {
  readonly parent: Variables;
}

export interface ChildEnvironment {
  /** Plain values: as near to the child as can be. */
  readonly variables: Record<string, string>;
  /** The names that the profile filled. */
  readonly filled: readonly string[];
}

/**
 * The child's whole environment: the parent's, less twvault's own secrets and every name of the preset, plus what the
 * profile has. Names of the preset without a value go as well: a stale key of another account is worse than none.
 * @throws Failure exit 4 where something asked for by name is not there
 */
export function childEnvironment(input: EnvironmentInput): ChildEnvironment {
  const filled = valuesOf(input);
  return { variables: layered(input.parent, input.names.values(), [filled]), filled: [...filled.keys()] };
}

/**
 * The variables that a profile fills.
 * @throws Failure exit 4 where something asked for by name is not there
 */
export function valuesOf(share: Share): Map<string, string> {
  const filled = new Map<string, string>();
  const fill = (variable: string, entry: Entry): void => {
    filled.set(prefixed(variable, share), entry.secret.reveal());
  };
  for (const name of share.only ?? []) entryOf(name, share);
  for (const [field, variable] of share.names) {
    const value = share.fields.get(field);
    if (value && isWanted(field, share)) fill(variable, value);
  }
  for (const [extra, value] of share.extras) if (isWanted(extra, share)) fill(extra, value);
  for (const [variable, source] of share.mapping) fill(variable, entryOf(source, share));
  return filled;
}

/**
 * A parent's environment under layers of variables, of which the last wins.
 * @param stale names that are taken from the parent's
 */
export function layered(
  parent: Variables,
  stale: Iterable<string>,
  layers: readonly ReadonlyMap<string, string>[],
): Record<string, string> {
  const gone = new Set([...OWN_SECRETS, ...stale].map(sameCase));
  // Without a prototype V8 makes it a table at once, instead of a new shape for every variable.
  const variables: Record<string, string> = Object.create(null);
  for (const [name, value] of Object.entries(parent)) {
    if (value !== undefined && !gone.has(sameCase(name))) variables[name] = value;
  }
  for (const [name, value] of setAside(parent)) if (!gone.has(name)) variables[name] = value;
  for (const layer of layers) for (const [name, value] of layer) variables[name] = value;
  return variables;
}

/** Windows takes `Path` and `PATH` for one variable. */
function sameCase(variable: string): string {
  return process.platform === 'win32' ? variable.toUpperCase() : variable;
}

/** Whether a share has a field or an extra handed over under its name in the preset, or its own. */
export function isWanted(name: string, { only, without }: Pick<Share, 'only' | 'without'>): boolean {
  return (only === undefined || only.has(name)) && !without?.has(name);
}

/** @throws Failure exit 2 where the name cannot be one with its prefix */
function prefixed(variable: string, { prefix }: Pick<Share, 'prefix'>): string {
  return prefix === undefined ? variable : variableName(prefix + variable);
}

function entryOf(name: string, { fields, extras, profile }: Share): Entry {
  const value = isFieldName(name) ? fields.get(name) : extras.get(name);
  if (!value)
    throw missing(`the profile ${profile} has no ${name}`, [`set it: twvault set ${profile} ${name}`]);
  return value;
}
