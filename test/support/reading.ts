import { expect } from 'vitest';
import type { Assignment, Format } from '../../src/intake/assignment.ts';

/** Name in its scope, and the value in the open: what a reader found. */
export const pairs = (found: readonly Assignment[]): [string, string][] =>
  found.map(({ name, scope, secret }) => [[...scope, name].join('/'), secret.reveal()]);

/** Without each entry in turn, the text must be read as before but for that entry. */
export function expectRemovable(format: Format, text: string): void {
  const found = format.read(text);
  for (const [index, { entry }] of found.entries()) {
    if (entry === undefined) continue;
    const rest = text.slice(0, entry.start) + text.slice(entry.end);
    expect(pairs(format.read(rest))).toEqual(pairs(found.filter((_, other) => other !== index)));
  }
}

/** How the values stand in the text. */
export const spelled = (text: string, found: readonly Assignment[]): string[] =>
  found.map(({ value }) => text.slice(value.start, value.end));

/**
 * Reading must take less than half a second of processor time, and end with assignments or a Failure that quotes
 * nothing. The better of two tries counts: collecting garbage of earlier tests takes time too.
 */
export function expectQuick(format: Format, text: string): void {
  const first = duration(format, text);
  expect(first < 500 ? first : duration(format, text)).toBeLessThan(500);
}

function duration(format: Format, text: string): number {
  const begun = process.cpuUsage();
  try {
    format.read(text);
  } catch (error) {
    expect((error as Error).name).toBe('Failure');
    expect((error as Error).message.length).toBeLessThan(100);
  }
  return process.cpuUsage(begun).user / 1000;
}

/** A mebibyte of each: what makes careless expressions and recursion slow. */
export const HOSTILE: readonly (readonly [string, string])[] = [
  ...['a', ' ', '\n', '\\', '"', "'", '`', '=', '#', '[', ']', '{', '(', '$', ':', ',', '.', '\t', ';'],
  ...['a=', 'a=\n', 'a="', "a='", 'a b ', '\\\n', '\\\r\n', '<<a\n', '$(', '"$(', '${', '[a]\n', '[[a]]\n'],
  ...['a.', 'a={', 'a=[', '"""', "'''", '\r', 'a:', 'a: b\n', ' a\n', 'api key\n', 'a,b\n', '"a",', '""'],
].map((part) => [JSON.stringify(part), part.repeat(Math.ceil(2 ** 20 / part.length))] as const);
