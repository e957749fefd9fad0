import type { Token } from './tokens.ts';
import { DEEPEST, TranslatingLexer } from './translating-lexer.ts';

const OPENING = /<\?(?:php\b|=)?/gi;
const COMMENT = /(?:#(?!\[)|\/\/)(?:(?!\?>)[^\r\n])*|\/\*[\s\S]*?(?:\*\/|$)/y;
const HEREDOC = /<<<[ \t]*(["']?)([A-Za-z_]\w*)\1(?:\r\n|\n|\r)/y;
const WORD = /\${0,2}[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*/y;
const NUMBER = /\.?[0-9][\w.]*/y;
const OPERATOR =
  /<=>|\*\*=|\.\.\.|<<=|>>=|\?\?=|\?->|===|!==|=>|->|::|\?\?|\?:|\|\||&&|\+\+|--|<<|>>|<>|[-+*/%&|^.!=<>]=|[\s\S]/y;
/** What operators are called in JavaScript; a comma or a bracket is the same. */
const IN_JAVASCRIPT: Readonly<Record<string, string>> = {
  '->': '.',
  '?->': '.',
  '::': '.',
  '\\': '.',
  '.': '+',
  '.=': '+=',
  '=>': ':',
  '?:': '||',
  '<>': '!=',
};
/** Words that no value ends with, so that a bracket behind them holds a list. */
const BEFORE_VALUE = new Set(
  'return echo print yield case and or xor else as in extends implements new'.split(' '),
);
const VARIABLES = new Set(['_ENV', '_SERVER']);

/** An open bracket. */
interface Bracket {
  /** What its end is called: nothing where it is left out. */
  close: string;
  readonly isArray: boolean;
  /** How many entries came before the present one. */
  count: number;
}

/**
 * The tokens of PHP source in the words of JavaScript: `['key' => 'value']` gives an object, `$a->b` a property, `define()`
 * an assignment, and what asks the environment `process.env`. What is outside of `<?php` gives none; nothing is refused.
 */
export function phpTokens(text: string): Token[] {
  return new Lexer(text).run();
}

class Lexer extends TranslatingLexer {
  readonly #open: Bracket[] = [];

  run(): Token[] {
    this.#leave();
    while (this.at < this.text.length && this.#open.length <= DEEPEST) this.#next();
    return this.tokens;
  }

  #next(): void {
    const character = this.text[this.at] as string;
    if (character === '\n' || character === '\r') this.breaks = true;
    if (character <= ' ') this.at += 1;
    else if (this.text.startsWith('?>', this.at)) this.#leave();
    else if (this.#skips(COMMENT)) return;
    else if (character === "'" || character === '"' || character === '`') this.#string(character);
    else if (character === '<' && this.#heredoc()) return;
    else if (!this.#word() && !this.#number()) this.#operator();
  }

  /** What is no program, up to where one begins again. */
  #leave(): void {
    OPENING.lastIndex = this.at;
    this.at = OPENING.exec(this.text) ? OPENING.lastIndex : this.text.length;
    if (this.tokens.length > 0) this.push('operator', ';', this.at, this.at);
  }

  #skips(pattern: RegExp): boolean {
    if (!this.matches(pattern)) return false;
    this.at = pattern.lastIndex;
    return true;
  }

  #string(quote: string): void {
    const start = this.at;
    const { body, end, isClosed } = this.quoted(start);
    const isConstant = isClosed && quote !== '`' && !(quote === '"' && INTERPOLATED.test(body));
    if (isConstant) this.push('string', '', start, end, phpValue(body, quote));
    else this.push('other', '', start, end);
  }

  #heredoc(): boolean {
    HEREDOC.lastIndex = this.at;
    const [, , name] = HEREDOC.exec(this.text) ?? [];
    if (name === undefined) return false;
    const end = new RegExp(`^[ \\t]*${name}\\b`, 'gm');
    end.lastIndex = HEREDOC.lastIndex;
    this.push('other', '', this.at, end.exec(this.text) ? end.lastIndex : this.text.length);
    return true;
  }

  #word(): boolean {
    WORD.lastIndex = this.at;
    const [word] = WORD.exec(this.text) ?? [];
    if (word === undefined) return false;
    const end = WORD.lastIndex;
    if (/^or$/i.test(word)) this.push('operator', '||', this.at, end);
    else this.push('name', word.replace(/^\$+/, ''), this.at, end);
    return true;
  }

  #number(): boolean {
    NUMBER.lastIndex = this.at;
    if (!NUMBER.test(this.text)) return false;
    this.push('other', '', this.at, NUMBER.lastIndex);
    return true;
  }

  #operator(): void {
    OPERATOR.lastIndex = this.at;
    const text = OPERATOR.exec(this.text)?.[0] ?? '';
    const [start, end] = [this.at, this.at + text.length];
    if (text === '(' || text === '[' || text === '{') this.#bracket(text, start, end);
    else if (text === ')' || text === ']' || text === '}') this.#close(text, start, end);
    else if (text === ',') this.#comma(start, end);
    else if (text === '\\' && this.last().kind !== 'name') this.at = end;
    else if (text === ':' && this.last().text === ')') this.push('operator', ';', start, end);
    else this.push('operator', IN_JAVASCRIPT[text] ?? text, start, end);
  }

  #bracket(text: string, start: number, end: number): void {
    const isCall = text === '(' && /^array$/i.test(this.last().text);
    const isArray = isCall || (text === '[' && !this.#isValueBefore());
    if (isCall) this.tokens.pop();
    if (isArray) this.#numberEntry(start);
    this.push('operator', isArray ? '{' : text, start, end);
    const close = { '(': ')', '[': ']', '{': '}' }[text] ?? '';
    this.#open.push({ close: isArray ? '}' : close, isArray, count: 0 });
  }

  /** An array that is an entry without a key has its number as its name. */
  #numberEntry(at: number): void {
    const outer = this.#open.at(-1);
    const before = this.last().text;
    if (!outer?.isArray || (before !== '{' && before !== ',')) return;
    this.push('name', String(outer.count), at, at);
    this.push('operator', ':', at, at);
  }

  #isValueBefore(): boolean {
    const { kind, text } = this.last();
    if (kind === 'name') return !BEFORE_VALUE.has(text.toLowerCase());
    return kind === 'string' || text === ')' || text === ']' || text === '}';
  }

  #close(text: string, start: number, end: number): void {
    const bracket = this.#open.pop();
    if (this.#isAsked(text)) this.ask(3, end);
    else if (text === ')' && this.last(3).text.toLowerCase() === 'putenv') this.#set(start, end);
    else if (bracket?.close !== '') this.push('operator', bracket?.close ?? text, start, end);
    else this.at = end;
  }

  #comma(start: number, end: number): void {
    const bracket = this.#open.at(-1);
    const callee = this.#isArgument() ? this.last(3).text.toLowerCase() : '';
    if (bracket && callee === 'define') {
      const [name] = this.tokens.splice(-3).slice(-1) as [Token];
      this.push('name', name.value ?? '', name.start, name.end);
      this.push('operator', '=', start, end);
      bracket.close = ';';
    } else if (bracket && callee === 'env') {
      this.ask(3, start);
      this.push('operator', '||', start, end);
      bracket.close = '';
    } else this.push('operator', ',', start, end);
    if (bracket) bracket.count += 1;
  }

  /** Whether what was read last is a call up to its first argument, which is a string. */
  #isArgument(): boolean {
    return this.last().value !== undefined && this.last(2).text === '(' && this.last(3).kind === 'name';
  }

  /** `getenv('X')`, `env('X')`, `$_ENV['X']`, before the bracket that ends it. */
  #isAsked(bracket: string): boolean {
    if (bracket === ')') return this.#isArgument() && /^(?:getenv|env)$/i.test(this.last(3).text);
    return (
      bracket === ']' &&
      this.last().value !== undefined &&
      this.last(2).text === '[' &&
      VARIABLES.has(this.last(3).text)
    );
  }

  /** Makes an assignment of `putenv('NAME=value')`. */
  #set(start: number, end: number): void {
    const [, name, value] = /^(\w+)=([\s\S]*)$/.exec(this.last().value ?? '') ?? [];
    if (name !== undefined) {
      const [, , string] = this.tokens.splice(-3) as [Token, Token, Token];
      this.push('name', name, string.start, string.start);
      this.push('operator', '=', string.start, string.start);
      this.push('string', '', string.start, string.end, value);
    }
    this.push('operator', name === undefined ? ')' : ';', start, end);
  }
}

const INTERPOLATED = /(?<!\\)(?:\\\\)*(?:\$[A-Za-z_{]|\{\$)/;
const ESCAPE = /\\(?:u\{[0-9a-fA-F]{1,6}\}|x[0-9a-fA-F]{1,2}|[0-7]{1,3}|[nrtvef\\$"])/g;
const SIMPLE: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', v: '\v', e: '\u001b', f: '\f' };

/** What the text between the quotes means. */
function phpValue(body: string, quote: string): string {
  if (!body.includes('\\')) return body;
  if (quote === "'") return body.replace(/\\([\\'])/g, '$1');
  return body.replace(ESCAPE, (written) => {
    const code = written.slice(1);
    const digits = /^u\{(.*)\}$/.exec(code)?.[1] ?? /^x(.*)$/.exec(code)?.[1];
    const point = digits === undefined ? Number.NaN : Number.parseInt(digits, 16);
    if (!Number.isNaN(point)) return point > 0x10ffff ? written : String.fromCodePoint(point);
    return /^[0-7]/.test(code)
      ? String.fromCharCode(Number.parseInt(code, 8) & 0xff)
      : (SIMPLE[code] ?? code);
  });
}
