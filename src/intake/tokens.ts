/** A piece of program code. Comments and white space are none. */
export interface Token {
  /** `other` is what no reader looks into: numbers, regular expressions, strings with expressions or errors in them. */
  readonly kind: 'name' | 'string' | 'operator' | 'newline' | 'other';
  /** The text of a name or an operator; empty otherwise. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** What a string means. */
  readonly value?: string;
  /** In a string: its kind, where strings of different kinds do not join. */
  readonly bytes?: boolean;
  /** Whether a line ends between this token and the one before; in a newline of Python, the indentation that follows. */
  readonly breaks?: boolean;
  readonly indent?: number;
}

/** A token's text that no token has: what a list answers beyond its end. */
const END: Token = { kind: 'newline', text: '', start: 0, end: 0, indent: 0, breaks: true };

export class Tokens {
  readonly list: readonly Token[];
  readonly #partners: Int32Array;

  constructor(list: readonly Token[]) {
    this.list = list;
    this.#partners = partnersOf(list);
  }

  at(index: number): Token {
    return this.list[index] ?? END;
  }

  is(index: number, text: string): boolean {
    const token = this.list[index];
    return token !== undefined && token.text === text && token.kind !== 'newline';
  }

  isName(index: number): boolean {
    return this.list[index]?.kind === 'name';
  }

  /** The index of the bracket that belongs to the one at `index`; -1 where it has none. */
  partner(index: number): number {
    return this.#partners[index] ?? -1;
  }
}

const CLOSING: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}', '${': '}' };

export const isOpening = (token: Token): boolean => token.kind === 'operator' && token.text in CLOSING;
export const isClosing = (token: Token): boolean =>
  token.kind === 'operator' && (token.text === ')' || token.text === ']' || token.text === '}');

function partnersOf(list: readonly Token[]): Int32Array {
  const partners = new Int32Array(list.length).fill(-1);
  const open: number[] = [];
  for (const [index, token] of list.entries()) {
    if (isOpening(token)) open.push(index);
    else if (isClosing(token)) {
      const last = open.at(-1);
      if (last === undefined || CLOSING[list[last]?.text ?? ''] !== token.text) continue;
      open.pop();
      partners[last] = index;
      partners[index] = last;
    }
  }
  return partners;
}
