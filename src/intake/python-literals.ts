import type { Span } from './assignment.ts';
import { isOpening, type Tokens } from './tokens.ts';

/** A constant string, and the variable that is asked before it. */
export interface Literal {
  readonly value: string;
  readonly span: Span;
  readonly variable?: string | undefined;
  /** The index of the token behind it. */
  readonly next: number;
  readonly bytes?: boolean | undefined;
}

/** An argument of a call: its name, empty where its place says what it is, and its tokens. */
interface Argument {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

const DEEPEST = 24;
/** How many tokens an expression may have in which a string is chosen. */
const LONGEST_CHOICE = 64;
/** Of `os.getenv`, `str`, `decode`. */
const MOST_ARGUMENTS = 3;
const ASCII = /^\p{ASCII}*$/u;
/** What `encode` and its like are told, in this order. */
const OPTIONS = ['encoding', 'errors'];
const KEEPS_ASCII = /^(?:utf[-_]?8|(?:us[-_]?)?ascii|latin[-_]?1|iso[-_]?8859[-_]1)$/i;
const BRANCHES = new Set(['if', 'else', 'or', 'and']);
/** What gives or sets an environment variable. */
export const READS_VARIABLE = new Set([
  'os.getenv',
  'getenv',
  'os.environ.get',
  'environ.get',
  'environ.setdefault',
  'os.environ.setdefault',
]);

/** Reads what Python source says a string is, as far as that is known without running it. */
export class Literals {
  readonly #tokens: Tokens;

  constructor(tokens: Tokens) {
    this.#tokens = tokens;
  }

  /** The constant string that begins at a token and is all of its expression. */
  at(start: number): Literal | undefined {
    const literal = this.partAt(start);
    return literal && this.#ends(literal.next) ? literal : this.#choice(start);
  }

  /** The one that begins there, whatever follows it. */
  partAt(start: number): Literal | undefined {
    return this.#alternatives(start, 0);
  }

