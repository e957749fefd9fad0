import { fieldNamed } from '../profile/spelling.ts';
import type { Assignment, Format, Span } from './assignment.ts';
import { hasPositional, positionalField, WRAPPERS } from './calls.ts';
import { below, Findings, inCall, Owners, type Place, TOP } from './findings.ts';
import { javascriptTokens } from './javascript-tokens.ts';
import { isClosing, isOpening, type Token, Tokens } from './tokens.ts';

/**
 * Strings that JavaScript or TypeScript source gives a name: declarations, properties, class fields, arguments of
 * calls, defaults of environment variables. The text is only looked at, never run.
 */
function readJavaScript(text: string): Assignment[] {
  return assignmentsIn(text, javascriptTokens(text));
}

/**
 * The same of a language whose tokens are given in the words of JavaScript.
 * @param hasNamed whether arguments may have names there
 */
export function assignmentsIn(text: string, tokens: readonly Token[], hasNamed = false): Assignment[] {
  return new Reader(text, tokens, hasNamed).run();
}

export const javascript: Format = { name: 'JavaScript', kind: 'javascript', read: readJavaScript };

/** A constant string, and the variable that is asked before it. */
interface Literal {
  readonly value: string;
  readonly span: Span;
  readonly variable?: string | undefined;
  /** The index of the token behind it. */
  readonly next: number;
}

/** An open bracket. */
interface Frame {
  readonly kind: 'object' | 'block' | 'call' | 'list' | 'group';
  readonly place: Place;
  readonly callee: string;
  /** The token that the entry begins with, and how many came before it. */
  entry: number;
  count: number;
}

const DEEPEST = 24;
/** How far a type annotation may stand between a name and its `=`. */
const LONGEST_TYPE = 24;
const BEFORE_TYPE = new Set([';', '(', '{']);
/** Owners that say nothing about what they own. */
const HIDDEN_OWNERS = new Set(['this', 'module', 'exports', 'process', 'env', 'globalThis', 'window']);
/** Tokens in front of a brace that opens an object; behind anything else it opens a block. */
const BEFORE_OBJECT = new Set(
  '= ( , : [ ? && || ?? ... return default => ||= &&= ??= satisfies yield await ${'.split(' '),
);

class Reader {
  readonly #tokens: Tokens;
  readonly #findings: Findings;
  readonly #frames: Frame[] = [];
  /** What the bracket at an index gives its entries as their place. */
  readonly #labels = new Map<number, string>();
  /** The name of the class or function that a brace at an index opens. */
  readonly #blocks = new Map<number, { name: string; shown: boolean }>();
  readonly #owners = new Owners();
  #taken = 0;
  /** Behind the last `=` of a chain that is read already. */
  #chain = 0;

  readonly #hasNamed: boolean;

  constructor(text: string, tokens: readonly Token[], hasNamed: boolean) {
    this.#hasNamed = hasNamed;
    this.#tokens = new Tokens(tokens);
    this.#findings = new Findings(text);
  }

  run(): Assignment[] {
    for (let index = 0; index < this.#tokens.list.length; index += 1) this.#visit(index);
    return this.#findings.assignments();
  }

  #visit(index: number): void {
    const token = this.#tokens.at(index);
    if (token.kind === 'name') this.#name(index);
    else if (token.kind !== 'operator') return;
    else if (isOpening(token)) this.#open(index);
    else if (isClosing(token)) this.#close(index);
    else if (token.text === ',') this.#comma(index);
    else if (token.text === ':') this.#colon(index);
    else if (token.text === '=' || token.text === '??=' || token.text === '||=') this.#equals(index);
  }

