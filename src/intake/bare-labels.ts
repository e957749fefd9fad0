import { FIELDS, type FieldName, fieldOf } from '../profile/fields.ts';
import { isPlausible } from '../profile/shape.ts';
import { fieldNamed } from '../profile/spelling.ts';

/** A label and the field that it means; `screen_name` is an account's name. */
export interface Label {
  readonly name: string;
  readonly field: FieldName | 'screen_name';
}

const LONGEST = 60;
const USER = /^(user ?name|screen ?name|handle|account|user)$/i;
const BY_LABEL = new Map(FIELDS.map(({ label, name }) => [plain(label), name]));
/** Labels too common to be one without a value that looks like it. */
const COMMON = new Set(['token', 'secret', 'bearer', 'clienttoken']);

/** The field that a label in a text for people means: the names in the table, and the labels of X's console. */
export function labelled(written: string, before: FieldName | undefined): Label | undefined {
  const name = written.trim().replace(/^(?:\d{1,2}[.)]\s)?[\s*"'`#>-]{0,9}|[\s*"'`]{1,9}$/g, '');
  if (name === '' || name.length > LONGEST || !/^[A-Za-z]/.test(name)) return undefined;
  if (USER.test(name)) return { name: 'screen_name', field: 'screen_name' };
  // `Secret` behind an API key is that key's.
  const partner = /^(key )?secret$/i.test(name) && before ? fieldOf(before).partner : undefined;
  if (partner) return { name: partner, field: partner as FieldName };
  const shown = BY_LABEL.get(plain(name)) ?? BY_LABEL.get(plain(withoutParentheses(name)));
  const field = fieldNamed(name) ?? fieldNamed(withoutParentheses(name)) ?? shown;
  return field === undefined ? undefined : { name: fieldNamed(name) ? name : field, field };
}

/** Whether a text may be the value of a label; `isMarked` where a sign says that it is one. */
export function mayBeValue({ name, field }: Label, value: string, isMarked: boolean): boolean {
  if (field === 'screen_name') return isMarked && /^@?\w{1,15}$/.test(value);
  if (isPlausible(field, value)) return true;
  return isMarked && value.length >= 10 && !COMMON.has(plain(name));
}

const withoutParentheses = (name: string): string => name.replace(/\s*\([^()]*\)$/, '');

function plain(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9]/g, '');
}
