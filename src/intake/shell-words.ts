import type { Span } from './assignment.ts';

/** A word of a shell command, with its quotes resolved. */
export interface Word extends Span {
  readonly kind: 'word';
  readonly text: string;
  /** False where the shell would compute a part of it: variables, substitutions, its home. */
  readonly literal: boolean;
  /** Where the first quote or escape stands, or the end: what is before it is written plainly. */
  readonly plainEnd: number;
}

/** What stands between words: `\n` for a line end, operators as they are, `<` for every redirection. */
export interface Operator extends Span {
  readonly kind: 'operator';
  readonly sign: string;
}

const BLANK = /(?:[ \t]+|\\\r?\n)*/y;
const LINE_END = /\r\n|\n|\r/y;
const OPERATOR = /;;|&&|\|\||[;&|()]/y;
const REDIRECTION = /<<<|<<-?|[<>][<>&|]?/y;
const COMMENT = /#[^\r\n]*/y;
const PLAIN = /[^ \t\r\n;&|()<>'"\\$`~]+/y;
const ENDS_WORD = /[ \t\r\n;&|()<>]/;
/** In double quotes, up to what is special there. */
const QUOTED = /[^"\\$`]+/y;
/** A dollar sign that stands for something else than itself. */
const EXPANSION = /\$[\w{(@*#?$!'"-]/y;

/** The words and operators of a shell text, in one pass. Here-documents are passed over; it ends at an unclosed quote. */
export function* shellTokens(text: string): Generator<Word | Operator> {
  const documents: { readonly end: string; readonly tabs: boolean }[] = [];
  for (let at = 0; at < text.length; ) {
    at = match(BLANK, text, at) ?? at;
    at = match(COMMENT, text, at) ?? at;
    const behindLine = match(LINE_END, text, at);
    if (behindLine !== undefined) {
      yield { kind: 'operator', sign: '\n', start: at, end: behindLine };
      at = documents.splice(0).reduce((from, document) => behindDocument(text, from, document), behindLine);
      continue;
    }
    const behindOperator = match(OPERATOR, text, at);
    if (behindOperator !== undefined) {
      yield { kind: 'operator', sign: text.slice(at, behindOperator), start: at, end: behindOperator };
      at = behindOperator;
      continue;
    }
    const behindRedirection = match(REDIRECTION, text, at);
    if (behindRedirection !== undefined) {
      yield { kind: 'operator', sign: '<', start: at, end: behindRedirection };
      const sign = text.slice(at, behindRedirection);
      at = behindRedirection;
      if (sign !== '<<' && sign !== '<<-') continue;
      const word = wordAt(text, match(BLANK, text, at) ?? at);
      if (word === undefined) return;
      documents.push({ end: word.text, tabs: sign === '<<-' });
      yield word;
      at = word.end;
      continue;
    }
    if (at >= text.length) return;
    const word = wordAt(text, at);
    if (word === undefined) return;
    yield word;
    at = word.end;
  }
}

function match(pattern: RegExp, text: string, at: number): number | undefined {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}

function behindDocument(text: string, from: number, { end, tabs }: { end: string; tabs: boolean }): number {
  for (let start = from; start < text.length; ) {
    const lineEnd = text.indexOf('\n', start);
    const next = lineEnd < 0 ? text.length : lineEnd + 1;
    const line = text.slice(start, next).replace(/\r?\n$/, '');
    if ((tabs ? line.replace(/^\t+/, '') : line) === end) return next;
    start = next;
  }
  return text.length;
}

/** The word that begins at an offset; an array's parentheses belong to it. Undefined where a quote is not closed. */
function wordAt(text: string, start: number): Word | undefined {
  const parts: string[] = [];
  let [at, literal, plainEnd] = [start, true, -1];
  while (at < text.length) {
    const plain = match(PLAIN, text, at);
    if (plain !== undefined) {
      parts.push(text.slice(at, plain));
      at = plain;
      continue;
    }
    const isArray = text[at] === '(' && text[at - 1] === '=' && at > start;
    if (ENDS_WORD.test(text[at] as string) && !isArray) break;
    if (plainEnd < 0) plainEnd = at;
    const part = isArray ? computed(text, at) : partAt(text, at);
    if (part === undefined) return undefined;
    parts.push(part.text);
    literal &&= part.literal;
    at = part.end;
  }
  return {
    kind: 'word',
    text: parts.join(''),
    literal,
    plainEnd: plainEnd < 0 ? at : plainEnd,
    start,
    end: at,
  };
}

interface Part {
  readonly text: string;
  readonly literal: boolean;
  readonly end: number;
}

/** A quoted or escaped part, or one that the shell computes. */
function partAt(text: string, at: number): Part | undefined {
  switch (text[at]) {
    case "'": {
      const end = text.indexOf("'", at + 1);
      return end < 0 ? undefined : { text: text.slice(at + 1, end), literal: true, end: end + 1 };
    }
    case '"':
      return doubleQuoted(text, at);
    case '\\': {
      const lineEnd = match(LINE_END, text, at + 1);
      if (lineEnd !== undefined) return { text: '', literal: true, end: lineEnd };
      return { text: text[at + 1] ?? '\\', literal: true, end: Math.min(at + 2, text.length) };
    }
    case '$':
      return match(EXPANSION, text, at) === undefined
        ? { text: '$', literal: true, end: at + 1 }
        : computed(text, at);
    case '`':
      return computed(text, at);
    default: {
      // A tilde: the home folder at the beginning of a word, a value, or a path in a list.
      const isHome = at === 0 || /[=: \t\r\n;&|()<>]/.test(text[at - 1] as string);
      return { text: '~', literal: !isHome, end: at + 1 };
    }
  }
}

function doubleQuoted(text: string, start: number): Part | undefined {
  const parts: string[] = [];
  let literal = true;
  for (let at = start + 1; at < text.length; ) {
    const plain = match(QUOTED, text, at);
    if (plain !== undefined) {
      parts.push(text.slice(at, plain));
      at = plain;
    } else if (text[at] === '"') {
      return { text: parts.join(''), literal, end: at + 1 };
    } else if (text[at] === '\\') {
      const lineEnd = match(LINE_END, text, at + 1);
      if (lineEnd === undefined) parts.push(unescaped(text.slice(at, at + 2)));
      at = lineEnd ?? at + 2;
    } else if (
      text[at] === '$' &&
      (match(EXPANSION, text, at) === undefined || /['"]/.test(text[at + 1] ?? ''))
    ) {
      parts.push('$');
      at += 1;
    } else {
      const part = computed(text, at);
      if (part === undefined) return undefined;
      literal = false;
      at = part.end;
    }
  }
  return undefined;
}

const unescaped = (pair: string): string => (/^\\[$`"\\]$/.test(pair) ? pair.slice(1) : pair);

const CLOSING: Record<string, string> = { '(': ')', '{': '}', '"': '"', '`': '`' };

/** What the shell computes (`$NAME`, `${...}`, `$(...)`, backquotes, an array), to its end; nested parts by a stack. */
function computed(text: string, start: number): Part | undefined {
  const open = text[start] === '$' ? start + 1 : start;
  const sign = text[open] as string;
  if (sign === "'") {
    const end = ansiQuoteEnd(text, open + 1);
    return end === undefined ? undefined : { text: '', literal: false, end };
  }
  if (CLOSING[sign] === undefined) {
    return { text: '', literal: false, end: match(/\w+|[^\w]/y, text, open) ?? open };
  }
  const expected = [CLOSING[sign] as string];
  for (let at = open + 1; at < text.length; at += 1) {
    const here = text[at] as string;
    const inner = expected.at(-1) as string;
    if (here === '\\') at += 1;
    else if (here === inner) {
      expected.pop();
      if (expected.length === 0) return { text: '', literal: false, end: at + 1 };
    } else if (here === "'" && inner !== '"') {
      const end = text.indexOf("'", at + 1);
      if (end < 0) return undefined;
      at = end;
    } else if (here === '"' || here === '`' || (here === '(' && inner !== '"')) {
      expected.push(CLOSING[here] as string);
    } else if (here === '$' && /[({]/.test(text[at + 1] ?? '')) {
      at += 1;
      expected.push(CLOSING[text[at] as string] as string);
    }
  }
  return undefined;
}

/** `$'...'` has escapes of its own. */
function ansiQuoteEnd(text: string, from: number): number | undefined {
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === "'") return at + 1;
  }
  return undefined;
}