  #place(): Place {
    return this.#frames.at(-1)?.place ?? TOP;
  }

  #name(index: number): void {
    const { text } = this.#tokens.at(index);
    const next = this.#tokens.at(index + 1);
    if (text === 'export' && this.#tokens.is(index + 1, 'default')) this.#value(index + 2, undefined);
    if (text === 'return') this.#value(index + 1, undefined);
    if (next.kind === 'name' && (text === 'class' || text === 'enum' || text === 'namespace')) {
      this.#block(index + 2, next.text, true);
    }
    if (text === 'process' && index >= this.#taken) this.#variable(index);
  }

  /** Remembers the name of the brace that opens next, over what a class extends or a function takes. */
  #block(start: number, name: string, shown: boolean): void {
    for (let at = start; at < start + LONGEST_TYPE; at += 1) {
      const { text } = this.#tokens.at(at);
      if (text === '{') {
        this.#blocks.set(at, { name, shown });
        return;
      }
      if (text === '' || text === ';' || text === '}' || text === '=') return;
      if (text === '(' || text === '[') at = Math.max(at, this.#tokens.partner(at));
    }
  }

  /** `process.env.X || 'literal'` wherever it stands. */
  #variable(index: number): void {
    const literal = this.#literal(index);
    if (literal?.variable !== undefined) this.#add(literal, literal.variable, this.#place());
  }

  #open(index: number): void {
    const { text } = this.#tokens.at(index);
    const callee = text === '(' ? this.#callee(index) : '';
    const kind = this.#kind(index, text, callee);
    if (kind === 'call' && this.#isBlockBehind(index)) this.#block(index, callee, false);
    const place = kind === 'call' ? this.#callPlace(index, callee) : this.#labelled(index);
    this.#frames.push({ kind, place, callee, entry: index + 1, count: 0 });
    this.#entry();
  }

  #kind(index: number, text: string, callee: string): Frame['kind'] {
    if (text === '(') return callee === '' ? 'group' : 'call';
    if (text === '[') return this.#isValueBefore(index) ? 'group' : 'list';
    const before = this.#tokens.at(index - 1);
    if (index === 0 || this.#labels.has(index)) return 'object';
    if (before.text === '=>' || this.#blocks.has(index)) return 'block';
    return BEFORE_OBJECT.has(before.text) ? 'object' : 'block';
  }

  #isValueBefore(index: number): boolean {
    const { kind, text } = this.#tokens.at(index - 1);
    return (
      (kind === 'name' && !BEFORE_OBJECT.has(text)) ||
      kind === 'string' ||
      text === ')' ||
      text === ']' ||
      text === '?.'
    );
  }

  #callee(index: number): string {
    const before = this.#tokens.at(index - 1);
    if (before.kind === 'name' && !KEYWORDS.has(before.text)) return before.text;
    return '';
  }

  /** Whether brackets hold a function's parameters: its body follows. */
  #isBlockBehind(index: number): boolean {
    const close = this.#tokens.partner(index);
    return close > 0 && (this.#tokens.is(close + 1, '{') || this.#tokens.is(close + 1, ':'));
  }

  #labelled(index: number): Place {
    const label = this.#labels.get(index);
    const block = this.#blocks.get(index);
    const outer = this.#place();
    if (label !== undefined) return below(outer, label);
    return block ? below(outer, block.name, block.shown) : outer;
  }

  /** Calls of one name are told apart by the variable that takes their result, or that they are methods of. */
  #callPlace(index: number, callee: string): Place {
    const outer = this.#place();
    const label = this.#labels.get(index);
    if (WRAPPERS.has(callee)) return label === undefined ? outer : below(outer, label);
    if (this.#isBlockBehind(index)) return outer;
    return inCall(outer, callee, label === undefined ? undefined : this.#owners.take(label));
  }

  #close(index: number): void {
    if (this.#tokens.partner(index) >= 0) this.#frames.pop();
  }

  #comma(index: number): void {
    const frame = this.#frames.at(-1);
    if (!frame) return;
    frame.entry = index + 1;
    frame.count += 1;
    this.#entry();
  }

  /** The beginning of an entry: a positional argument, or an element of a list. */
  #entry(): void {
    const frame = this.#frames.at(-1) as Frame;
    const { kind, entry, count, callee, place } = frame;
    if (kind === 'list' && this.#tokens.at(entry).kind !== 'string') this.#label(entry, String(count));
    if (kind !== 'call') return;
    const literal = hasPositional(callee) ? this.#literal(entry) : undefined;
    const field = literal && positionalField(callee, count, literal.value);
    if (literal && field) this.#add(literal, field, place);
  }

  /** `key: value` in an object, or among arguments where they may have names. */
  #colon(index: number): void {
    const frame = this.#frames.at(-1);
    if (frame?.kind !== 'object' && !(this.#hasNamed && frame?.kind === 'call')) return;
    const key = this.#tokens.at(index - 1);
    if (frame.entry === index - 1) this.#value(index + 1, key.kind === 'name' ? key.text : key.value);
    // ['key']: value
    const inner = this.#tokens.at(index - 2);
    if (frame.entry === index - 3 && key.text === ']') this.#value(index + 1, inner.value);
  }

  #equals(index: number): void {
    if (index < this.#chain) return;
    const target = this.#member(index) ?? this.#target(index - 1) ?? this.#annotated(index);
    if (!target) return;
    let start = index + 1;
    let { name, owners } = target;
    // In `a = b = 'x'` the name that means something counts; `exports = module.exports = {` is one place.
    for (let more = this.#chained(start); more; more = this.#chained(start)) {
      if (!fieldNamed(name)) ({ name, owners } = more.target);
      start = more.next;
    }
    this.#chain = start;
    const place = owners.reduce((outer, owner) => below(outer, owner), this.#place());
    this.#value(start, name === 'exports' && owners.length === 0 ? undefined : name, place);
  }

  /** `'name' =` or `['name'] =` at the beginning of an entry: a member of an enum. */
  #member(index: number): Target | undefined {
    const entry = this.#frames.at(-1)?.entry;
    const isBracketed = this.#tokens.is(index - 1, ']') && this.#tokens.is(index - 3, '[');
    const at = isBracketed ? index - 2 : index - 1;
    const name = this.#tokens.at(at).value;
    const isFirst = entry === (isBracketed ? at - 1 : at);
    return isFirst && name !== undefined ? { name, owners: [] } : undefined;
  }

  #chained(start: number): { target: Target; next: number } | undefined {
    if (!this.#tokens.isName(start)) return undefined;
    let last = start;
    while (last < start + DEEPEST && this.#tokens.is(last + 1, '.') && this.#tokens.isName(last + 2))
      last += 2;
    const target = this.#tokens.is(last + 1, '=') ? this.#target(last) : undefined;
    return target && { target, next: last + 2 };
  }

  /** `name`, `owner.name`, `owner['name']`, read backwards from its last token. */
  #target(last: number): Target | undefined {
    const words: string[] = [];
    let at = last;
    while (words.length < DEEPEST) {
      const token = this.#tokens.at(at);
      if (token.kind === 'name') {
        words.unshift(token.text);
        at -= 1;
      } else if (
        token.text === ']' &&
        this.#tokens.at(at - 1).value !== undefined &&
        this.#tokens.is(at - 2, '[')
      ) {
        words.unshift(this.#tokens.at(at - 1).value as string);
        at -= 3;
        if (this.#tokens.isName(at) || this.#tokens.is(at, ']')) continue;
        return undefined;
      } else return undefined;
      if (!this.#tokens.is(at, '.')) break;
      at -= 1;
    }
    // What is before the `=` here may be the type of another name.
    if (this.#tokens.is(at, ':') || KEYWORDS.has(words[0] ?? '')) return undefined;
    const name = words.pop() as string;
    return { name: name.replace(/^#/, ''), owners: words.filter((word) => !HIDDEN_OWNERS.has(word)) };
  }

  /** `name: Type = value`. */
  #annotated(index: number): Target | undefined {
    let generics = 0;
    for (let at = index - 1; at > index - LONGEST_TYPE && at > 0; at -= 1) {
      const { text, kind } = this.#tokens.at(at);
      if (text === ')' || text === ']' || text === '}')
        at = Math.min(at, Math.max(0, this.#tokens.partner(at)));
      if (text === '>') generics += 1;
      if (text === '<') generics -= 1;
      if (kind === 'string' || BEFORE_TYPE.has(text) || (text === ',' && generics < 1)) return undefined;
      if (text !== ':' || generics > 0) continue;
      const before = this.#tokens.is(at - 1, '?') || this.#tokens.is(at - 1, '!') ? at - 2 : at - 1;
      return this.#tokens.isName(before) ? this.#target(before) : undefined;
    }
    return undefined;
  }

  /** An expression that has a name: a string, or what holds further names. */
  #value(start: number, name: string | undefined, place = this.#place()): void {
    const literal = name === undefined ? undefined : this.#literal(start);
    if (literal && name !== undefined) this.#add(literal, name, place);
    else this.#label(start, name);
  }

  #label(start: number, name: string | undefined): void {
    let at = start;
    while (this.#tokens.is(at, 'await') || this.#tokens.is(at, 'new')) at += 1;
    while (this.#tokens.isName(at) && this.#tokens.is(at + 1, '.')) at += 2;
    if (this.#tokens.isName(at) && !KEYWORDS.has(this.#tokens.at(at).text)) at += 1;
    if (this.#tokens.is(at, '(') && at > start && WRAPPERS.has(this.#tokens.at(at - 1).text)) {
      if (name !== undefined) this.#labels.set(at, name);
    } else if (name !== undefined && isOpening(this.#tokens.at(at))) this.#labels.set(at, name);
  }

  #add({ value, span, variable, next }: Literal, name: string, place: Place): void {
    this.#findings.add({ name, place, value, span, variable });
    this.#taken = Math.max(this.#taken, next);
  }

  /** The constant string that begins here and is all of its expression. */
  #literal(start: number): Literal | undefined {
    const literal = this.#alternatives(start, 0);
    return literal && this.#ends(literal.next) ? literal : undefined;
  }

  #ends(index: number): boolean {
    const token = this.#tokens.at(index);
    if (token.kind === 'newline') return true;
    if (token.kind === 'name')
      return token.breaks === true || token.text === 'as' || token.text === 'satisfies';
    if (token.kind === 'operator') return [',', ')', ']', '}', ';'].includes(token.text);
    return token.breaks === true;
  }

  /** `process.env.X || 'literal'`, or one string. */
  #alternatives(start: number, depth: number): Literal | undefined {
    const asked = this.#lookup(start);
    if (!asked) return this.#joined(start, depth);
    const { next, variable } = asked;
    if (!this.#tokens.is(next, '||') && !this.#tokens.is(next, '??')) return undefined;
    const literal = this.#joined(next + 1, depth);
    const from = this.#tokens.at(start).start;
    return (
      literal && { ...literal, variable, span: { start: from, end: this.#tokens.at(literal.next - 1).end } }
    );
  }

  /** `process.env.X`, `process.env['X']`. */
  #lookup(start: number): { variable: string; next: number } | undefined {
    const words = ['process', '.', 'env'];
    if (words.some((word, offset) => !this.#tokens.is(start + offset, word))) return undefined;
    const [first, second] = [this.#tokens.at(start + 3).text, this.#tokens.at(start + 4)];
    if (first === '.' && second.kind === 'name') return { variable: second.text, next: start + 5 };
    const isKey = first === '[' && second.value !== undefined && this.#tokens.is(start + 5, ']');
    return isKey ? { variable: second.value as string, next: start + 6 } : undefined;
  }

  /** Strings joined by `+`, in brackets or not. */
  #joined(start: number, depth: number): Literal | undefined {
    let whole = this.#term(start, depth);
    while (whole && this.#tokens.is(whole.next, '+')) {
      const more = this.#term(whole.next + 1, depth);
      if (!more) return undefined;
      const span = { start: this.#tokens.at(start).start, end: this.#tokens.at(more.next - 1).end };
      whole = { value: whole.value + more.value, span, next: more.next };
    }
    return whole;
  }

  #term(start: number, depth: number): Literal | undefined {
    const token = this.#tokens.at(start);
    if (token.kind === 'string' && token.value !== undefined) {
      return { value: token.value, span: { start: token.start, end: token.end }, next: start + 1 };
    }
    if (!this.#tokens.is(start, '(') || depth >= DEEPEST) return undefined;
    // The brackets may stay around what takes the value's place.
    const inner = this.#alternatives(start + 1, depth + 1);
    return inner && this.#tokens.is(inner.next, ')') ? { ...inner, next: inner.next + 1 } : undefined;
  }
}

interface Target {
  readonly name: string;
  readonly owners: readonly string[];
}

/** Words before a bracket that call nothing. */
const KEYWORDS = new Set(
  'if for while switch catch return typeof in of new await yield throw case default else do const let var import export function with void delete instanceof'.split(
    ' ',
  ),
);
