import { looksLikeCredential } from '../profile/shape.ts';
import { fieldNamed } from '../profile/spelling.ts';
import type { Assignment, Format, Span } from './assignment.ts';
import { hasPositional, namedField, positionalField, WRAPPERS } from './calls.ts';
import { below, Findings, inCall, Owners, type Place, TOP } from './findings.ts';
import { pythonTokens } from './python-tokens.ts';
import { isClosing, isOpening, Tokens } from './tokens.ts';

/**
 * Strings that Python source gives a name: assignments, entries of dicts, arguments of calls, defaults of environment
 * variables. The text is only looked at, never run.
 */
export function readPython(text: string): Assignment[] {
  return new Reader(text).run();
}

export const python: Format = { name: 'Python', kind: 'python', read: readPython };

/** A constant string, and the variable that is asked before it. */
interface Literal {
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

interface Block {
  readonly indent: number;
  readonly place: Place;
}

/** An open bracket. */
interface Frame {
  readonly kind: 'dict' | 'call' | 'list' | 'group';
  readonly place: Place;
  readonly callee: string;
  /** The token that the entry begins with, and how many came before it. */
  entry: number;
  count: number;
}

interface Target {
  readonly name: string;
  readonly owners: readonly string[];
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
const READS_VARIABLE = new Set([
  'os.getenv',
  'getenv',
  'os.environ.get',
  'environ.get',
  'environ.setdefault',
  'os.environ.setdefault',
]);
const HIDDEN_OWNERS = new Set(['self', 'cls', 'os', 'environ']);

class Reader {
  readonly #tokens: Tokens;
  readonly #findings: Findings;
  readonly #blocks: Block[] = [];
  readonly #frames: Frame[] = [];
  /** What the bracket at an index gives its entries as their place. */
  readonly #labels = new Map<number, string>();
  /** How many times a variable was given the result of a call. */
  readonly #owners = new Owners();
  /** Literals up to this token belong to a value that is found already. */
  #taken = 0;
  #indent = 0;

  constructor(text: string) {
    this.#tokens = new Tokens(pythonTokens(text));
    this.#findings = new Findings(text);
  }

  run(): Assignment[] {
    for (let index = 0; index < this.#tokens.list.length; index += 1) this.#visit(index);
    return this.#findings.assignments();
  }

  #visit(index: number): void {
    const token = this.#tokens.at(index);
    if (token.kind === 'newline') this.#line(index);
    else if (token.kind === 'name') this.#name(index);
    else if (token.kind !== 'operator') return;
    else if (isOpening(token)) this.#open(index);
    else if (isClosing(token)) this.#close(index);
    else if (token.text === ',') this.#comma(index);
    else if (token.text === ':') this.#colon(index);
    else if (token.text === '=') this.#equals(index);
    else if (token.text === ':=' && this.#tokens.isName(index - 1)) {
      this.#value(index + 1, this.#tokens.at(index - 1).text, this.#place());
    } else if (token.text === ';' && this.#frames.length === 0) this.#statement(index + 1);
  }

  #place(): Place {
    return this.#frames.at(-1)?.place ?? this.#blocks.at(-1)?.place ?? TOP;
  }

  #line(index: number): void {
    this.#frames.length = 0; // a bracket that never closes swallows no further than the text's end anyway
    this.#indent = this.#tokens.at(index).indent ?? 0;
    while ((this.#blocks.at(-1)?.indent ?? -1) >= this.#indent) this.#blocks.pop();
    this.#statement(index + 1);
  }

  /** A statement that assigns is read from its beginning; a class or function opens a block. */
  #statement(start: number): void {
    let at = start;
    if (this.#tokens.is(at, 'async')) at += 1;
    const keyword = this.#tokens.at(at);
    if (keyword.kind === 'name' && (keyword.text === 'class' || keyword.text === 'def')) {
      const name = this.#tokens.at(at + 1).text;
      const place = below(this.#blocks.at(-1)?.place ?? TOP, name, keyword.text === 'class');
      this.#blocks.push({ indent: this.#indent, place });
      return;
    }
    this.#assignment(start);
  }

  #assignment(start: number): void {
    const first = this.#targets(start);
    if (!first) return;
    let { targets, next } = first;
    // In `a = b = "x"` the name that means something counts.
    for (let more = this.#targets(next); more; more = this.#targets(next)) {
      if (!fieldNamed(targets[0]?.name ?? '')) targets = more.targets;
      next = more.next;
    }
    if (targets.length > 1) this.#several(targets, next);
    else for (const target of targets) this.#assign(target, next);
  }

  #assign({ name, owners }: Target, start: number): void {
    let place = this.#blocks.at(-1)?.place ?? TOP;
    for (const owner of owners) place = below(place, owner);
    // `a = "x", "y"` is a tuple.
    const literal = this.#literal(start);
    if (literal && this.#tokens.is(literal.next, ',') && this.#tokens.at(literal.next + 1).kind !== 'newline')
      return;
    this.#value(start, name, place);
  }

  /** `a, b = "x", "y"`, with or without brackets on either side. */
  #several(targets: readonly Target[], start: number): void {
    let at = this.#tokens.is(start, '(') || this.#tokens.is(start, '[') ? start + 1 : start;
    const literals: Literal[] = [];
    for (;;) {
      const literal = this.#literal(at);
      if (!literal || literals.length === targets.length) return;
      literals.push(literal);
      if (!this.#tokens.is(literal.next, ',')) break;
      at = literal.next + 1;
    }
    if (literals.length !== targets.length) return;
    const place = this.#blocks.at(-1)?.place ?? TOP;
    for (const [index, literal] of literals.entries()) {
      const { name, owners } = targets[index] as Target;
      this.#add(
        literal,
        name,
        owners.reduce((outer, owner) => below(outer, owner), place),
      );
    }
  }

