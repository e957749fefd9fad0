import { Failure } from '../failure.ts';
import { profileFromJson, profileNameFrom, profileToJson } from '../profile/codec.ts';
import { FormatError, type Json, object, only, string, timestamp } from '../profile/json.ts';
import { type CustomPresets, presetsFrom, presetsToJson } from '../profile/preset.ts';
import { type Profile, withRecipients } from '../profile/profile.ts';

/**
 * All profiles of a vault at one moment, and its user's presets. Who else they are sealed to is not in it: a restore must not bring back one that
 * was removed.
 */
export interface Backup {
  /** When it was made: ISO 8601, UTC, whole seconds. */
  readonly made: string;
  /** The default profile's name, where there was one. */
  readonly default?: string;
  readonly profiles: readonly Profile[];
  /** Presets of the user's own, those in the vault's home; absent where there are none. */
  readonly presets?: CustomPresets;
}

export const FORMAT = 'twvault-backup-1';

/** A backup as a document for people, with its values in plain, ready to be sealed. */
export function backupText({ made, default: preferred, profiles, presets }: Backup): string {
  const document: Json = {
    format: FORMAT,
    made,
    ...(preferred === undefined ? {} : { default: preferred }),
    profiles: profiles.map((profile) => profileToJson(withRecipients(profile))),
    ...(presets?.size ? { presets: presetsToJson(presets) } : {}),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

/**
 * The backup in a document, every key, type and name checked. Its spelling is free: a person may have edited it.
 * @throws FormatError naming the offending key
 */
export function backupFrom(text: string): Backup {
  const members = object(parsed(text), 'the document');
  if (members.get('format') !== FORMAT) throw new FormatError('its format is none that this twvault knows');
  only(members, 'the document', 'format made default profiles presets');
  const list = members.get('profiles');
  if (!Array.isArray(list)) throw new FormatError('profiles is not a list');
  const profiles = list.map((value: Json) => withRecipients(profileFromJson(value)));
  const names = new Set(profiles.map(({ name }) => name));
  if (names.size < profiles.length) throw new FormatError('it has two profiles of one name');
  const preferred = members.get('default');
  const presets = members.get('presets');
  return {
    made: timestamp(members.get('made'), 'made'),
    ...(preferred === undefined ? {} : { default: defaultFrom(preferred, names) }),
    profiles,
    ...(presets === undefined ? {} : { presets: ownPresetsFrom(presets) }),
  };
}

function ownPresetsFrom(value: Json): CustomPresets {
  try {
    return presetsFrom(value, 'presets');
  } catch (error) {
    if (error instanceof Failure) throw new FormatError(error.message);
    throw error;
  }
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    // The parser's own message quotes the text, which holds secrets.
    throw new FormatError('not JSON');
  }
}

function defaultFrom(value: Json, names: ReadonlySet<string>): string {
  const name = profileNameFrom(string(value, 'default'), 'default');
  if (!names.has(name)) throw new FormatError('default is none of its profiles');
  return name;
}
