import fc from 'fast-check';
import { expect } from 'vitest';
import type { Assignment, Format } from '../../src/intake/assignment.ts';
import { atNight } from './effort.ts';

/** Name in its scope, and the value in the open: what a reader found. */
export const pairs = (found: readonly Assignment[]): [string, string][] =>
  found.map(({ name, scope, secret }) => [[...scope, name].join('/'), secret.reveal()]);

/** The same by name, for comparing where the order says nothing. */
export const values = (found: readonly Assignment[]): Record<string, string> =>
  Object.fromEntries(pairs(found));

/** Without each entry in turn, the text must be read as before but for that entry. */
export function expectRemovable(format: Format, text: string): void {
  const found = format.read(text);
  for (const [index, { entry }] of found.entries()) {
    if (entry === undefined) continue;
    const rest = text.slice(0, entry.start) + (entry.left ?? '') + text.slice(entry.end);
    expect(pairs(format.read(rest))).toEqual(pairs(found.filter((_, other) => other !== index)));
  }
}

/** How the values stand in the text. */
export const spelled = (text: string, found: readonly Assignment[]): string[] =>
  found.map(({ value }) => text.slice(value.start, value.end));

/** Reading must end with assignments, or with a Failure that quotes nothing. The test's own time limit is the only one. */
export function expectEnd(format: Format, text: string): void {
  try {
    format.read(text);
  } catch (error) {
    expect((error as Error).name).toBe('Failure');
    expect((error as Error).message.length).toBeLessThan(100);
  }
}

/** Of the mebibyte that hostile texts have at night. */
export const SHARE = atNight(1, 1 / 4);

/** A mebibyte of the part, again and again, or the share of it. */
export const mebibyte = (part: string): string => part.repeat(Math.ceil((2 ** 20 * SHARE) / part.length));

/** What makes careless expressions and recursion slow. */
export const HOSTILE: readonly (readonly [string, string])[] = [
  ...['a', ' ', '\n', '\\', '"', "'", '`', '=', '#', '[', ']', '{', '(', '$', ':', ',', '.', '\t', ';'],
  ...['a=', 'a=\n', 'a="', "a='", 'a b ', '\\\n', '\\\r\n', '<<a\n', '$(', '"$(', '${', '[a]\n', '[[a]]\n'],
  ...['a.', 'a={', 'a=[', '"""', "'''", '\r', 'a:', 'a: b\n', ' a\n', 'api key\n', 'a,b\n', '"a",', '""'],
].map((part) => [JSON.stringify(part), mebibyte(part)] as const);

interface Tree {
  [key: string]: string | Tree;
}

/** Texts under names under names, as files of data hold them. */
export const { tree } = fc.letrec<{ tree: Tree }>((tie) => {
  const text = fc.oneof(
    fc.stringMatching(/^[A-Za-z0-9%-]{1,12}$/),
    fc.string(),
    fc.constantFrom('', 'true', '007', '~', '2026-11-24', 'a: b # c', '*a', '&a b', '<<'),
  );
  const name = fc.oneof(fc.stringMatching(/^[a-z][a-z_]{0,5}$/), fc.constantFrom('constructor', 'toString'));
  return {
    tree: fc.dictionary(name, fc.oneof({ depthSize: 'small' }, text, tie('tree')), {
      minKeys: 1,
      maxKeys: 4,
      noNullPrototype: true,
    }),
  };
});

/** The texts of a tree by the way to them. */
export function flat(from: Tree, path: readonly string[] = []): Record<string, string> {
  const rows = Object.entries(from).flatMap(([name, inner]) =>
    typeof inner === 'string'
      ? [[[...path, name].join('/'), inner]]
      : Object.entries(flat(inner, [...path, name])),
  );
  return Object.fromEntries(rows);
}
