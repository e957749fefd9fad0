import { type AST, ParseError, parseTOML } from 'toml-eslint-parser';
import { usage } from '../failure.ts';
import type { Assignment, Format, Span } from './assignment.ts';
import { Entries } from './entries.ts';
import { endOfLine, startOfLine } from './lines.ts';
import { refuseHostileToml } from './toml-limits.ts';

/**
 * The strings of a TOML document; a member of an array is named by its number.
 * @throws Failure exit 2 where the text is not TOML, nests too deep or has too many parts
 */
function readToml(text: string): Assignment[] {
  refuseHostileToml(text);
  const walk = new Walk(text);
  for (const part of parsed(text).body[0].body) {
    if (part.type === 'TOMLKeyValue') walk.pair(part, [], walk.lines(part));
    else for (const pair of part.body) walk.pair(pair, part.resolvedKey.map(String), walk.lines(pair));
  }
  return walk.found.assignments();
}

export const toml: Format = { name: 'toml', kind: 'data', read: readToml };

function parsed(text: string): AST.TOMLProgram {
  try {
    return parseTOML(text);
  } catch (error) {
    // The parser's message may quote the text.
    if (error instanceof ParseError) throw usage(`not TOML (line ${error.lineNumber})`);
    throw usage('not TOML that can be read');
  }
}

class Walk {
  readonly found: Entries;
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
    this.found = new Entries(text);
  }

  /** A pair outside of inline tables has its lines to itself. */
  lines({ range: [start, end] }: AST.TOMLKeyValue): Span {
    return { start: startOfLine(this.#text, start), end: endOfLine(this.#text, end) };
  }

  pair({ key, value }: AST.TOMLKeyValue, scope: readonly string[], entry: Span): void {
    const names = key.keys.map((part) => (part.type === 'TOMLBare' ? part.name : part.value));
    this.#content(value, [...scope, ...names], entry);
  }

  #content(node: AST.TOMLContentNode, path: readonly string[], entry: Span | undefined): void {
    if (node.type === 'TOMLArray') {
      // Without one of its members the others would have other numbers: they have no entries.
      for (const [index, element] of node.elements.entries())
        this.#content(element, [...path, String(index)], undefined);
    } else if (node.type === 'TOMLInlineTable') {
      for (const [index, pair] of node.body.entries()) this.pair(pair, path, withComma(node.body, index));
    } else if (node.kind === 'string') {
      const [start, end] = node.range;
      this.found.add({
        name: path.at(-1) ?? '',
        scope: path.slice(0, -1),
        text: node.value,
        value: { start, end },
        entry,
      });
    }
  }
}

/** A pair of an inline table with the comma that goes with it: the one behind it, or before it where it is the last. */
function withComma(pairs: readonly AST.TOMLKeyValue[], index: number): Span {
  const [start, end] = (pairs[index] as AST.TOMLKeyValue).range;
  const next = pairs[index + 1];
  if (next) return { start, end: next.range[0] };
  return { start: pairs[index - 1]?.range[1] ?? start, end };
}
