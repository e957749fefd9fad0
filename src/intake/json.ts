import { createScanner, type Node, type ParseError, parseTree } from 'jsonc-parser';
import { type Failure, usage } from '../failure.ts';
import type { Assignment, Format, Span } from './assignment.ts';
import { Entries, linesOf, NAME_KEYS, VALUE_KEYS } from './entries.ts';
import { lineFinder } from './lines.ts';
import { type Comma, memberEntry } from './members.ts';

/** The parser calls itself for each level. */
const DEEPEST = 200;
const COMMA = 5;
const END_OF_FILE = 17;

/**
 * The texts of a JSON document, or of several one after the other (JSON lines), with comments and trailing commas
 * allowed. Keys above a name are its scope, places in arrays count from 0.
 * @throws Failure exit 2 naming the line
 */
export function readJson(text: string): Assignment[] {
  const documents = documentsOf(text);
  const found = new Entries(text);
  for (const [index, document] of documents.entries())
    collect(text, document, documents.length > 1 ? [String(index)] : [], found);
  return found.assignments();
}

export const json: Format = { name: 'JSON', kind: 'data', read: readJson };

/** Each JSON value of the text; offsets are the text's own, since what was read before is blanked out. */
function documentsOf(text: string): Node[] {
  const plain = text.replace(/^\ufeff/, ' ');
  const node = parsed(plain);
  if (node) return [node];
  const lines = [...linesOf(plain)].filter(({ start, end }) => /\S/.test(plain.slice(start, end)));
  if (lines.length < 2 || !lines.every(({ start, end }) => /^\s*\{.*\}\s*$/s.test(plain.slice(start, end)))) {
    throw malformed(text, firstError(plain));
  }
  return lines.map(({ start, end }) => {
    const found = parsed(plain.slice(start, end));
    if (!found) throw malformed(text, start);
    return moved(found, start);
  });
}

function parsed(text: string): Node | undefined {
  const errors: ParseError[] = [];
  const node = tree(text, errors);
  return node && errors.length === 0 ? node : undefined;
}

function firstError(text: string): number {
  const errors: ParseError[] = [];
  tree(text, errors);
  return errors[0]?.offset ?? 0;
}

function tree(text: string, errors: ParseError[]): Node | undefined {
  if (isDeep(text)) throw usage('the JSON is nested too deeply');
  return parseTree(text, errors, { allowTrailingComma: true });
}

/** The parser calls itself for each bracket. */
function isDeep(text: string): boolean {
  let depth = 0;
  for (const [bracket] of text.matchAll(/"(?:[^"\\\n]|\\.)*"|[[\]{}]/g)) {
    if (bracket === '[' || bracket === '{') depth += 1;
    else if (bracket === ']' || bracket === '}') depth -= 1;
    if (depth > DEEPEST) return true;
  }
  return false;
}

/** By line only: the parser's own messages quote what it read. */
function malformed(text: string, offset: number): Failure {
  return usage(`line ${lineFinder(text)(offset)} is not JSON`);
}

function moved(node: Node, by: number): Node {
  const children = node.children?.map((child) => moved(child, by));
  return { ...node, offset: node.offset + by, ...(children ? { children } : {}) };
}

function collect(text: string, node: Node, scope: readonly string[], found: Entries): void {
  const members = node.children ?? [];
  const commas = commaFinder(text);
  const spans = members.map(spanOf);
  for (const [index, member] of members.entries()) {
    const [key, value] = node.type === 'object' ? (member.children ?? []) : [undefined, member];
    if (!value || (node.type === 'array' && value.type === 'string')) continue;
    const named = node.type === 'array' ? namedValue(value) : undefined;
    const name = named?.name ?? String(key ? key.value : index);
    const given = named?.value ?? value;
    if (given.type !== 'string') collect(text, given, [...scope, name], found);
    else {
      const inside = { start: node.offset + 1, end: node.offset + node.length - 1 };
      found.add({
        name,
        scope,
        text: String(given.value),
        value: spanOf(given),
        entry: memberEntry(text, spans, index, inside, commas),
      });
    }
  }
}

/** `{"name": ..., "value": ...}`, as lists of variables have it. */
function namedValue(node: Node): { name: string; value: Node } | undefined {
  const [name, value] = [NAME_KEYS, VALUE_KEYS].map((keys) =>
    keys.map((key) => member(node, key)).find((found) => found?.type === 'string'),
  );
  return name && value && { name: String(name.value), value };
}

const spanOf = ({ offset, length }: Node): Span => ({ start: offset, end: offset + length });

function commaFinder(text: string): Comma {
  return (start, end) => {
    const scanner = createScanner(text, true);
    scanner.setPosition(start);
    for (let kind: number = scanner.scan(); kind !== END_OF_FILE; kind = scanner.scan()) {
      const offset = scanner.getTokenOffset();
      if (offset >= end) return undefined;
      if (kind === COMMA) return offset;
    }
    return undefined;
  };
}

/**
 * The code of a Jupyter notebook, cell by cell.
 * @throws Failure exit 2
 */
export function notebookCells(text: string): { lines: Node[] }[] {
  const root = parsed(text.replace(/^\ufeff/, ' '));
  const cells = member(root, 'cells')?.children;
  if (!cells) throw usage('this is not a Jupyter notebook');
  return cells.flatMap((cell) => {
    if (member(cell, 'cell_type')?.value !== 'code') return [];
    const source = member(cell, 'source');
    const lines = source?.type === 'array' ? (source.children ?? []) : source ? [source] : [];
    return [{ lines }];
  });
}

function member(node: Node | undefined, name: string): Node | undefined {
  if (node?.type !== 'object') return undefined;
  return node.children?.find(({ children }) => children?.[0]?.value === name)?.children?.[1];
}
