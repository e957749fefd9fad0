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

/** Variables that take the results of calls: they tell calls of one name apart, by number from the second time on. */
export class Owners {
  readonly #times = new Map<string, number>();

  /** The variable is given another result. */
  take(variable: string): string {
    this.#times.set(variable, (this.#times.get(variable) ?? 0) + 1);
    return this.current(variable) as string;
  }

  /** The variable with the result that it has now, or undefined where it has none. */
  current(variable: string): string | undefined {
    const times = this.#times.get(variable);
    if (times === undefined) return undefined;
    return times > 1 ? `${variable}-${times}` : variable;
  }
}

/** The place of a call's arguments. Constructors say what they make; functions and methods tell nothing about an account. */
export function inCall(outer: Place, callee: string, owner: string | undefined): Place {
  const owned = owner === undefined ? outer : below(outer, owner, false);
  return below(owned, callee, /^[A-Z]/.test(callee));
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
