import { type AST, ParseError, parseTOML } from 'toml-eslint-parser';
import type { Assignment, Format, Span } from './assignment.ts';
import {
  assignmentsOf,
  type Comma,
  DEEPEST,
  type Entry,
  malformed,
  memberSpan,
  tooDeep,
  wholeLines,
} from './data.ts';

/**
 * The texts of a TOML document; tables and keys above a name are its scope.
 * @throws Failure exit 2 naming the line
 */
function readToml(text: string): Assignment[] {
  return assignmentsOf(text, bodyEntries(text, parsed(text)));
}

export const toml: Format = { name: 'TOML', kind: 'data', read: readToml };

function parsed(text: string): AST.TOMLProgram {
  try {
    return parseTOML(text.replace(/^\ufeff/, ' '));
  } catch (error) {
    if (error instanceof ParseError) throw malformed('TOML', text, error.index);
    if (error instanceof RangeError) throw tooDeep('TOML');
    throw error;
  }
}

function* bodyEntries(text: string, program: AST.TOMLProgram): Generator<Entry> {
  const comma = commaFinder(program);
  const context = { text, comma };
  for (const node of program.body[0].body) {
    if (node.type === 'TOMLKeyValue') yield* pairEntries(context, node, [], lineSpan(text, node));
    else {
      const scope = node.resolvedKey.map(String);
      for (const pair of node.body) yield* pairEntries(context, pair, scope, lineSpan(text, pair));
    }
  }
}

interface Context {
  readonly text: string;
  readonly comma: Comma;
}

const spanOf = ({ range: [start, end] }: { range: [number, number] }): Span => ({ start, end });
const lineSpan = (text: string, node: AST.TOMLKeyValue): Span => wholeLines(text, spanOf(node));

function* pairEntries(
  context: Context,
  pair: AST.TOMLKeyValue,
  outer: readonly string[],
  entry: Span,
): Generator<Entry> {
  const keys = pair.key.keys.map((key) => (key.type === 'TOMLBare' ? key.name : key.value));
  const name = keys.pop() ?? '';
  yield* valueEntries(context, pair.value, name, [...outer, ...keys], entry);
}

function* valueEntries(
  context: Context,
  node: AST.TOMLContentNode,
  name: string,
  scope: readonly string[],
  entry?: Span,
): Generator<Entry> {
  if (scope.length > DEEPEST) throw tooDeep('TOML');
  if (node.type === 'TOMLValue') {
    if (node.kind === 'string' && entry) yield { name, scope, text: node.value, value: spanOf(node), entry };
  } else if (node.type === 'TOMLArray') {
    for (const [index, element] of node.elements.entries()) {
      yield* valueEntries(context, element, String(index), [...scope, name]);
    }
  } else {
    const inside = { start: node.range[0] + 1, end: node.range[1] - 1 };
    const members = node.body.map(spanOf);
    for (const [index, pair] of node.body.entries()) {
      const span = memberSpan(context.text, members, index, inside, context.comma);
      yield* pairEntries(context, pair, [...scope, name], span);
    }
  }
}

function commaFinder({ tokens }: AST.TOMLProgram): Comma {
  const commas = tokens
    .filter(({ value, type }) => value === ',' && type === 'Punctuator')
    .map(({ range }) => range[0]);
  return (start, end) => {
    let [low, high] = [0, commas.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((commas[middle] as number) < start) low = middle + 1;
      else high = middle;
    }
    const found = commas[low];
    return found !== undefined && found < end ? found : undefined;
  };
}
