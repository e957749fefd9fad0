import type { FieldName } from '../profile/fields.ts';
import type { Assignment, Format, Span } from './assignment.ts';
import { type Label, labelled, mayBeValue } from './bare-labels.ts';
import { fieldsOf, type Kind, kindOf } from './bare-shapes.ts';
import { readTable } from './bare-table.ts';
import { Entries, linesOf } from './entries.ts';

/** A longer line holds no label. */
const LONGEST_LINE = 4096;
/** A shorter one holds neither a label nor a value: the shortest label is `user`. */
const SHORTEST_LINE = 4;

/**
 * The credentials in a text whose values stand without names, or with labels as people copy them from X's console:
 * values by the line or by the row, a table with a header, `label: value`, a label above its value. What may be two
 * fields, or anything else than a credential of X, is left out.
 */
function readBare(text: string): Assignment[] {
  const table = readTable(text);
  if (table) return table;
  const groups = new Groups();
  let pending: (Label & Span) | undefined;
  let before: FieldName | undefined;
  for (const { start, end, next } of linesOf(text)) {
    const line = text.slice(start, end);
    const length = line.trim().length;
    if (length === 0) continue;
    if (length < SHORTEST_LINE) {
      pending = undefined;
      continue;
    }
    const [label, isMarked, value] = splitLabel(line, start, pending, before) ?? [];
    const isPair =
      label !== undefined && value !== undefined && mayBeValue(label, value.text, isMarked === true);
    if (isPair) {
      const entry = { start: pending && label === pending ? pending.start : start, end: next };
      groups.add([{ kind: label.field, name: label.name, ...value, entry }]);
      if (label.field !== 'screen_name') before = label.field;
    }
    const whole: Label | undefined = isPair ? undefined : headingIn(line, before);
    pending = whole && { ...whole, start, end: next };
    if (!isPair && !whole) groups.add(rowIn(line, start, next));
  }
  return groups.assignments(text);
}

export const bare: Format = { name: 'bare values', kind: 'read-only', read: readBare };

interface Value extends Span {
  readonly text: string;
}

interface Item extends Value {
  readonly kind: Kind | 'screen_name';
  /** The label, where there is one. */
  readonly name?: string;
  readonly entry?: Span;
}

/** A label, whether a sign stands behind it, and the value: on one line, or the label from the line above. */
function splitLabel(
  line: string,
  offset: number,
  pending: Label | undefined,
  before: FieldName | undefined,
): [Label, boolean, Value] | undefined {
  if (line.length > LONGEST_LINE) return undefined;
  const words = [...line.matchAll(/\S+/g)];
  const last = words.at(-1);
  if (last === undefined) return undefined;
  if (pending && words.length === 1) return [pending, true, valueAt(last[0], offset + last.index)];
  const inWord = /[:=,;|]/.exec(last[0])?.index ?? -1;
  if (inWord > 0 && inWord < last[0].length - 1) {
    const at = last.index + inWord;
    const label = labelled(line.slice(0, at), before);
    if (label) return [label, true, valueAt(last[0].slice(inWord + 1), offset + at + 1)];
  }
  const written = line.slice(0, last.index);
  const [label, isMarked] = [
    labelled(written.replace(/[-:=>–—*\s]{1,20}$/, ''), before),
    /[-:=>–—\t]/.test(written.slice(-8)),
  ];
  return label && [label, isMarked, valueAt(last[0], offset + last.index)];
}

/** The label that a line is, for the value below it. */
function headingIn(line: string, before: FieldName | undefined): Label | undefined {
  const written = line.trim().replace(/:?\**$/, '');
  return written.length > 60 || /[:=]/.test(written) ? undefined : labelled(written, before);
}

/** The values of a line that holds nothing else, but for one name of an account beside several. */
function rowIn(line: string, offset: number, next: number): Item[] {
  const items: Item[] = [];
  let user: Item | undefined;
  for (const { 0: word, index } of line.matchAll(/[^\s,;|:]+/g)) {
    const value = valueAt(word, offset + index);
    const kind = kindOf(value.text);
    if (kind) items.push({ kind, ...value });
    else if (user === undefined && /^@?\w{1,15}$/.test(value.text)) user = { kind: 'screen_name', ...value };
    else return [];
  }
  if (user) return items.length > 1 ? [user, ...items] : [];
  return items.map((item) => (items.length === 1 ? { ...item, entry: { start: offset, end: next } } : item));
}

const QUOTES = '"\'`';

/** A word without what the text around it needs: quotes stay in its place, commas and stars do not. */
function valueAt(word: string, offset: number): Value {
  let [start, end] = [0, word.length];
  while (start < end && word[start] === '*') start += 1;
  while (end > start && ',;*'.includes(word[end - 1] as string)) end -= 1;
  const first = word[start] as string;
  const isQuoted = end - start > 1 && QUOTES.includes(first) && word[end - 1] === first;
  const text = isQuoted ? word.slice(start + 1, end - 1) : word.slice(start, end);
  return { text, start: offset + start, end: offset + end };
}

/** Values in the order of the text, parted where one comes again: there the next account begins. */
class Groups {
  readonly #groups: Item[][] = [];
  #filled = new Map<string, number>();

  add(row: readonly Item[]): void {
    if (row.length === 0) return;
    if (this.#groups.length === 0 || row.some((item) => this.#isFull(item))) {
      this.#groups.push([]);
      this.#filled = new Map();
    }
    for (const item of row) {
      this.#groups.at(-1)?.push(item);
      this.#filled.set(slotOf(item), (this.#filled.get(slotOf(item)) ?? 0) + 1);
    }
  }

  /** An older secret may be either of two; 50 characters too, beside a client id. A user's name begins an account. */
  #isFull(item: Item): boolean {
    const slot = slotOf(item);
    if (slot === 'screen_name' && this.#filled.has('access_token')) return true;
    const room = slot === 'older' || (slot === 'api_secret' && this.#filled.has('client_id')) ? 2 : 1;
    return (this.#filled.get(slot) ?? 0) >= room;
  }

  assignments(text: string): Assignment[] {
    const found = new Entries(text);
    const accounts = this.#groups.map(namedItems).filter((items) => items.length > 0);
    for (const [number, items] of accounts.entries()) {
      const scope = accounts.length > 1 ? [String(number + 1)] : [];
      for (const { name, item } of items) {
        const { start, end, entry } = item;
        found.add({ name, scope, text: item.text, value: { start, end }, entry });
      }
    }
    return found.assignments();
  }
}

function slotOf({ kind, text }: Item): string {
  if (kind === 'key') return 'api_key';
  if (kind === 'hyphenated') return 'client_secret';
  if (kind !== 'secret') return kind;
  if (text.length === 50) return 'api_secret';
  return text.length === 45 ? 'access_token_secret' : 'older';
}

/** The values of a group that are told apart, with their labels or fields as names; a user's name only beside them. */
function namedItems(group: readonly Item[]): { name: string; item: Item }[] {
  const shaped = group.flatMap((item) =>
    item.kind === 'screen_name' ? [] : [{ kind: item.kind, length: item.text.length, item }],
  );
  const fields = fieldsOf(shaped);
  const named = shaped.flatMap(({ item }, index) => {
    const name = fields[index] && (item.name ?? fields[index]);
    return name ? [{ name, item }] : [];
  });
  if (named.length === 0) return [];
  const user = group.find(({ kind }) => kind === 'screen_name');
  return user ? [{ name: 'screen_name', item: user }, ...named] : named;
}
