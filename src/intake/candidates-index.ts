import type { FieldName } from '../profile/fields.ts';
import type { Group } from './candidates-group.ts';

/** Groups by the values that they hold: thousands of accounts may stand in one file. */
export class GroupIndex {
  readonly #byValue = new Map<string, Set<Group>>();
  readonly #order = new Map<Group, number>();

  /** Adds a group, or what a group that is here has more of by now. */
  add(group: Group): void {
    if (!this.#order.has(group)) this.#order.set(group, this.#order.size);
    for (const field of group.fields.keys()) {
      const key = keyOf(group, field);
      const known = this.#byValue.get(key);
      if (known) known.add(group);
      else this.#byValue.set(key, new Set([group]));
    }
  }

  /** The groups that have one of the fields with the same value, in the order in which they came. */
  sharing(group: Group, fields: readonly FieldName[]): Group[] {
    const found = new Set<Group>();
    for (const field of fields) {
      if (!group.fields.has(field)) continue;
      for (const other of this.#byValue.get(keyOf(group, field)) ?? []) found.add(other);
    }
    return this.inOrder(found);
  }

  inOrder(groups: Iterable<Group>): Group[] {
    const place = (group: Group): number => this.#order.get(group) ?? 0;
    return [...groups].sort((one, other) => place(one) - place(other));
  }
}

const keyOf = (group: Group, field: FieldName): string =>
  `${field} ${group.fields.get(field)?.[0]?.secret.reveal()}`;
