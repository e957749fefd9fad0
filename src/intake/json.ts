import { type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import { usage } from '../failure.ts';
import { Secret } from '../profile/secret.ts';
import type { Assignment, Format, Span } from './assignment.ts';
import { lineFinder } from './lines.ts';
import { separatedEntry } from './separated.ts';

/** Deeper than any file of settings; the parser calls itself for each level. */
const DEEPEST = 200;
const LENIENT = { allowTrailingComma: true, disallowComments: false, allowEmptyContent: true };
/** What may follow a member on its line if the whole line goes with it. */
const COMMENT = /^[ \t]*(?:\/\/[^\r\n]*)?\r?\n?$/;

/**
 * The texts of a JSON file by their keys, comments and trailing commas allowed. Several documents, one a line, count as
 * a list of them. Of two members with one key the last counts, as for JSON.parse.
 * @throws Failure exit 2 with the line where it is no JSON
 */
export function readJson(text: string): Assignment[] {
  const whole = parsed(text);
  if ('root' in whole) return assignmentsOf(text, [{ root: whole.root, scope: [], offset: 0 }]);
  const lines = parsedLines(text);
  if (lines) return assignmentsOf(text, lines);
  throw usage(`not JSON${whole.where}`);
}

export const json: Format = { name: 'JSON', kind: 'data', read: readJson };

interface Document {
  readonly root: Node | undefined;
  readonly scope: readonly string[];
  readonly offset: number;
}

function parsed(text: string): { root: Node | undefined } | { where: string } {
  if (depthOf(text) > DEEPEST) return { where: ': nested too deeply' };
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, LENIENT);
  const [first] = errors;
  if (!first) return { root };
  return { where: ` (line ${lineFinder(text)(first.offset)}: ${wordsOf(printParseErrorCode(first.error))})` };
}

const wordsOf = (code: string): string => code.replace(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();

/** A document a line, empty lines aside; undefined where that is not what it is. */
function parsedLines(text: string): Document[] | undefined {
  const documents: Document[] = [];
  for (const { 0: line, index } of text.matchAll(/[^\r\n]*\S[^\r\n]*/g)) {
    if (!/^\s*[{[]/.test(line)) return undefined;
    const document = parsed(line);
    if (!('root' in document)) return undefined;
    documents.push({ root: document.root, scope: [String(documents.length + 1)], offset: index });
  }
  return documents.length > 1 ? documents : undefined;
}

/** The deepest nesting of brackets outside strings. */
function depthOf(text: string): number {
  let [depth, deepest] = [0, 0];
  for (const [token] of text.matchAll(/"(?:[^"\\\n]|\\.)*"|[[\]{}]/g)) {
    if (token === '{' || token === '[') deepest = Math.max(deepest, ++depth);
    else if (token === '}' || token === ']') depth -= 1;
  }
  return deepest;
}

function assignmentsOf(text: string, documents: readonly Document[]): Assignment[] {
  const lineOf = lineFinder(text);
  const found = new Map<string, Assignment>();
  const add = (property: Node, key: string, value: Node, scope: readonly string[], offset: number): void => {
    const span = spanOf(value, offset);
    const id = JSON.stringify([...scope, key]);
    found.delete(id);
    found.set(id, {
      name: key,
      scope,
      secret: new Secret(String(value.value)),
      line: lineOf(span.start),
      value: span,
      entry: separatedEntry(text, spanOf(property, offset), COMMENT),
    });
  };
  const visit = (node: Node, scope: readonly string[], offset: number): void => {
    for (const [index, child] of (node.children ?? []).entries()) {
      const [key, value] = child.type === 'property' ? (child.children ?? []) : [undefined, child];
      if (!value) continue;
      const name = key === undefined ? String(index) : String(key.value);
      if (value.type === 'object' || value.type === 'array') visit(value, [...scope, name], offset);
      else if (value.type === 'string' && key) add(child, name, value, scope, offset);
    }
  };
  for (const { root, scope, offset } of documents) if (root) visit(root, scope, offset);
  return [...found.values()];
}

const spanOf = ({ offset, length }: Node, base: number): Span => ({
  start: base + offset,
  end: base + offset + length,
});
