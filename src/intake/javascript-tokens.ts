import type { Token } from './tokens.ts';

const NAME = /(?:[#$\w\u0080-\uffff]|\\u[0-9a-fA-F]{4})+/y;
const NUMBER = /\.?[0-9][\w.]*/y;
const OPERATOR =
  />>>=|\*\*=|<<=|>>=|&&=|\|\|=|\?\?=|\.\.\.|===|!==|=>|==|!=|<=|>=|&&|\|\||\?\?|\?\.(?![0-9])|\+\+|--|[-+*/%&|^]=|[\s\S]/y;
const ALONE = new Set('()[]{},;:~@\\');
/** Words that a value may follow, so that a slash behind them begins a regular expression. */
const BEFORE_VALUE = new Set(
  'return typeof case in of delete void throw new else do instanceof await yield default extends'.split(' '),
);
/** No program nests deeper; what stands behind such a place is not read. */
const DEEPEST = 1000;
const CONDITIONS = new Set(['if', 'while', 'for', 'with']);
const isLineEnd = (character: string | undefined): boolean =>
  character === '\n' || character === '\r' || character === '\u2028' || character === '\u2029';

/** The tokens of JavaScript or TypeScript source. What is neither gives tokens too: nothing is refused here. */
export function javascriptTokens(text: string): Token[] {
  return new Lexer(text).run();
}

class Lexer {
  readonly #text: string;
  readonly #tokens: Token[] = [];
  /** Open brackets, each with whether a regular expression may follow its end. */
  readonly #open: { readonly text: string; readonly isCondition: boolean }[] = [];
  #at = 0;
  #breaks = true;
  /** Whether the bracket that was closed last held a condition, as in `if (x) /y/`. */
  #closedCondition = false;
  /** No regular expression ends before this offset: looked for once a line at most. */
  #noPattern = 0;

  constructor(text: string) {
    this.#text = text;
    if (text.startsWith('\ufeff')) this.#at = 1;
    if (text.startsWith('#!', this.#at)) this.#lineComment();
  }

  run(): Token[] {
    while (this.#at < this.#text.length && this.#open.length <= DEEPEST) this.#next();
    return this.#tokens;
  }

  #next(): void {
    const text = this.#text;
    const character = text[this.#at] as string;
    if (isLineEnd(character)) {
      this.#breaks = true;
      this.#at += 1;
    } else if (character <= ' ' || character === '\u00a0') this.#at += 1;
    else if (character === '/' && text[this.#at + 1] === '/') this.#lineComment();
    else if (character === '/' && text[this.#at + 1] === '*') this.#blockComment();
    else if (character === '<' && text.startsWith('<!--', this.#at)) this.#lineComment();
    else if (character === '"' || character === "'") this.#string(character);
    else if (character === '`') this.#template(this.#at);
    else if (character === '}' && this.#open.at(-1)?.text === '${') this.#template(this.#at);
    else if (character === '/' && this.#pattern()) return;
    else if (character < '0' && character !== '.' && character !== '$' && character !== '#') this.#operator();
    else if (!this.#match(NUMBER) && !this.#name()) this.#operator();
  }

  #push(kind: Token['kind'], text: string, start: number, end: number): void {
    this.#tokens.push({ kind, text, start, end, breaks: this.#breaks });
    this.#breaks = false;
    this.#at = end;
  }

  #lineComment(): void {
    while (this.#at < this.#text.length && !isLineEnd(this.#text[this.#at])) this.#at += 1;
  }

  #blockComment(): void {
    const end = this.#text.indexOf('*/', this.#at + 2);
    const next = end < 0 ? this.#text.length : end + 2;
    if (/[\r\n\u2028\u2029]/.test(this.#text.slice(this.#at, next))) this.#breaks = true;
    this.#at = next;
  }

  #match(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at;
    if (!pattern.test(this.#text)) return false;
    this.#push('other', '', this.#at, pattern.lastIndex);
    return true;
  }

  #name(): boolean {
    NAME.lastIndex = this.#at;
    const text = NAME.exec(this.#text)?.[0];
    if (text === undefined) return false;
    this.#push('name', text, this.#at, NAME.lastIndex);
    return true;
  }

  #operator(): void {
    const text = this.#operatorText();
    const before = this.#tokens.at(-1);
    if (text === '(' || text === '[' || text === '{') {
      this.#open.push({ text, isCondition: before?.kind === 'name' && CONDITIONS.has(before.text) });
    } else if (text === ')' || text === ']' || text === '}') {
      this.#closedCondition = this.#open.pop()?.isCondition ?? false;
    }
    this.#push('operator', text, this.#at, this.#at + text.length);
  }

  #operatorText(): string {
    const single = this.#text[this.#at] as string;
    if (ALONE.has(single)) return single;
    OPERATOR.lastIndex = this.#at;
    return OPERATOR.exec(this.#text)?.[0] ?? single;
  }

  #string(quote: string): void {
    const text = this.#text;
    const start = this.#at;
    let at = start + 1;
    for (; at < text.length && text[at] !== quote && text[at] !== '\n' && text[at] !== '\r'; at += 1) {
      if (text[at] === '\\') at += text.startsWith('\r\n', at + 1) ? 2 : 1;
    }
    const isClosed = text[at] === quote;
    const end = Math.min(isClosed ? at + 1 : at, text.length);
    this.#pushString(start, end, isClosed ? javascriptValue(text.slice(start + 1, at), false) : undefined);
  }

  #pushString(start: number, end: number, value: string | undefined): void {
    if (value === undefined) this.#push('other', '', start, end);
    else {
      this.#tokens.push({ kind: 'string', text: '', start, end, value, breaks: this.#breaks });
      this.#breaks = false;
      this.#at = end;
    }
  }

  /** A template, or what follows an expression in one. Expressions stand between operators `${` and `}`. */
  #template(start: number): void {
    const text = this.#text;
    const isWhole = text[start] === '`';
    if (!isWhole) {
      this.#open.pop();
      this.#push('operator', '}', start, start + 1);
    }
    const first = isWhole ? start : start + 1;
    let at = start + 1;
    while (at < text.length && text[at] !== '`' && !text.startsWith('${', at)) {
      at += text[at] === '\\' ? 2 : 1;
    }
    if (text[at] === '$') {
      this.#expression(first, at);
      return;
    }
    const end = Math.min(at + 1, text.length);
    const isTagged = isWhole && this.#isValueBefore();
    const isConstant = isWhole && !isTagged && text[at] === '`';
    this.#pushString(first, end, isConstant ? javascriptValue(text.slice(start + 1, at), true) : undefined);
  }

  #expression(start: number, at: number): void {
    if (at > start) this.#push('other', '', start, at);
    this.#open.push({ text: '${', isCondition: false });
    this.#push('operator', '${', at, at + 2);
  }

  /** Whether what stands before is a value, so that a slash divides it. */
  #isValueBefore(): boolean {
    const before = this.#tokens.at(-1);
    if (!before) return false;
    if (before.kind === 'name') return !BEFORE_VALUE.has(before.text);
    if (before.kind !== 'operator') return true;
    if (before.text === ')') return !this.#closedCondition;
    // Behind a block a new statement begins, mostly on a new line; an object may be divided.
    if (before.text === '}') return !this.#breaks;
    return before.text === ']' || before.text === '++' || before.text === '--';
  }

  #pattern(): boolean {
    if (this.#at < this.#noPattern || this.#isValueBefore()) return false;
    const text = this.#text;
    let isClass = false;
    let at = this.#at + 1;
    for (; at < text.length && !isLineEnd(text[at]); at += 1) {
      const character = text[at];
      if (character === '\\') at += 1;
      else if (character === '[') isClass = true;
      else if (character === ']') isClass = false;
      else if (character === '/' && !isClass) {
        this.#push('other', '', this.#at, at + 1);
        return true;
      }
    }
    this.#noPattern = at;
    return false;
  }
}

const ESCAPE =
  /\\(\r\n|[\n\r\u2028\u2029]|[0-3][0-7]{0,2}|[4-7][0-7]?|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|u\{[0-9a-fA-F]+\}|[\s\S])/g;
const SIMPLE: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };

/** What the text between the quotes means; undefined where JavaScript would refuse it. */
function javascriptValue(body: string, isTemplate: boolean): string | undefined {
  const text = isTemplate ? body.replace(/\r\n?/g, '\n') : body;
  if (!text.includes('\\')) return text;
  let isBroken = false;
  const value = text.replace(ESCAPE, (_, code: string) => {
    const kind = code[0] as string;
    if (isLineEnd(kind)) return '';
    if (/[0-7]/.test(kind)) {
      if (isTemplate && code !== '0') isBroken = true;
      return String.fromCharCode(Number.parseInt(code, 8));
    }
    if (kind === 'x' || kind === 'u') {
      const point = Number.parseInt(code.replace(/[xu{}]/g, ''), 16);
      if (point <= 0x10ffff) return String.fromCodePoint(point);
      isBroken = true;
    }
    return SIMPLE[code] ?? code;
  });
  return isBroken ? undefined : value;
}
