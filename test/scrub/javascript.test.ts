import { describe, expect, test } from 'vitest';
import { edited } from '../../src/scrub/edit.ts';
import { javascriptEdits } from '../../src/scrub/javascript.ts';
import { moveOf } from './hand-made.ts';

function scrubbed(text: string, path = 'keys.js', literal = "'literal'"): string {
  return edited(text, javascriptEdits(path, text, new Map([[moveOf(text, 'key', literal), 'KEY']])));
}

describe('JavaScript', () => {
  test.each([
    ["const key = 'literal';", 'const key = process.env.KEY;'],
    ["module.exports = { key: 'literal' }", 'module.exports = { key: process.env.KEY }'],
    ["() => { return'literal'}", '() => { return process.env.KEY}'],
    ["'literal'in x", 'process.env.KEY in x'],
    [
      "import process from 'node:process'; f('literal')",
      "import process from 'node:process'; f(process.env.KEY)",
    ],
    ["const process = spawn(x); f('literal')", 'const process = spawn(x); f(globalThis.process.env.KEY)'],
    ["<Client id={1} key='literal' />", '<Client id={1} key={process.env.KEY} />'],
    ["if (a<b) key='literal'", 'if (a<b) key=process.env.KEY'],
  ])('%s', (text, result) => {
    expect(scrubbed(text)).toBe(result);
  });
});

describe('TypeScript', () => {
  test('gets a string', () => {
    expect(scrubbed("const key: string = 'literal';", 'keys.ts')).toBe(
      'const key: string = process.env.KEY!;',
    );
  });

  test.each([
    ["const key = 'literal' as const;", 'as const'],
    ["enum Keys { a = 'x', key = 'literal' }", 'a member of an enum'],
    ["export const enum Keys { a = '}', /* } */\n  'key' = 'literal', // mine\n}", 'a member of an enum'],
    ["declare enum /* { */ Keys {key='literal'}", 'a member of an enum'],
    ["type key = 'literal';", 'a type'],
  ])('that asks for a literal is refused: %s', (text, what) => {
    expect(() => scrubbed(text, 'keys.ts')).toThrow(
      `keys.ts was left as it is: line ${text.includes('\n') ? 2 : 1}: key has to be a literal (${what})`,
    );
  });

  test.each([
    "const a = ['x'] as const; const key = 'literal';",
    "enum Keys { a = 'x' }\nconst key = 'literal';",
    "const word = 'enum Keys {'; const key = 'literal';",
  ])('beside what asks for literals is scrubbed: %s', (text) => {
    expect(scrubbed(text, 'keys.ts')).toContain('const key = process.env.KEY!;');
  });
});