  /** The targets of an assignment that begins here, and where its value begins. */
  #targets(start: number): { targets: Target[]; next: number } | undefined {
    const isBracketed = this.#tokens.is(start, '(') || this.#tokens.is(start, '[');
    const targets: Target[] = [];
    let at = isBracketed ? start + 1 : start;
    for (let found = this.#target(at); found; found = this.#target(at)) {
      targets.push(found.target);
      at = found.next;
      if (!this.#tokens.is(at, ',')) break;
      at += 1;
    }
    if (targets.length === 0) return undefined;
    if (isBracketed && !this.#tokens.is(at++, isBracketed && this.#tokens.is(start, '(') ? ')' : ']')) {
      return undefined;
    }
    if (targets.length === 1 && this.#tokens.is(at, ':')) at = this.#annotationEnd(at + 1);
    return this.#tokens.is(at, '=') ? { targets, next: at + 1 } : undefined;
  }

  /** `name`, `owner.name`, `owner["name"]`. */
  #target(start: number): { target: Target; next: number } | undefined {
    if (!this.#tokens.isName(start)) return undefined;
    const words = [this.#tokens.at(start).text];
    let at = start + 1;
    while (words.length < DEEPEST) {
      const key = this.#tokens.at(at + 1);
      if (this.#tokens.is(at, '.') && key.kind === 'name') {
        words.push(key.text);
        at += 2;
      } else if (this.#tokens.is(at, '[') && key.value !== undefined && this.#tokens.is(at + 2, ']')) {
        words.push(key.value);
        at += 3;
      } else break;
    }
    const name = words.pop() as string;
    return { target: { name, owners: words.filter((word) => !HIDDEN_OWNERS.has(word)) }, next: at };
  }

  #annotationEnd(start: number): number {
    for (let at = start; at < this.#tokens.list.length; at += 1) {
      const token = this.#tokens.at(at);
      if (token.kind === 'newline' || token.text === '=' || token.text === ';') return at;
      if (isOpening(token)) {
        const partner = this.#tokens.partner(at);
        if (partner < 0) return at;
        at = partner;
      }
    }
    return start;
  }

  /** An expression that has a name: a string, or what holds further names. */
  #value(start: number, name: string, place: Place): void {
    const literal = this.#literal(start);
    if (literal) {
      this.#add(literal, name, place);
      return;
    }
    let at = start;
    if (this.#tokens.is(at, 'await')) at += 1;
    while (this.#tokens.isName(at) && this.#tokens.is(at + 1, '.')) at += 2;
    if (this.#tokens.isName(at)) at += 1;
    const token = this.#tokens.at(at);
    if (isOpening(token)) this.#labels.set(at, name);
  }

  #add({ value, span, variable, next }: Literal, name: string, place: Place): void {
    this.#findings.add({ name, place, value, span, variable });
    this.#taken = Math.max(this.#taken, next);
  }

  #open(index: number): void {
    const token = this.#tokens.at(index);
    const label = this.#labels.get(index);
    const outer = this.#place();
    const callee = token.text === '(' ? this.#callee(index) : '';
    const isDict = token.text === '{' || WRAPPERS.has(callee);
    const kind = isDict
      ? 'dict'
      : callee !== ''
        ? 'call'
        : token.text === '[' && !this.#isValueBefore(index)
          ? 'list'
          : 'group';
    const place =
      kind === 'call'
        ? this.#callPlace(index, callee, outer, label)
        : label === undefined
          ? outer
          : below(outer, label);
    this.#frames.push({
      kind: kind === 'dict' && callee !== '' ? 'call' : kind,
      place,
      callee,
      entry: index + 1,
      count: 0,
    });
    this.#entry();
  }

  #isValueBefore(index: number): boolean {
    const { kind, text } = this.#tokens.at(index - 1);
    return kind === 'name' || kind === 'string' || text === ')' || text === ']';
  }

