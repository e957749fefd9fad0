import { isMap, isScalar, isSeq, type Node, parseDocument, type YAMLMap } from 'yaml';
import type { Place } from '../system/block.ts';

/** A place in a YAML text, and which of the keys asked for lead to it. */
export interface YamlPlace extends Place {
  /** How many of the keys are there already. */
  readonly depth: number;
  /** Whether what is there is a list. */
  readonly isList: boolean;
}

/**
 * Where an entry can be added under some keys, one within the other: before the first entry of the innermost that
 * exists. Only in block style, whose lines can be added to without touching another; null for anything else.
 */
export function yamlPlace(text: string, keys: readonly string[]): YamlPlace | null {
  const document = parseDocument(text, { strict: false });
  if (document.errors.length > 0) return null;
  const contents = document.contents as Node | null;
  if (contents === null) return { at: text.length, indent: '', depth: 0, isList: false };
  let node: Node = contents;
  let depth = 0;
  for (const key of keys) {
    const value: Node | undefined = isMap(node) ? entryOf(node, key) : undefined;
    if (value === undefined) break;
    node = value;
    depth += 1;
  }
  if (depth === 0)
    return isMap(node) && !node.flow ? { at: endOf(text), indent: '', depth, isList: false } : null;
  const first = firstEntry(node);
  const lineStart = first === undefined ? 0 : text.lastIndexOf('\n', first - 1) + 1;
  const lead = first === undefined ? undefined : /^( *)(?:-\s+)?$/.exec(text.slice(lineStart, first));
  if (!lead) return null;
  return { at: lineStart, indent: lead[1] ?? '', depth, isList: isSeq(node) };
}

/** The end of the text; before a mark that ends the document. */
function endOf(text: string): number {
  return /^\.\.\.\s*$/m.exec(text)?.index ?? text.length;
}

function entryOf(map: YAMLMap, key: string): Node | undefined {
  const pair = map.items.find((item) => isScalar(item.key) && item.key.value === key);
  return (pair?.value as Node | null) ?? undefined;
}

/** Where the first entry of a map or list in block style begins. */
function firstEntry(node: Node): number | undefined {
  if (!(isMap(node) || isSeq(node)) || node.flow) return undefined;
  const [first] = node.items;
  const begin = isMap(node) ? (first as { key: Node }).key : (first as Node | undefined);
  return begin?.range?.[0];
}
