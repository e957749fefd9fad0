import { usage } from '../failure.ts';
import { lineFinder } from './lines.ts';

const DEEPEST = 64;
/** The parser takes tens of microseconds for each line, member and part of a name: no file of settings has so many. */
const MOST_PARTS = 8000;

/**
 * Looks at brackets, separators and line ends outside of strings and comments, in one pass, before the parser does.
 * @throws Failure exit 2 where the text nests too deep or has too many parts for the parser
 */
export function refuseHostileToml(text: string): void {
  let [depth, dots, parts] = [0, 0, 0];
  for (let at = 0; at < text.length; at = afterToken(text, at)) {
    const sign = text[at] as string;
    if (sign === '[' || sign === '{') depth += 1;
    else if (sign === ']' || sign === '}') depth -= 1;
    if (sign === '.') dots += 1;
    else if (/[\n=,]/.test(sign)) dots = 0;
    if (/[[{.,=#]/.test(sign)) parts += 1;
    if (depth > DEEPEST || dots > DEEPEST) {
      throw usage(`not TOML that can be read: it nests too deep (line ${lineFinder(text)(at)})`);
    }
    if (parts > MOST_PARTS) throw usage('not TOML that can be read: it has too many entries');
  }
}

/** Behind the string, the comment or the character that begins at an offset. */
function afterToken(text: string, at: number): number {
  const sign = text[at];
  if (sign === '#') return endOr(text, text.indexOf('\n', at));
  if (sign !== '"' && sign !== "'") return at + 1;
  const fence = sign.repeat(3);
  if (text.startsWith(fence, at)) return afterString(text, at + 3, fence, sign === '"');
  return afterString(text, at + 1, sign, sign === '"');
}

function afterString(text: string, from: number, quote: string, escapes: boolean): number {
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === '\\' && escapes) at += 1;
    else if (text.startsWith(quote, at)) return behindQuotes(text, at, quote);
    // A string in single quotes ends with its line in any case: the parser says what is wrong.
    else if (text[at] === '\n' && quote.length === 1) return at;
  }
  return text.length;
}

/** Up to two quotes before the closing three belong to the text. */
function behindQuotes(text: string, at: number, quote: string): number {
  let end = at + quote.length;
  if (quote.length === 3) while (end < at + 5 && text[end] === quote[0]) end += 1;
  return end;
}

const endOr = (text: string, offset: number): number => (offset < 0 ? text.length : offset);
