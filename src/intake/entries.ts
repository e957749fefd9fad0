import { Secret } from '../profile/secret.ts';
import type { Assignment, Entry, Span } from './assignment.ts';
import { lineFinder } from './lines.ts';

interface Found {
  readonly name: string;
  readonly scope?: readonly string[];
  readonly text: string;
  readonly value: Span;
  readonly entry?: Entry | undefined;
}

/** How lists of variables name theirs: containers' `{name, value}`, Postman's and tags' `{key, value}`. */
export const NAME_KEYS = ['name', 'key', 'Name', 'Key'];
export const VALUE_KEYS = ['value', 'Value'];

/** What counts where a variable is not set: `${NAME:-default}` of compose files, `${NAME:default}` of Spring. */
const DEFAULT = /^\$\{[\w.]+(?::-|-|:)([^{}]+)\}$/;

/** What a reader of data has found. Of two entries with one name in one place the last counts. */
export class Entries {
  readonly #last = new Map<string, Found>();
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  add(found: Found): void {
    const { scope = [], name } = found;
    const text = DEFAULT.exec(found.text)?.[1] ?? found.text;
    this.#last.set(`${scope.length === 0 ? '' : JSON.stringify(scope)} ${name}`, { ...found, text });
  }

  /** In the order of the text. */
  assignments(): Assignment[] {
    const lineOf = lineFinder(this.#text);
    return [...this.#last.values()]
      .sort((a, b) => a.value.start - b.value.start)
      .map(({ name, scope = [], text, value, entry }) => {
        const found = { name, scope, secret: new Secret(text), line: lineOf(value.start), value };
        return entry === undefined ? found : { ...found, entry };
      });
  }
}

/** The lines of a text with their places; a line's span is without its line end, `next` is behind it. */
export function* linesOf(text: string): Generator<Span & { readonly next: number }> {
  const ends = /\r\n|\n|\r/g;
  for (let start = 0; start < text.length; start = ends.lastIndex) {
    const end = ends.exec(text);
    if (end === null) {
      yield { start, end: text.length, next: text.length };
      return;
    }
    yield { start, end: end.index, next: ends.lastIndex };
  }
}
