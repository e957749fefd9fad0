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
import type { Assignment, Entry, Format, Span } from './assignment.ts';
import { Entries, NAME_KEYS, VALUE_KEYS } from './entries.ts';
import { endOfLine, lineFinder, startOfLine } from './lines.ts';
import { memberEntry, wholeLines } from './members.ts';

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
  #isSecret = false;
  #visited = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
    this.#found = new Entries(text);
  }

  read(document: Document.Parsed, scope: readonly string[]): void {
    this.#targets = targetsOf(document);
    this.#isSecret = isMap(document.contents) && String(document.contents.get('kind')) === 'Secret';
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
    const members = map.flow ? map.items.map(extentOf) : [];
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
    const members = list.flow ? list.items.map(extentOf) : [];
    for (const [index, item] of list.items.entries()) {
      const pair = namedValue(item);
      if (pair) {
        const entry = this.#itemEntry(list, index, spanOf(item as YAMLMap), members);
        this.#add(pair.name, scope, pair.value, spanOf(pair.value), entry);
        continue;
      }
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
      this.#add(name, scope, { value }, span, this.#itemEntry(list, index, whole, members));
    }
  }

  #add(
    name: string,
    scope: readonly string[],
    { value }: Pick<Scalar, 'value'>,
    span: Span,
    entry: Entry | undefined,
  ): void {
    this.#count();
    const written = String(value ?? '');
    // Kubernetes keeps the `data` of a secret in base64.
    const text = this.#isSecret && scope.at(-1) === 'data' ? decoded(written) : written;
    this.#found.add({ name, scope, text, value: span, entry });
  }

  #itemEntry(list: YAMLSeq, index: number, item: Span, members: readonly Span[]): Entry | undefined {
    if (list.flow) return this.#flowEntry(list, members, index);
    const dash = this.#text.lastIndexOf('-', item.start - 1);
    if (!this.#beginsLine(dash)) return undefined;
    if (list.items.length === 1) return this.#lastEntry({ start: dash, end: item.end }, ' []');
    return wholeLines(this.#text, item);
  }

  #entry(map: YAMLMap, index: number, members: readonly Span[]): Entry | undefined {
    const pair = map.items[index];
    if (!isPair(pair) || !isScalar(pair.key) || !isScalar(pair.value)) return undefined;
    if (map.flow) return this.#flowEntry(map, members, index);
    const member = extentOf(pair);
    const isFirstOfLine = this.#beginsLine(member.start);
    if (!isFirstOfLine && !this.#beginsItem(member.start)) return undefined; // `? key`, an anchor, a tag
    if (map.items.length === 1) return this.#lastEntry(member, '{}');
    return isFirstOfLine ? wholeLines(this.#text, member) : this.#firstOfItem(member, map.items[index + 1]);
  }

  /** The first entry of a mapping whose line begins with the dash of a list. */
  #firstOfItem({ start, end }: Span, next: unknown): Entry | undefined {
    const following = extentOf(next).start;
    if (/^\s*$/.test(this.#text.slice(endOfLine(this.#text, end), following)))
      return { start, end: following };
    return { start, end: this.#endOfContent(end) };
  }

  /** The only entry of a block collection: what is empty has to be written in brackets. */
  #lastEntry({ start, end }: Span, brackets: string): Entry {
    const head = this.#text.slice(0, start).trimEnd();
    const isBehindKey = /^[^#]*:$/.test(head.slice(startOfLine(head, head.length)));
    const to = this.#endOfContent(end);
    return isBehindKey
      ? { start: head.length, end: to, left: ` ${brackets.trim()}` }
      : { start, end: to, left: brackets };
  }

  /** Where the line ends that a value ends on, before its line end. */
  #endOfContent(end: number): number {
    const last = this.#text.slice(0, end).trimEnd().length;
    return last + (/^[^\r\n]*/.exec(this.#text.slice(last))?.[0].length ?? 0);
  }

  #beginsLine(offset: number): boolean {
    return /^ *$/.test(this.#text.slice(startOfLine(this.#text, offset), offset));
  }

  #beginsItem(offset: number): boolean {
    return /^ *(?:- +)+$/.test(this.#text.slice(startOfLine(this.#text, offset), offset));
  }

  #flowEntry(collection: YAMLMap | YAMLSeq, members: readonly Span[], index: number): Entry | undefined {
    const whole = spanOf(collection);
    if (!/[[{]/.test(this.#text[whole.start] ?? '')) return undefined; // a pair alone in a list
    const inside = { start: whole.start + 1, end: whole.end - 1 };
    return memberEntry(this.#text, members, index, inside, (start, end) => {
      const at = start + (/^(?:\s|#[^\r\n]*)*/.exec(this.#text.slice(start, end))?.[0].length ?? 0);
      return this.#text[at] === ',' && at < end ? at : undefined;
    });
  }
}

/** `{name: ..., value: ...}`, as lists of variables have it. */
function namedValue(item: unknown): { name: string; value: Scalar } | undefined {
  if (!isMap(item)) return undefined;
  const [name, value] = [NAME_KEYS, VALUE_KEYS].map((keys) =>
    keys.map((key) => item.get(key, true)).find((found) => isScalar(found)),
  );
  return name && value && { name: String(name.value), value };
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

function decoded(text: string): string {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text.trim() ? bytes.toString() : text;
}

/** The library gives the merge key as a symbol where it means one. */
function isMerge(pair: Pair): boolean {
  if (!isScalar(pair.key)) return false;
  const { value } = pair.key;
  return value === '<<' || (typeof value === 'symbol' && value.description === '<<');
}

function spanOf({ range }: { range?: readonly [number, number, number] | null | undefined }): Span {
  return { start: range?.[0] ?? 0, end: range?.[1] ?? 0 };
}

/** From a pair's key to the end of its value; a node's own span. */
function extentOf(item: unknown): Span {
  if (!isPair(item)) return spanOf(item as Scalar);
  const { start } = spanOf(item.key as Scalar);
  return { start, end: spanOf((item.value ?? item.key) as Scalar).end };
}
