import { looksLikeCredential } from '../profile/shape.ts';
import { fieldNamed } from '../profile/spelling.ts';
import type { Assignment, Format } from './assignment.ts';
import { hasPositional, namedField, positionalField, WRAPPERS } from './calls.ts';
import { below, Findings, inCall, Owners, type Place, TOP } from './findings.ts';
import { type Literal, Literals, READS_VARIABLE } from './python-literals.ts';
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
const HIDDEN_OWNERS = new Set(['self', 'cls', 'os', 'environ']);

class Reader {
  readonly #tokens: Tokens;
  readonly #literals: Literals;
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
    this.#literals = new Literals(this.#tokens);
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
    const literal = this.#literals.at(start);
    if (literal && this.#tokens.is(literal.next, ',') && this.#tokens.at(literal.next + 1).kind !== 'newline')
      return;
    this.#value(start, name, place);
  }

  /** `a, b = "x", "y"`, with or without brackets on either side. */
  #several(targets: readonly Target[], start: number): void {
    let at = this.#tokens.is(start, '(') || this.#tokens.is(start, '[') ? start + 1 : start;
    const literals: Literal[] = [];
    for (;;) {
      const literal = this.#literals.at(at);
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
    const literal = this.#literals.at(start);
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
    const literal = this.#literals.at(entry);
    const field = literal && positionalField(callee, count, literal.value);
    if (field) this.#add(literal, field, place);
  }

  /** `("name", "value")`, where the value looks like a key: in a list of such, or as arguments of a call. */
  #pair(frame: Frame, comma: number): void {
    const name = this.#tokens.at(frame.entry).value ?? '';
    if (comma !== frame.entry + 1 || comma < this.#taken || hasPositional(frame.callee)) return;
    if (!fieldNamed(name) || looksLikeCredential(name)) return;
    const literal = this.#literals.at(comma + 1);
    if (!literal || !looksLikeCredential(literal.value)) return;
    const around = frame.kind === 'call' ? frame : this.#frames.at(-2);
    this.#add(literal, name, around?.place ?? this.#blocks.at(-1)?.place ?? TOP);
  }

  #labelOnly(start: number, name: string): void {
    if (!this.#literals.at(start)) this.#value(start, name, this.#place());
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
    const literal = this.#literals.partAt(index);
    if (literal?.variable !== undefined) this.#add(literal, literal.variable, this.#place());
  }
}

/** Words before a bracket that call nothing. */
const KEYWORDS = new Set(
  'and as assert await del elif else except for from if import in is lambda not or print raise return while with yield'.split(
    ' ',
  ),
);
