import {
  type Alias,
  Composer,
  type Document,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  Lexer,
  type Node,
  type Pair,
  Parser,
  type Scalar,
  visit,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import { type Failure, usage } from '../failure.ts';
import type { Assignment, Format, Span } from './assignment.ts';
import { Entries } from './entries.ts';
import { lineFinder, startOfLine } from './lines.ts';
import { memberSpan, wholeLines } from './members.ts';

/** The parser calls itself for each level. */
const DEEPEST = 100;
/** The parser takes some ten microseconds for each: no file of settings has so many. */
const MOST_LEXEMES = 200_000;
/** What following aliases may come to: a few lines can stand for billions. */
const MOST_VALUES = 100_000;
/** An environment variable in a list, as in a compose file: `- NAME=value`. */
const VARIABLE = /^([A-Za-z_]\w*)=(.+)$/s;

/**
 * The texts of a YAML file by their keys. Every scalar is a text (the failsafe schema), aliases and merged mappings are
 * followed, and of several documents each has a number.
 * @throws Failure exit 2 with the line where it is no YAML
 */
function readYaml(text: string): Assignment[] {
  if (isTooDeep(text)) throw usage('not YAML that can be read: nested too deeply');
  const documents = [...documentsOf(text)];
  const reader = new Reader(text);
  for (const [index, document] of documents.entries())
    reader.read(document, documents.length > 1 ? [String(index + 1)] : []);
  return reader.assignments();
}

export const yaml: Format = { name: 'YAML', kind: 'data', read: readYaml };

/** As the library's own loop over its stages, but with an end at the first error: each costs time, and there may be a million. */
function* documentsOf(text: string): Generator<Document.Parsed> {
  const composer = new Composer({
    schema: 'failsafe',
    merge: true,
    uniqueKeys: false,
    logLevel: 'silent',
    prettyErrors: false, // they quote the text
  });
  for (const token of tokensOf(text)) {
    if (token.type === 'error') throw malformed(text, token.offset);
    yield* wellFormed(text, composer.next(token));
  }
  yield* wellFormed(text, composer.end());
}

function* tokensOf(text: string): ReturnType<Parser['parse']> {
  const parser = new Parser();
  let count = 0;
  for (const lexeme of new Lexer().lex(text)) {
    count += 1;
    if (count > MOST_LEXEMES) throw usage('not YAML that can be read: it has too many entries');
    yield* parser.next(lexeme);
  }
  yield* parser.end();
}

function* wellFormed(text: string, documents: ReturnType<Composer['next']>): Generator<Document.Parsed> {
  for (const document of documents) {
    const [error] = document.errors;
    if (error) throw malformed(text, error.pos[0]);
    yield document as Document.Parsed;
  }
}

const malformed = (text: string, offset: number): Failure =>
  usage(`not YAML (line ${lineFinder(text)(offset)})`);

/** Brackets of flow collections, and the indentation of block ones. */
function isTooDeep(text: string): boolean {
  let depth = 0;
  for (const character of text) {
    if (character === '[' || character === '{') depth += 1;
    else if (character === ']' || character === '}') depth = Math.max(0, depth - 1);
    if (depth > DEEPEST) return true;
  }
  return new RegExp(`^ {${DEEPEST * 4},}|(?:^|\\n)[ ]*(?:- ){${DEEPEST},}`, 'm').test(text);
}

class Reader {
  readonly #text: string;
  readonly #found: Entries;
  #targets: ReadonlyMap<Alias, Node> = new Map();
  #visited = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
    this.#found = new Entries(text);
  }

  read(document: Document.Parsed, scope: readonly string[]): void {
    this.#targets = targetsOf(document);
    this.#visit(document.contents, scope);
  }

  assignments(): Assignment[] {
    return this.#found.assignments();
  }

  #visit(from: unknown, scope: readonly string[]): void {
    this.#count();
    const node = this.#meant(from);
    this.#depth += 1;
    if (this.#depth > DEEPEST) throw usage('not YAML that can be read: nested too deeply');
    if (isMap(node)) this.#mapping(node, scope);
    else if (isSeq(node)) this.#list(node, scope);
    this.#depth -= 1;
  }

  #count(): void {
    this.#visited += 1;
    if (this.#visited > MOST_VALUES) throw usage('the YAML stands for too many values');
  }

  /** What an alias stands for; anything else is itself. */
  #meant(node: unknown): unknown {
    return isAlias(node) ? this.#targets.get(node) : node;
  }

  #mapping(map: YAMLMap, scope: readonly string[]): void {
    const merges = map.items.filter((pair) => isMerge(pair));
    for (const { value } of merges) {
      const parents = this.#meant(value);
      for (const parent of isSeq(parents) ? parents.items : [parents]) this.#visit(parent, scope);
    }
    const members = map.flow ? map.items.map(memberOf) : [];
    for (const [index, pair] of map.items.entries()) {
      if (isMerge(pair) || !isScalar(pair.key)) continue;
      const key = String(pair.key.value).replace(/^:/, ''); // a symbol of Ruby
      const value = this.#meant(pair.value);
      if (isScalar(value)) {
        const entry = isAlias(pair.value) ? undefined : this.#entry(map, index, members);
        this.#add(key, scope, value, spanOf(value), entry);
      } else this.#visit(value, [...scope, key]);
    }
  }

  #list(list: YAMLSeq, scope: readonly string[]): void {
    for (const [index, item] of list.items.entries()) {
      const [, name, value] = isScalar(item) ? (VARIABLE.exec(String(item.value)) ?? []) : [];
      if (name === undefined || value === undefined || !isScalar(item)) {
        this.#visit(item, [...scope, String(index)]);
        continue;
      }
      const whole = spanOf(item);
      const offset = this.#text.slice(whole.start, whole.end).indexOf(value);
      if (offset < 0) continue;
      const start = whole.start + offset;
      const span = { start, end: start + value.length };
      this.#add(name, scope, { value }, span, list.flow ? undefined : wholeLines(this.#text, whole));
    }
  }

  #add(
    name: string,
    scope: readonly string[],
    { value }: Pick<Scalar, 'value'>,
    span: Span,
    entry: Span | undefined,
  ): void {
    this.#count();
    this.#found.add({ name, scope, text: String(value ?? ''), value: span, entry });
  }

  #entry(map: YAMLMap, index: number, members: readonly Span[]): Span | undefined {
    const pair = map.items[index];
    if (!isPair(pair) || !isScalar(pair.key) || !isScalar(pair.value)) return undefined;
    if (map.flow) return this.#flowEntry(map, index, members);
    const member = memberOf(pair);
    if (map.items.length === 1) return undefined; // an empty mapping would become null
    const isFirstOfLine = /^[ ]*$/.test(
      this.#text.slice(startOfLine(this.#text, member.start), member.start),
    );
    if (isFirstOfLine) return wholeLines(this.#text, member);
    const following = map.items[index + 1];
    return isScalar(following?.key) ? { start: member.start, end: spanOf(following.key).start } : undefined;
  }

  #flowEntry(map: YAMLMap, index: number, members: readonly Span[]): Span {
    const whole = spanOf(map);
    const inside = { start: whole.start + 1, end: whole.end - 1 };
    return memberSpan(this.#text, members, index, inside, (start, end) => {
      const offset = this.#text.slice(start, end).indexOf(',');
      return offset < 0 ? undefined : start + offset;
    });
  }
}

/** Each alias with the last node before it that has its anchor. The library looks through the whole document for each. */
function targetsOf(document: Document.Parsed): Map<Alias, Node> {
  const anchors = new Map<string, Node>();
  const targets = new Map<Alias, Node>();
  visit(document, {
    Node: (_, node) => {
      if (!isAlias(node)) {
        if (node.anchor !== undefined) anchors.set(node.anchor, node);
        return;
      }
      const target = anchors.get(node.source);
      if (target) targets.set(node, target);
    },
  });
  return targets;
}

/** The library gives the merge key as a symbol where it means one. */
function isMerge(pair: Pair): boolean {
  if (!isScalar(pair.key)) return false;
  const { value } = pair.key;
  return value === '<<' || (typeof value === 'symbol' && value.description === '<<');
}

const memberOf = ({ key, value }: Pair): Span => ({
  start: spanOf(key as Scalar).start,
  end: spanOf((value ?? key) as Scalar).end,
});

function spanOf({ range }: { range?: readonly [number, number, number] | null | undefined }): Span {
  return { start: range?.[0] ?? 0, end: range?.[1] ?? 0 };
}
