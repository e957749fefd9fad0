import { FIELDS, type FieldName, isFieldName } from '../profile/fields.ts';
import type { FieldNames } from '../profile/preset.ts';
import type { Secret } from '../profile/secret.ts';

/** A value under the name that a program reads. */
export interface Variable {
  readonly name: string;
  /** The field or extra that it comes from. */
  readonly source: string;
  readonly value: string;
}

interface Held {
  readonly secret: Secret;
}

/**
 * What a profile has, under the names of a preset, in the order of the fields and then of the extras. A field that the
 * preset has no name for goes under its own in upper case (`OAUTH2_REFRESH_TOKEN`).
 * @param only fields and extras to take; all where undefined
 */
export function variablesOf(
  fields: ReadonlyMap<FieldName, Held>,
  extras: ReadonlyMap<string, Held>,
  names: FieldNames,
  only?: ReadonlySet<string>,
): Variable[] {
  const sources = [...FIELDS.map(({ name }) => name), ...[...extras.keys()].sort()];
  return sources.flatMap((source) => {
    const held = isFieldName(source) ? fields.get(source) : extras.get(source);
    if (!held || (only && !only.has(source))) return [];
    const name = isFieldName(source) ? (names.get(source) ?? source.toUpperCase()) : source;
    return [{ name, source, value: held.secret.reveal() }];
  });
}
