import type { Token } from './tokens.ts';

/** No program nests deeper; what stands behind such a place is not read. */
export const DEEPEST = 1000;

/** The beginning of a lexer that gives another language's tokens in the words of JavaScript. */
export class TranslatingLexer {
  protected readonly text: string;
  protected readonly tokens: Token[] = [];
  protected at = 0;
  /** Whether a line ended before the next token. */
  protected breaks = true;

  constructor(text: string) {
    this.text = text;
  }

  /** Whether a pattern (sticky) fits here; its lastIndex is then where it ends. */
  protected matches(pattern: RegExp): boolean {
    pattern.lastIndex = this.at;
    return pattern.test(this.text);
  }

  protected last(back = 1): Token {
    return this.tokens.at(-back) ?? { kind: 'newline', text: '', start: 0, end: 0 };
  }

  protected push(kind: Token['kind'], text: string, start: number, end: number, value?: string): void {
    this.tokens.push({
      kind,
      text,
      start,
      end,
      breaks: this.breaks,
      ...(value === undefined ? {} : { value }),
    });
    this.breaks = false;
    this.at = end;
  }

  /** What stands between the quotes that begin at a place, and where it ends. */
  protected quoted(quoteAt: number): {
    readonly body: string;
    readonly end: number;
    readonly isClosed: boolean;
  } {
    const quote = this.text[quoteAt];
    let at = quoteAt + 1;
    while (at < this.text.length && this.text[at] !== quote) at += this.text[at] === '\\' ? 2 : 1;
    const body = this.text.slice(quoteAt + 1, at);
    return { body, end: Math.min(at + 1, this.text.length), isClosed: at < this.text.length };
  }

  /** Makes `process.env['X']` of the last tokens, whose last one is the name. */
  protected ask(count: number, end: number): void {
    const tokens = this.tokens.splice(-count);
    const [first, key] = [tokens[0], tokens.at(-1)] as [Token, Token];
    this.push('name', 'process', first.start, first.end);
    this.push('operator', '.', first.end, first.end);
    this.push('name', 'env', first.end, first.end);
    this.push('operator', '[', first.end, key.start);
    this.push('string', '', key.start, key.end, key.value);
    this.push('operator', ']', key.end, end);
  }
}
