import { FIELDS } from '../profile/fields.ts';
import { KEY_PAIR, RULES } from './patterns.ts';

/** The rule of values that are in the vault. */
const STORED = 'stored-value';

export interface Rule {
  readonly id: string;
  /** What it finds, in words, for "looks like ...". */
  readonly text: string;
}

/** Every rule that a finding may name. */
export const ALL_RULES: readonly Rule[] = [
  { id: STORED, text: 'a value that is stored in the vault' },
  ...FIELDS.map(({ name, label }) => ({ id: RULES[name], text: `an X ${label}` })),
  { id: KEY_PAIR, text: 'an X API key and its secret' },
];

/** What a finding is, in words. It never holds a value. */
export function describe({
  rule,
  profile,
  field,
}: {
  rule: string;
  profile?: string;
  field?: string;
}): string {
  if (rule === STORED) return `${field} of profile ${profile}`;
  return `looks like ${ALL_RULES.find(({ id }) => id === rule)?.text ?? rule}`;
}
