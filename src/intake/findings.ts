import { Secret } from '../profile/secret.ts';
import { fieldNamed } from '../profile/spelling.ts';
import type { Assignment, Span } from './assignment.ts';
import { lineFinder } from './lines.ts';

/** How deep a scope is followed; what stands deeper is told apart no further. */
const DEEPEST = 32;

/** Where a name stands, in as few words as a person needs, and in as many as tell two places of one file apart. */
export interface Place {
  readonly short: readonly string[];
  readonly full: readonly string[];
}

export const TOP: Place = { short: [], full: [] };

/** The place below `outer`; what is not `shown` only tells places apart. */
export function below(outer: Place, name: string, shown = true): Place {
  if (outer.full.length >= DEEPEST) return outer;
  return { short: shown ? [...outer.short, name] : outer.short, full: [...outer.full, name] };
}

export interface Found {
  readonly name: string;
  readonly place: Place;
  readonly value: string;
  readonly span: Span;
  readonly variable?: string | undefined;
}

/** What a reader of program code has found so far. Of two assignments to one name in one place the last counts. */
export class Findings {
  readonly #found = new Map<string, Found>();
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  add(found: Found): void {
    this.#found.set(keyOf(found.place.full, found.name), found);
  }

  /** In the order of the text; with full scopes throughout where short ones would mistake two places of a field for one. */
  assignments(): Assignment[] {
    const found = [...this.#found.values()].sort((a, b) => a.span.start - b.span.start);
    const telling = found.filter(({ name }) => fieldNamed(name) !== undefined);
    const short = new Set(telling.map(({ place, name }) => keyOf(place.short, name)));
    const scope = short.size < telling.length ? 'full' : 'short';
    const lineOf = lineFinder(this.#text);
    return found.map(({ name, place, value, span, variable }) => ({
      name,
      scope: place[scope],
      secret: new Secret(value),
      line: lineOf(span.start),
      value: span,
      ...(variable === undefined ? {} : { variable }),
    }));
  }
}

function keyOf(scope: readonly string[], name: string): string {
  return JSON.stringify([...scope, name]);
}