  #callee(index: number): string {
    const name = this.#tokens.at(index - 1);
    if (name.kind !== 'name' || KEYWORDS.has(name.text)) return '';
    return name.text;
  }

  /** Calls of one name are told apart by the variable that takes their result, or that they are methods of. */
  #callPlace(index: number, callee: string, outer: Place, label: string | undefined): Place {
    const isDefinition = this.#tokens.is(index - 2, 'def');
    if (isDefinition) return this.#blocks.at(-1)?.place ?? outer;
    if (label !== undefined) return inCall(outer, callee, this.#owners.take(label));
    const isMethod = this.#tokens.is(index - 2, '.') && this.#tokens.isName(index - 3);
    return inCall(
      outer,
      callee,
      isMethod ? this.#owners.current(this.#tokens.at(index - 3).text) : undefined,
    );
  }

  #close(index: number): void {
    if (this.#tokens.partner(index) >= 0) this.#frames.pop();
  }

  #comma(index: number): void {
    const frame = this.#frames.at(-1);
    if (!frame) return;
    this.#pair(frame, index);
    frame.entry = index + 1;
    frame.count += 1;
    this.#entry();
  }

  /** The beginning of an entry: a positional argument, or an element of a list. */
  #entry(): void {
    const frame = this.#frames.at(-1) as Frame;
    const { entry, count, callee, place } = frame;
    if (frame.kind === 'list') {
      if (this.#tokens.at(entry).kind !== 'string') this.#labelOnly(entry, String(count));
      return;
    }
    if (frame.kind !== 'call' || !hasPositional(callee) || this.#tokens.is(entry + 1, '=')) return;
    const literal = this.#literal(entry);
    const field = literal && positionalField(callee, count, literal.value);
    if (field) this.#add(literal, field, place);
  }

  /** `("name", "value")`, where the value looks like a key: in a list of such, or as arguments of a call. */
  #pair(frame: Frame, comma: number): void {
    const name = this.#tokens.at(frame.entry).value ?? '';
    if (comma !== frame.entry + 1 || comma < this.#taken || hasPositional(frame.callee)) return;
    if (!fieldNamed(name) || looksLikeCredential(name)) return;
    const literal = this.#literal(comma + 1);
    if (!literal || !looksLikeCredential(literal.value)) return;
    const around = frame.kind === 'call' ? frame : this.#frames.at(-2);
    this.#add(literal, name, around?.place ?? this.#blocks.at(-1)?.place ?? TOP);
  }

  #labelOnly(start: number, name: string): void {
    if (!this.#literal(start)) this.#value(start, name, this.#place());
  }

  /** `"key": value` in a dict. */
  #colon(index: number): void {
    const frame = this.#frames.at(-1);
    if (frame?.kind !== 'dict' || frame.entry !== index - 1) return;
    const key = this.#tokens.at(index - 1);
    const name = key.kind === 'name' ? key.text : key.value;
    if (name !== undefined) this.#value(index + 1, name, frame.place);
  }

  /** `name=value` or `name: annotation = value` among arguments. Assignments are read from their beginning instead. */
  #equals(index: number): void {
    const frame = this.#frames.at(-1);
    if (frame?.kind !== 'call' || READS_VARIABLE.has(frame.callee)) return;
    const name = this.#tokens.at(frame.entry);
    const isNamed = frame.entry === index - 1 || this.#tokens.is(frame.entry + 1, ':');
    if (name.kind === 'name' && isNamed && this.#taken <= index)
      this.#value(index + 1, namedField(frame.callee, name.text) ?? name.text, frame.place);
  }

  /** `os.getenv("X", "literal")` wherever it stands. */
  #name(index: number): void {
    if (index < this.#taken || this.#tokens.is(index - 1, '.')) return;
    const { text } = this.#tokens.at(index);
    if (text !== 'os' && text !== 'environ' && text !== 'getenv') return;
    const literal = this.#literal(index, true);
    if (literal?.variable !== undefined) this.#add(literal, literal.variable, this.#place());
  }

  /** The constant string that begins here and is all of its expression. */
  #literal(start: number, isPart = false): Literal | undefined {
    const literal = this.#alternatives(start, 0);
    if (literal && (isPart || this.#ends(literal.next))) return literal;
    return isPart ? undefined : this.#choice(start);
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
    if (!this.#tokens.is(asked.next, 'or')) return asked.value === undefined ? undefined : (asked as Literal);
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
    let literal = this.#string(start) ?? this.#converted(start, depth) ?? this.#bracketed(start, depth);
    for (let more = literal; more; more = this.#treated(start, more)) literal = more;
    return literal;
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

/** Words before a bracket that call nothing. */
const KEYWORDS = new Set(
  'and as assert await del elif else except for from if import in is lambda not or print raise return while with yield'.split(
    ' ',
  ),
);
