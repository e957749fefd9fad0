import { createHash } from 'node:crypto';
import { failed } from '../failure.ts';

/** Named texts, as a keychain keeps them under one service. */
export interface Items {
  get(account: string): Promise<string | null>;
  set(account: string, value: string): Promise<void>;
  remove(account: string): Promise<boolean>;
}

/** `split:COUNT:TAG`: the value is in the items NAME#TAG.0 ... A colon cannot occur in base64. */
const HEAD = /^split:(\d{1,3}):([0-9a-f]{16})$/;
const MOST_PARTS = 999;

/**
 * Items without a limit on their size. A long value goes into parts under names of its own first and the item that
 * names the parts last, so a crash leaves the old value or the new one.
 */
export class SplitItems {
  readonly #items: Items;
  readonly #limit: number;

  constructor(items: Items, limit: number) {
    this.#items = items;
    this.#limit = limit;
  }

  async get(name: string): Promise<string | null> {
    for (let head = await this.#items.get(name); ; ) {
      const parts = head === null ? [] : partNames(name, head);
      if (parts.length === 0) return head;
      const texts = await Promise.all(parts.map((part) => this.#items.get(part)));
      if (!texts.includes(null)) return texts.join('');
      // A writer may have put a new value in place meanwhile and taken the old parts away.
      const before = head;
      head = await this.#items.get(name);
      if (head === before) throw failed(`a part of the keychain item twvault/${name} is missing`);
    }
  }

  async set(name: string, value: string): Promise<void> {
    if (this.#limit === Number.POSITIVE_INFINITY) return this.#items.set(name, value); // and there are no parts
    const before = await this.#items.get(name);
    const after = await this.#stored(name, value);
    await this.#items.set(name, after);
    if (after !== before) await this.#removeParts(name, before);
  }

  async remove(name: string): Promise<boolean> {
    const before = await this.#items.get(name);
    const isRemoved = await this.#items.remove(name);
    await this.#removeParts(name, before);
    return isRemoved;
  }

  /** What to keep under the item's own name: the value, or where its parts are once they are stored. */
  async #stored(name: string, value: string): Promise<string> {
    if (value.length <= this.#limit) return value;
    const tag = createHash('sha256').update(value).digest('hex').slice(0, 16);
    const count = Math.ceil(value.length / this.#limit);
    if (count > MOST_PARTS) throw failed(`${name} is too large for the keychain`);
    const head = `split:${count}:${tag}`;
    for (const [index, part] of partNames(name, head).entries()) {
      await this.#items.set(part, value.slice(index * this.#limit, (index + 1) * this.#limit));
    }
    return head;
  }

  async #removeParts(name: string, head: string | null): Promise<void> {
    for (const part of head === null ? [] : partNames(name, head)) await this.#items.remove(part);
  }
}

function partNames(name: string, head: string): string[] {
  const [, count, tag] = HEAD.exec(head) ?? [];
  return Array.from({ length: Number(count ?? 0) }, (_, index) => `${name}#${tag}.${index}`);
}
