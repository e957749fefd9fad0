import { type FieldName, isFieldName, presetNamed, presetNames } from './fields.ts';
import { FormatError, type Json, object, string } from './json.ts';
import { isProfileName, variableName } from './names.ts';

/** The variable of each field that a preset has a name for. */
export type FieldNames = ReadonlyMap<FieldName, string>;

/** Presets of the user's own. */
export type CustomPresets = ReadonlyMap<string, FieldNames>;

/** Names of presets are spelled as names of profiles are. */
export const isPresetName = isProfileName;

/** The fields' names in a preset: of those that are built in, then in each set of custom ones. */
export function namesIn(
  preset: string,
  ...custom: readonly (CustomPresets | undefined)[]
): FieldNames | undefined {
  const builtIn = presetNamed(preset);
  if (builtIn) return presetNames(builtIn);
  return custom.map((presets) => presets?.get(preset)).find((names) => names !== undefined);
}

/**
 * Reads `{name: {field: VARIABLE}}`.
 * @throws FormatError naming the place
 * @throws Failure exit 2 where a variable cannot have its name
 */
export function presetsFrom(value: Json, where: string): CustomPresets {
  const presets = new Map<string, FieldNames>();
  for (const [name, fields] of object(value, where)) {
    if (!isPresetName(name)) throw new FormatError(`a key of ${where} is not a preset's name`);
    if (presetNamed(name)) throw new FormatError(`${where}.${name} has the name of a built-in preset`);
    presets.set(name, namesFrom(fields, `${where}.${name}`));
  }
  return presets;
}

export const presetsToJson = (presets: CustomPresets): Json =>
  Object.fromEntries([...presets].map(([name, names]) => [name, Object.fromEntries(names)]));

function namesFrom(value: Json, where: string): FieldNames {
  const names = new Map<FieldName, string>();
  for (const [field, text] of object(value, where)) {
    if (!isFieldName(field)) throw new FormatError(`a key of ${where} is not a field`);
    if (field === 'oauth2_refresh_token') throw new FormatError(`${where}: ${field} is never handed over`);
    const variable = variableName(string(text, `${where}.${field}`));
    if ([...names.values()].includes(variable)) throw new FormatError(`${where} has ${variable} twice`);
    names.set(field, variable);
  }
  if (names.size === 0) throw new FormatError(`${where} names no field`);
  return names;
}
