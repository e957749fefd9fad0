import type { Token } from './tokens.ts';
import { DEEPEST, TranslatingLexer } from './translating-lexer.ts';

const COMMENT = /#[^\r\n]*|(?<![^\r\n])=begin\b[\s\S]*?(?:(?:\r|\n)=end\b[^\r\n]*|$)/y;
const END = /(?<![^\r\n])__END__[^\S\r\n]*(?![^\r\n])/y;
const HEREDOC = /<<[~-]?(["'`]?)([A-Z_][A-Z0-9_]*)\1/y;
const LITERAL = /%[qQwWiIrsx]?([^\w\s])/y;
const SYMBOL = /:(?=[A-Za-z_"'])/y;
const WORD = /[@$]{0,2}[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*(?:[?!](?!=))?/y;
const NUMBER = /[0-9][\w.]*/y;
const OPERATOR =
  /\*\*=|<=>|===|\|\|=|&&=|\.\.\.|<<=|>>=|=>|==|=~|!=|!~|<=|>=|::|&\.|\|\||&&|<<|>>|\*\*|\.\.|->|[-+*/%&|^]=|[\s\S]/y;
/** What operators are called in JavaScript. */
const IN_JAVASCRIPT: Readonly<Record<string, string>> = { '=>': ':', '::': '.', '&.': '.' };
const CLOSING: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}', '<': '>' };
/** Words that an `end` belongs to: those of statements, where they begin one, and those that always do. */
const BLOCKS = new Set(['def', 'class', 'module', 'begin', 'case', 'do']);
const STATEMENTS = new Set(['if', 'unless', 'while', 'until', 'for']);
const LOOPS = new Set(['while', 'until', 'for']);
/** What a statement may begin behind, on its own line. */
const BEFORE_STATEMENT = new Set([
  '',
  ';',
  '=',
  '(',
  '{',
  '||',
  '||=',
  '&&',
  ',',
  ':',
  'else',
  'then',
  'do',
  'return',
]);
/** Methods without an effect on a constant string. */
const HARMLESS = new Set(['freeze', 'strip', 'to_s', 'dup']);
/** Commands of OmniAuth and Devise, which name an app's two behind the service. */
const COMMANDS = new Set(['provider', 'omniauth']);
const KEYWORDS = new Set('return if unless while until and or not in then else elsif when puts'.split(' '));

/**
 * The tokens of Ruby source in the words of JavaScript: symbols are strings, `do` and `end` are braces, and what asks the
 * environment is `process.env`. Nothing is refused.
 */
export function rubyTokens(text: string): Token[] {
  return new Lexer(text).run();
}

class Lexer extends TranslatingLexer {
  /** Open brackets and blocks, by the words that opened them. */
  readonly #open: string[] = [];
  /** Here-documents that begin with the next line. */
  readonly #documents: string[] = [];
  /** A block that opens with the end of its line. */
  #isOpening = false;
  #isCommand = false;

  run(): Token[] {
    while (this.at < this.text.length && this.#open.length <= DEEPEST) {
      if (this.matches(END)) break;
      this.#next();
    }
    return this.tokens;
  }

  #next(): void {
    const character = this.text[this.at] as string;
    if (character === '\n' || character === '\r') this.#line();
    else if (character <= ' ') this.at += 1;
    else if (this.matches(COMMENT)) this.at = COMMENT.lastIndex;
    else if (character === "'" || character === '"' || character === '`') this.#string(this.at, this.at);
    else if (character === ':' && this.#symbol()) return;
    else if (character === '<' && this.#document()) return;
    else if (character === '%' && this.#literal()) return;
    else if (character === '/' && this.#pattern()) return;
    else if (!this.#word() && !this.#number()) this.#operator();
  }

  #line(): void {
    this.at += 1;
    if (this.#isCommand && this.last().text !== ',') {
      this.#isCommand = false;
      this.push('operator', ')', this.at, this.at);
    }
    if (this.#isOpening) this.#begin();
    for (const name of this.#documents.splice(0)) {
      const end = new RegExp(`^[ \\t]*${name}[ \\t]*$`, 'gm');
      end.lastIndex = this.at;
      this.at = end.exec(this.text) ? end.lastIndex : this.text.length;
    }
    this.breaks = true;
  }

  #begin(): void {
    this.#isOpening = false;
    this.push('operator', '{', this.at, this.at);
  }

  /** @param start where the token begins: at the quote, or at the colon of a symbol */
  #string(start: number, quoteAt: number): void {
    const quote = this.text[quoteAt] as string;
    const { body, end, isClosed } = this.quoted(quoteAt);
    const isConstant = isClosed && quote !== '`' && !(quote === '"' && INTERPOLATED.test(body));
    if (isConstant) this.push('string', '', start, end, rubyValue(body, quote));
    else this.push('other', '', start, end);
  }

  #symbol(): boolean {
    if (!this.matches(SYMBOL)) return false;
    const start = this.at;
    if (/["']/.test(this.text[start + 1] as string)) this.#string(start, start + 1);
    else {
      WORD.lastIndex = start + 1;
      const [word = ''] = WORD.exec(this.text) ?? [];
      this.push('string', '', start, start + 1 + word.length, word);
    }
    return true;
  }

  #document(): boolean {
    if (!this.matches(HEREDOC)) return false;
    HEREDOC.lastIndex = this.at;
    const [whole = '', , name = ''] = HEREDOC.exec(this.text) ?? [];
    this.#documents.push(name);
    this.push('other', '', this.at, this.at + whole.length);
    return true;
  }

  /** `%w[a b]` and its like. */
  #literal(): boolean {
    LITERAL.lastIndex = this.at;
    const [whole = '', open = ''] = LITERAL.exec(this.text) ?? [];
    if (whole === '' || (this.#isValueBefore() && !/^%[qQwWiI]/.test(whole))) return false;
    const end = this.text.indexOf(CLOSING[open] ?? open, this.at + whole.length);
    this.push('other', '', this.at, end < 0 ? this.text.length : end + 1);
    return true;
  }

  #pattern(): boolean {
    const isArgument =
      this.last().kind === 'name' && /\s\/\S/.test(this.text.slice(this.at - 1, this.at + 2));
    if (this.#isValueBefore() && !isArgument) return false;
    PATTERN.lastIndex = this.at;
    if (!PATTERN.test(this.text)) return false;
    this.push('other', '', this.at, PATTERN.lastIndex);
    return true;
  }

  #isValueBefore(): boolean {
    const { kind, text } = this.last();
    if (kind === 'name') return !KEYWORDS.has(text);
    return kind === 'string' || kind === 'other' || text === ')' || text === ']' || text === '}';
  }

  #word(): boolean {
    WORD.lastIndex = this.at;
    const [written] = WORD.exec(this.text) ?? [];
    if (written === undefined) return false;
    const [start, end] = [this.at, WORD.lastIndex];
    const isMember = this.last().text === '.';
    if (isMember && this.last(2).kind === 'string' && HARMLESS.has(written)) this.#drop(end);
    else if (isMember && written === 'new') this.#drop(end);
    else if (!isMember && this.text[end] !== ':') this.#keyword(written, start, end);
    else this.push('name', written, start, end);
    return true;
  }

  /** Leaves out a method, and the dot before it. */
  #drop(end: number): void {
    this.tokens.pop();
    this.at = end;
  }

  #keyword(written: string, start: number, end: number): void {
    if (written === 'end') {
      if (this.#isOpening) this.#begin();
      this.#open.pop();
      this.push('operator', '}', start, end);
    } else if (written === 'or') this.push('operator', '||', start, end);
    else if (written === 'do') this.#do(start, end);
    else if (BLOCKS.has(written) || (STATEMENTS.has(written) && this.#isStatement())) {
      if (this.#isOpening) this.#begin();
      this.#open.push(written);
      this.push('name', written, start, end);
      this.#isOpening = true;
    } else {
      this.push('name', written.replace(/^[@$]+/, ''), start, end);
      if (COMMANDS.has(written)) this.#command();
    }
  }

  #isStatement(): boolean {
    const { text, kind } = this.last();
    return this.breaks || (kind !== 'string' && kind !== 'other' && BEFORE_STATEMENT.has(text));
  }

  /** The `do` of a loop belongs to it. */
  #do(start: number, end: number): void {
    this.at = end;
    if (this.#isOpening && LOOPS.has(this.#open.at(-1) ?? '')) return;
    this.#open.push('do');
    this.push('operator', '{', start, end);
  }

  /** A method with arguments and without brackets. */
  #command(): void {
    if (!/^[ \t]+[:"']/.test(this.text.slice(this.at, this.at + 20))) return;
    this.#isCommand = true;
    this.push('operator', '(', this.at, this.at);
  }

  #number(): boolean {
    if (!this.matches(NUMBER)) return false;
    this.push('other', '', this.at, NUMBER.lastIndex);
    return true;
  }

  #operator(): void {
    OPERATOR.lastIndex = this.at;
    const text = OPERATOR.exec(this.text)?.[0] ?? '';
    const [start, end] = [this.at, this.at + text.length];
    let opened: string | undefined;
    if (text === '(' || text === '[' || text === '{') this.#open.push(text);
    else if (text === ')' || text === ']' || text === '}') opened = this.#open.pop();
    if (text === ';' && this.#isOpening) this.#begin();
    if (text === ')' && opened === 'fetch') this.at = end;
    else if (text === ']' && this.#isAsked(2, '[')) this.ask(3, end);
    else if (text === ')' && this.#isFetched()) this.ask(5, end);
    else if (text === ',' && this.#isFetched()) {
      this.ask(5, start);
      this.push('operator', '||', start, end);
      this.#open[this.#open.length - 1] = 'fetch';
    } else this.push('operator', IN_JAVASCRIPT[text] ?? text, start, end);
  }

  /** Whether what was read last is `ENV`, a bracket and a string. */
  #isAsked(back: number, bracket: string): boolean {
    return (
      this.last().value !== undefined && this.last(2).text === bracket && this.last(back + 1).text === 'ENV'
    );
  }

  /** `ENV.fetch('X'`. */
  #isFetched(): boolean {
    return this.#isAsked(4, '(') && this.last(3).text === 'fetch';
  }
}

const PATTERN = /\/(?:\\.|[^\\/\r\n])+\//y;
const INTERPOLATED = /(?<!\\)(?:\\\\)*#[{@$]/;
const ESCAPE = /\\(?:u\{[0-9a-fA-F]{1,6}\}|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{1,2}|[0-7]{1,3}|[\s\S])/g;
const SIMPLE: Readonly<Record<string, string>> = {
  ...{ n: '\n', r: '\r', t: '\t', v: '\v', f: '\f' },
  ...{ a: '\u0007', b: '\b', e: '\u001b', s: ' ', '\n': '' },
};

/** What the text between the quotes means. */
function rubyValue(body: string, quote: string): string {
  if (!body.includes('\\')) return body;
  if (quote === "'") return body.replace(/\\([\\'])/g, '$1');
  return body.replace(ESCAPE, (written) => {
    const code = written.slice(1);
    const digits = /^[ux]\{?([0-9a-fA-F]+)\}?$/.exec(code)?.[1];
    const point = digits === undefined ? Number.NaN : Number.parseInt(digits, 16);
    if (!Number.isNaN(point)) return point > 0x10ffff ? written : String.fromCodePoint(point);
    return /^[0-7]/.test(code)
      ? String.fromCharCode(Number.parseInt(code, 8) & 0xff)
      : (SIMPLE[code] ?? code);
  });
}
