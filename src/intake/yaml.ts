import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  parseAllDocuments,
  type Scalar,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import { usage } from '../failure.ts';
import type { Assignment, Format, Span } from './assignment.ts';
import {
  assignmentsOf,
  type Comma,
  DEEPEST,
  type Entry,
  isBlank,
  malformed,
  memberSpan,
  tooDeep,
  wholeLines,
} from './data.ts';

/** How many entries aliases and merges may make of one file. */
const MOST = 20_000;

/**
 * The texts of YAML documents, every scalar as its text. Keys above a name are its scope; a second document begins with
 * its number, from 0. Aliases and merged keys count where they are used, without a place of their own to take out.
 * @throws Failure exit 2 naming the line
 */
export function readYaml(text: string): Assignment[] {
  if (isDeep(text)) throw tooDeep('YAML');
  const documents = parsed(text);
  const reader = new Reader(text);
  for (const [index, document] of documents.entries()) {
    reader.read(document, documents.length > 1 ? [String(index)] : []);
  }
  return assignmentsOf(text, reader.entries);
}

export const yaml: Format = { name: 'YAML', kind: 'data', read: readYaml };

function parsed(text: string): Document.Parsed[] {
  let documents: ReturnType<typeof parseAllDocuments>;
  try {
    documents = parseAllDocuments(text, {
      schema: 'failsafe',
      merge: true,
      keepSourceTokens: true,
      logLevel: 'silent',
      uniqueKeys: false,
      prettyErrors: false,
    });
  } catch (error) {
    if (error instanceof RangeError) throw tooDeep('YAML');
    throw error;
  }
  if (!Array.isArray(documents)) return [];
  const error = documents.flatMap(({ errors }) => errors)[0];
  if (error) throw malformed('YAML', text, error.pos[0]);
  return documents as Document.Parsed[];
}

/** The parser calls itself for each bracket, and for each `- - -` on a line. */
function isDeep(text: string): boolean {
  let depth = 0;
  for (const [match] of text.matchAll(/"(?:[^"\\]|\\[\s\S])*"|[[\]{}]|(?:[-?] ){100}/g)) {
    if (match === '[' || match === '{') depth += 1;
    else if (match === ']' || match === '}') depth = Math.max(0, depth - 1);
    else if (!match.startsWith('"')) return true;
    if (depth > DEEPEST) return true;
  }
  return false;
}

/** A map with the stretch to take out where nothing would remain of it. */
type Whole = Span | undefined;

class Reader {
  readonly entries: Entry[] = [];
  readonly #text: string;
  #document: Document.Parsed | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  read(document: Document.Parsed, scope: readonly string[]): void {
    this.#document = document;
    const { contents } = document;
    if (contents) this.#node(contents, scope, wholeLines(this.#text, spanOf(contents)));
  }

  /** `whole` is undefined where the node stands elsewhere in the text. */
  #node(node: unknown, scope: readonly string[], whole: Whole): void {
    if (scope.length > DEEPEST) throw tooDeep('YAML');
    if (isMap(node)) this.#map(node as YAMLMap<Node, Node | null>, scope, whole);
    else if (isSeq(node)) this.#list(node as YAMLSeq<Node>, scope, whole);
  }

  #list(list: YAMLSeq<Node>, scope: readonly string[], whole: Whole): void {
    for (const [index, item] of list.items.entries()) {
      if (isScalar(item)) continue;
      const own = whole && this.#itemSpan(list, index, whole);
      this.#node(this.#target(item), [...scope, String(index)], isAlias(item) ? undefined : own);
    }
  }

  #itemSpan(list: YAMLSeq<Node>, index: number, whole: Span): Whole {
    if (list.flow) return undefined;
    if (list.items.length === 1) return whole;
    return wholeLines(this.#text, spanOf(list.items[index] as Node));
  }

  #target(node: Node): Node | undefined {
    return isAlias(node) && this.#document ? node.resolve(this.#document) : node;
  }

  /** Merged keys first, so that a map's own keys count in their stead. */
  #map(map: YAMLMap<Node, Node | null>, scope: readonly string[], whole: Whole): void {
    for (const { key, value } of map.items) if (isMerge(key) && value) this.#merge(value, scope);
    const spans = map.items.map(pairSpan);
    for (const [index, { key, value }] of map.items.entries()) {
      if (!isScalar(key) || isMerge(key) || !value) continue;
      if (this.entries.length > MOST) throw usage('the YAML has too many entries');
      const name = String(key.value);
      const target = this.#target(value);
      const own = whole && entrySpan(this.#text, spans, index, map, whole);
      if (!isScalar(target)) this.#node(target, [...scope, name], isAlias(value) ? undefined : own);
      else this.#scalar(name, target, scope, isAlias(value) ? undefined : own);
    }
  }

  #merge(value: Node, scope: readonly string[]): void {
    const items = isSeq(value) ? ([...value.items].reverse() as Node[]) : [value];
    for (const item of items) {
      const target = this.#target(item);
      if (isMap(target)) this.#map(target as YAMLMap<Node, Node | null>, scope, undefined);
    }
  }

  #scalar(name: string, scalar: Scalar, scope: readonly string[], own: Whole): void {
    // What is used elsewhere cannot go.
    const entry = scalar.anchor === undefined ? own : undefined;
    this.entries.push({ name, scope, text: String(scalar.value), value: spanOf(scalar), entry });
  }
}

const isMerge = (key: unknown): boolean => isScalar(key) && key.source === '<<';

function spanOf(node: { range?: [number, number, number] | null }): Span {
  const [start, end] = node.range ?? [0, 0];
  return { start, end };
}

function pairSpan({ key, value }: { key: Node; value: Node | null }): Span {
  const { start, end } = spanOf(key);
  return { start, end: Math.max(end, spanOf(value ?? {}).end) };
}

function entrySpan(
  text: string,
  spans: readonly Span[],
  index: number,
  map: YAMLMap<Node, Node | null>,
  whole: Span,
): Whole {
  const span = spans[index] as Span;
  if (map.flow) {
    const { start, end } = spanOf(map);
    return memberSpan(text, spans, index, { start: start + 1, end: end - 1 }, commaIn(text));
  }
  // A section of nothing would mean an empty text, so it goes with its only entry.
  if (spans.length === 1) return whole;
  const lines = wholeLines(text, span);
  if (isBlank(text, lines.start, span.start)) return lines;
  // Behind `- `, the next entry moves up.
  const next = spans[index + 1];
  return next && index === 0 && text[lines.start] !== '?'
    ? { start: span.start, end: next.start }
    : undefined;
}

/** In a flow map; comments in there begin behind white space. */
function commaIn(text: string): Comma {
  return (start, end) => {
    for (const { 0: match, index } of text.slice(start, end).matchAll(/,|(?<=^|\s)#.*/g)) {
      if (match === ',') return start + index;
    }
    return undefined;
  };
}
