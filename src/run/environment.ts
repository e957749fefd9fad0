import { missing } from '../failure.ts';
import { type FieldName, isFieldName, type Preset, presetNames } from '../profile/fields.ts';
import type { Effective } from '../profile/inherit.ts';
import type { Entry } from '../profile/profile.ts';
import type { Variables } from '../system/paths.ts';

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
] as const;

export interface EnvironmentInput {
  readonly parent: Variables;
  readonly profile: string;
  readonly fields: ReadonlyMap<FieldName, Effective>;
  readonly extras: ReadonlyMap<string, Entry>;
  readonly preset: Preset;
  /** Fields and extras to hand over; all where undefined. */
  readonly only?: ReadonlySet<string> | undefined;
  /** Further variables: name in the child's environment, and the field or extra that fills it. */
  readonly mapping: ReadonlyMap<string, string>;
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
  const names = presetNames(input.preset);
  const stale = new Set([...OWN_SECRETS, ...names.values()].map(sameCase));
  const filled = new Map<string, string>();
  for (const name of input.only ?? []) entryOf(name, input);
  for (const [field, variable] of names) {
    const value = input.fields.get(field);
    if (value && isWanted(field, input)) filled.set(variable, value.secret.reveal());
  }
  for (const [extra, value] of input.extras) {
    if (isWanted(extra, input)) filled.set(extra, value.secret.reveal());
  }
  for (const [variable, source] of input.mapping)
    filled.set(variable, entryOf(source, input).secret.reveal());

  // Without a prototype V8 makes it a table at once, instead of a new shape for every variable.
  const variables: Record<string, string> = Object.create(null);
  for (const [name, value] of Object.entries(input.parent)) {
    if (value !== undefined && !stale.has(sameCase(name))) variables[name] = value;
  }
  for (const [name, value] of filled) variables[name] = value;
  return { variables, filled: [...filled.keys()] };
}

/** Windows takes `Path` and `PATH` for one variable. */
function sameCase(variable: string): string {
  return process.platform === 'win32' ? variable.toUpperCase() : variable;
}

function isWanted(name: string, { only }: EnvironmentInput): boolean {
  return only === undefined || only.has(name);
}

function entryOf(name: string, { fields, extras, profile }: EnvironmentInput): Entry {
  const value = isFieldName(name) ? fields.get(name) : extras.get(name);
  if (!value)
    throw missing(`the profile ${profile} has no ${name}`, [`set it: twvault set ${profile} ${name}`]);
  return value;
}