  /** The one constant string among what an expression may come to: `"literal" if PROD else ""`, `setting or "literal"`. */
  #choice(start: number): Literal | undefined {
    const found: Literal[] = [];
    let isChoice = true;
    let at = start;
    for (; at < start + LONGEST_CHOICE && (isChoice || !this.#ends(at)); at += 1) {
      const literal = isChoice ? this.#alternatives(at, 0) : undefined;
      const isWhole =
        literal && (this.#ends(literal.next) || BRANCHES.has(this.#tokens.at(literal.next).text));
      if (literal && isWhole && literal.value !== '') found.push(literal);
      if (literal && isWhole) at = literal.next - 1;
      else if (isOpening(this.#tokens.at(at))) at = Math.max(at, this.#tokens.partner(at));
      const { kind, text } = this.#tokens.at(at + 1);
      isChoice = kind === 'name' && text !== 'if' && BRANCHES.has(text);
      if (isChoice) at += 1;
    }
    const [only, ...others] = found;
    return only && others.length === 0 && this.#ends(at) ? { ...only, next: at } : undefined;
  }

  #ends(index: number): boolean {
    const token = this.#tokens.at(index);
    return token.kind === 'newline' || [',', ')', ']', '}', ';'].includes(token.text);
  }

  /** `os.getenv("X") or "literal"`, or one string. */
  #alternatives(start: number, depth: number): Literal | undefined {
    const asked = this.#lookup(start, depth);
    if (!asked) return this.#joined(start, depth);
    if (!this.#tokens.is(asked.next, 'or'))
      return asked.value === undefined ? undefined : this.#withMethods(start, asked as Literal);
    const literal = this.#joined(asked.next + 1, depth);
    return (
      literal && {
        ...literal,
        variable: asked.variable,
        span: { start: asked.span.start, end: this.#tokens.at(literal.next - 1).end },
      }
    );
  }

  /** `os.getenv("X", "literal")`, its arguments by place or by name; the default may lack. */
  #lookup(start: number, depth: number): (Omit<Literal, 'value'> & { value?: string }) | undefined {
    if (!this.#tokens.isName(start)) return undefined;
    let at = start;
    let callee = this.#tokens.at(at).text;
    for (; this.#tokens.is(at + 1, '.') && callee.length < DEEPEST; at += 2)
      callee += `.${this.#tokens.at(at + 2).text}`;
    if (!READS_VARIABLE.has(callee) || !this.#tokens.is(at + 1, '(')) return undefined;
    const given = this.#arguments(at + 1);
    const key = argument(given, 0, 'key');
    const variable = key && key.end === key.start + 1 ? this.#tokens.at(key.start).value : undefined;
    if (variable === undefined) return undefined;
    const next = this.#tokens.partner(at + 1) + 1;
    const span = this.#span(start, next);
    const isSetting = callee.endsWith('setdefault');
    const fallback = argument(given, 1, isSetting ? 'value' : 'default');
    const literal = fallback && depth < DEEPEST ? this.#joined(fallback.start, depth + 1) : undefined;
    if (!literal || literal.next !== fallback?.end) return { span, variable, next };
    // What sets the variable goes on setting it.
    return { value: literal.value, span: isSetting ? literal.span : span, variable, next };
  }

  /** The arguments of the call whose bracket opens here; none where they are more than any call has that is looked into. */
  #arguments(open: number): readonly Argument[] {
    const close = this.#tokens.partner(open);
    const given: Argument[] = [];
    for (let at = open + 1; at < close; ) {
      const name = this.#tokens.isName(at) && this.#tokens.is(at + 1, '=') ? this.#tokens.at(at).text : '';
      const start = name === '' ? at : at + 2;
      let end = start;
      for (; end < close && !this.#tokens.is(end, ','); end += 1) {
        if (isOpening(this.#tokens.at(end))) end = Math.max(end, this.#tokens.partner(end));
      }
      if (given.push({ name, start, end }) > MOST_ARGUMENTS) return [];
      at = end + 1;
    }
    return given;
  }

  #span(start: number, next: number): Span {
    return { start: this.#tokens.at(start).start, end: this.#tokens.at(next - 1).end };
  }

  /** Strings joined by `+`, in brackets or not. */
  #joined(start: number, depth: number): Literal | undefined {
    let whole = this.#term(start, depth);
    while (whole && this.#tokens.is(whole.next, '+')) {
      const more = this.#term(whole.next + 1, depth);
      if (!more || more.bytes !== whole.bytes) return undefined;
      whole = { ...more, value: whole.value + more.value, span: this.#span(start, more.next) };
    }
    return whole;
  }

  /** A string, with what is done to it at once that leaves its text: `.strip()`, `.encode()`, `.decode("utf-8")`. */
  #term(start: number, depth: number): Literal | undefined {
    const literal = this.#string(start) ?? this.#converted(start, depth) ?? this.#bracketed(start, depth);
    return literal && this.#withMethods(start, literal);
  }

  #withMethods(start: number, literal: Literal): Literal {
    let whole = literal;
    for (let more = this.#treated(start, whole); more; more = this.#treated(start, more)) whole = more;
    return whole;
  }

  /** Strings side by side. */
  #string(start: number): Literal | undefined {
    const { bytes } = this.#tokens.at(start);
    let [value, next] = ['', start];
    for (; this.#tokens.at(next).kind === 'string'; next += 1) {
      if (this.#tokens.at(next).bytes !== bytes) return undefined;
      value += this.#tokens.at(next).value;
    }
    return next === start ? undefined : { value, bytes, span: this.#span(start, next), next };
  }

  #bracketed(start: number, depth: number): Literal | undefined {
    if (!this.#tokens.is(start, '(') || depth >= DEEPEST) return undefined;
    // The brackets may stay around what takes the value's place.
    const inner = this.#alternatives(start + 1, depth + 1);
    return inner && this.#tokens.is(inner.next, ')') ? { ...inner, next: inner.next + 1 } : undefined;
  }

  /** `str("literal")`, `str(b"literal", "utf-8")`, `bytes("literal", "utf-8")`. */
  #converted(start: number, depth: number): Literal | undefined {
    const isBytes = this.#tokens.is(start, 'bytes');
    if ((!isBytes && !this.#tokens.is(start, 'str')) || !this.#tokens.is(start + 1, '(')) return undefined;
    const [first, ...others] = this.#arguments(start + 1);
    const literal = first && depth < DEEPEST ? this.#alternatives(first.start, depth + 1) : undefined;
    if (!literal || literal.next !== first?.end) return undefined;
    const next = this.#tokens.partner(start + 1) + 1;
    if (!isBytes && literal.bytes !== true && others.length === 0) return { ...literal, next };
    const isConverted = argument(others, 0, 'encoding') !== undefined && literal.bytes !== isBytes;
    if (!isConverted || !this.#isPlain(literal, others)) return undefined;
    return { ...literal, bytes: isBytes, next, ...(isBytes ? {} : { span: this.#span(start, next) }) };
  }

  /** A method of the string that ends here. What becomes text again is one expression that gives the value. */
  #treated(start: number, literal: Literal): Literal | undefined {
    const dot = literal.next;
    if (!this.#tokens.is(dot, '.') || !this.#tokens.is(dot + 2, '(')) return undefined;
    const given = this.#arguments(dot + 2);
    const next = this.#tokens.partner(dot + 2) + 1;
    const method = this.#tokens.at(dot + 1).text;
    if (method === 'strip') return this.#tokens.is(dot + 3, ')') ? { ...literal, next } : undefined;
    if (next === 0 || !this.#isPlain(literal, given)) return undefined;
    if (method === 'encode' && literal.bytes !== true) return { ...literal, bytes: true, next };
    if (method !== 'decode' || literal.bytes !== true) return undefined;
    return { ...literal, bytes: false, next, span: this.#span(start, next) };
  }

  /** Whether text and bytes are the same here: ASCII, in an encoding that has it as it is. */
  #isPlain({ value }: Literal, given: readonly Argument[]): boolean {
    if (!ASCII.test(value)) return false;
    return given.every(({ name, start, end }, at) => {
      const option = name === '' ? OPTIONS[at] : name;
      const text = end === start + 1 ? this.#tokens.at(start).value : undefined;
      return option === 'encoding' ? KEEPS_ASCII.test(text ?? '') : option === 'errors' && text !== undefined;
    });
  }
}

/** The argument at a place, or of a name. */
function argument(given: readonly Argument[], at: number, name: string): Argument | undefined {
  const byPlace = given[at];
  return byPlace?.name === '' ? byPlace : given.find((one) => one.name === name);
}
