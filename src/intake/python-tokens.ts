import type { Token } from './tokens.ts';

const NAME = /[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*/y;
const NUMBER = /\.?[0-9][\w.]*/y;
const OPERATOR = /->|(?:\*\*|\/\/|>>|<<|[-+*/%@&|^=<>!:])=|[\s\S]/y;
const PREFIX = /^(?:[rbfut]|[bft]r|r[bft]|ur)$/i;
const TAB = 8;
/** Python itself refuses more than 200 brackets inside each other. */
const DEEPEST = 200;

/**
 * The tokens of Python source. Line ends count only outside brackets, as in Python; each says how far the next line is
 * indented. What is not Python gives tokens too: nothing is refused here.
 */
export function pythonTokens(text: string): Token[] {
  return new Lexer(text).run();
}

class Lexer {
  readonly #text: string;
  readonly #tokens: Token[] = [];
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
    if (text.startsWith('\ufeff')) this.#at = 1;
  }

  run(): Token[] {
    this.#lineStart();
    while (this.#at < this.#text.length && this.#depth <= DEEPEST) this.#next();
    return this.#tokens;
  }

  #next(): void {
    const character = this.#text[this.#at] as string;
    if (character === ' ' || character === '\t' || character === '\f') this.#at += 1;
    else if (character === '\n' || character === '\r') this.#newline();
    else if (character === '#') this.#comment();
    else if (character === '\\' && this.#continues()) return;
    else if (character === '"' || character === "'") this.#string('', this.#at);
    else if (!this.#word() && !this.#match(NUMBER, 'other')) this.#operator();
  }

  #newline(): void {
    this.#at += this.#text.startsWith('\r\n', this.#at) ? 2 : 1;
    if (this.#depth === 0) this.#lineStart();
  }

  /** A line end, or the beginning of the text, with the indentation that follows it. */
  #lineStart(): void {
    const start = this.#at;
    let indent = 0;
    for (; ; this.#at += 1) {
      const character = this.#text[this.#at];
      if (character === ' ') indent += 1;
      else if (character === '\t') indent += TAB - (indent % TAB);
      else if (character === '\f') indent = 0;
      else break;
    }
    // Empty lines and lines of comments end no block.
    const next = this.#text[this.#at];
    if (next === '#' || next === '\n' || next === '\r') return;
    this.#tokens.push({ kind: 'newline', text: '', start, end: this.#at, indent });
  }

  #comment(): void {
    while (this.#at < this.#text.length && this.#text[this.#at] !== '\n' && this.#text[this.#at] !== '\r') {
      this.#at += 1;
    }
  }

  /** A backslash at the end of a line joins the next one. */
  #continues(): boolean {
    const next = this.#text[this.#at + 1];
    if (next !== '\n' && next !== '\r') return false;
    this.#at += this.#text.startsWith('\r\n', this.#at + 1) ? 3 : 2;
    return true;
  }

  #word(): boolean {
    const start = this.#at;
    NAME.lastIndex = start;
    const name = NAME.exec(this.#text)?.[0];
    if (name === undefined) return false;
    this.#at = NAME.lastIndex;
    const next = this.#text[this.#at];
    if ((next === '"' || next === "'") && PREFIX.test(name)) this.#string(name.toLowerCase(), start);
    else this.#tokens.push({ kind: 'name', text: name, start, end: this.#at });
    return true;
  }

  #match(pattern: RegExp, kind: Token['kind']): boolean {
    pattern.lastIndex = this.#at;
    if (!pattern.test(this.#text)) return false;
    this.#tokens.push({ kind, text: '', start: this.#at, end: pattern.lastIndex });
    this.#at = pattern.lastIndex;
    return true;
  }

  #operator(): void {
    OPERATOR.lastIndex = this.#at;
    const text = OPERATOR.exec(this.#text)?.[0] ?? '';
    if (text === '(' || text === '[' || text === '{') this.#depth += 1;
    if (text === ')' || text === ']' || text === '}') this.#depth = Math.max(0, this.#depth - 1);
    this.#tokens.push({ kind: 'operator', text, start: this.#at, end: this.#at + text.length });
    this.#at += text.length;
  }

  #string(prefix: string, start: number): void {
    const quote = this.#text[this.#at] as string;
    const isLong = this.#text.startsWith(quote.repeat(3), this.#at);
    const delimiter = isLong ? quote.repeat(3) : quote;
    const first = this.#at + delimiter.length;
    const last = this.#closing(first, delimiter);
    const isClosed = this.#text.startsWith(delimiter, last);
    this.#at = isClosed ? last + delimiter.length : last;
    const value = isClosed ? pythonValue(this.#text.slice(first, last), prefix) : undefined;
    const place = { text: '', start, end: this.#at };
    if (value === undefined) this.#tokens.push({ kind: 'other', ...place });
    else this.#tokens.push({ kind: 'string', ...place, value, bytes: prefix.includes('b') });
  }

  /** Where the delimiter is that ends a string, or where the string breaks off. */
  #closing(from: number, delimiter: string): number {
    const text = this.#text;
    let at = from;
    for (; at < text.length; at += 1) {
      const character = text[at];
      if (character === '\\') at += text.startsWith('\r\n', at + 1) ? 2 : 1;
      else if (character === delimiter[0] && text.startsWith(delimiter, at)) return at;
      else if (delimiter.length === 1 && (character === '\n' || character === '\r')) return at;
    }
    return Math.min(at, text.length);
  }
}

const ESCAPE = /\\(\n|[0-7]{1,3}|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[\s\S])/g;
const SIMPLE: Readonly<Record<string, string>> = {
  '\n': '',
  '\\': '\\',
  "'": "'",
  '"': '"',
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

/** What the text between the quotes means; undefined where it is no constant, or no Python. */
function pythonValue(body: string, prefix: string): string | undefined {
  // What braces stand for is known only when the program runs.
  if (/[ft]/.test(prefix) && /[{}]/.test(body)) return undefined;
  if (prefix.includes('t')) return undefined;
  const isBytes = prefix.includes('b');
  const text = body.replace(/\r\n?/g, '\n');
  const value = prefix.includes('r') ? text : unescaped(text, isBytes);
  // Bytes that are no ASCII have no one text.
  return isBytes && value !== undefined && /\P{ASCII}/u.test(value) ? undefined : value;
}

function unescaped(text: string, isBytes: boolean): string | undefined {
  if (!text.includes('\\')) return text;
  let isBroken = false;
  const value = text.replace(ESCAPE, (whole, code: string) => {
    const kind = code[0] as string;
    const simple = Object.hasOwn(SIMPLE, code) ? SIMPLE[code] : undefined;
    if (simple !== undefined) return simple;
    if (kind >= '0' && kind <= '7') return String.fromCodePoint(Number.parseInt(code, 8));
    if (isBytes && /[uUN]/.test(kind)) return whole;
    const point = code.length > 1 ? Number.parseInt(code.slice(1), 16) : Number.NaN;
    if (point <= 0x10ffff) return String.fromCodePoint(point);
    // A character by name (\N{...}), or an escape that Python refuses.
    if (/[xuUN]/.test(kind)) isBroken = true;
    return whole;
  });
  return isBroken ? undefined : value;
}
