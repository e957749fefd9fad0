import { usage } from '../failure.ts';
import { cleanField } from '../profile/clean.ts';
import type { FieldName } from '../profile/fields.ts';
import { printable } from '../profile/names.ts';
import type { Secret } from '../profile/secret.ts';
import { fieldNamed } from '../profile/spelling.ts';
import type { Assignment } from './assignment.ts';

/** What an input holds for one profile. */
export interface Collected {
  readonly fields: ReadonlyMap<FieldName, Secret>;
  /** What was taken off the values, a sentence each. */
  readonly notes: readonly string[];
  /** Names that mean no field. */
  readonly ignored: readonly string[];
}

/**
 * Sorts assignments into fields.
 * @throws Failure exit 2 where a value is a placeholder, two names give one field different values, or nothing is there
 */
export function collectFields(assignments: readonly Assignment[]): Collected {
  const fields = new Map<FieldName, Secret>();
  const sources = new Map<FieldName, string>();
  const notes: string[] = [];
  const ignored: string[] = [];
  for (const { name, secret: found } of assignments) {
    const field = fieldNamed(name);
    if (!field) {
      ignored.push(printable(name));
      continue;
    }
    const { secret, removed } = cleanField(field, found.reveal());
    const before = fields.get(field);
    if (before && !before.equals(secret)) {
      throw usage(
        `${printable(sources.get(field) ?? '')} and ${printable(name)} both give ${field}, with different values`,
      );
    }
    if (removed.length > 0) notes.push(`${field}: took off ${removed.join(' and ')}`);
    fields.set(field, secret);
    sources.set(field, name);
  }
  if (fields.size === 0) throw nothingFound(ignored);
  return { fields, notes, ignored };
}

function nothingFound(ignored: readonly string[]): Error {
  return usage('the input has no value for any field', [
    ignored.length > 0 ? `names that mean none: ${ignored.slice(0, 10).join(', ')}` : 'it assigns nothing',
    "dotenv lines, JSON and Python assignments are read, for example CONSUMER_KEY='...'",
  ]);
}
