import fc from 'fast-check';
import { parse } from 'jsonc-parser';
import { describe, expect, it } from 'vitest';
import { json } from '../../src/intake/json.ts';
import { notebook } from '../../src/intake/notebook.ts';
import { sentinel } from '../support/credentials.ts';
import { expectRemovable, flat, pairs, spelled, tree, values } from '../support/reading.ts';

const layout = fc.constantFrom<(object: object) => string>(
  (object) => JSON.stringify(object),
  (object) => JSON.stringify(object, null, 2),
  (object) => JSON.stringify(object, null, '\t').replaceAll('\n', '\r\n'),
);

function strict(text: string): unknown {
  const errors: unknown[] = [];
  const parsed = parse(text, errors as never[], { allowTrailingComma: true });
  expect(errors, text).toEqual([]);
  return parsed;
}

const without = (text: string): string[] =>
  json.read(text).map(({ entry }) => text.slice(0, entry?.start) + text.slice(entry?.end));

describe('a JSON file', () => {
  it('means what JSON.parse says, and stays JSON without any of its entries', () => {
    fc.assert(
      fc.property(tree, layout, (object, write) => {
        const text = write(object);
        expect(values(json.read(text))).toEqual(flat(object));
        for (const rest of without(text)) JSON.parse(rest);
        expectRemovable(json, text);
      }),
    );
  });

  it('keeps comments that belong to others', () => {
    const text =
      '{\n  // first\n  "a": "1", // own, "x"\n  /* , */ "b": "2" /* , */,\n  "c": "3" // last, one\n}\n';
    expectRemovable(json, text);
    const [first, ...others] = without(text);
    expect(first).toBe(text.replace('  "a": "1", // own, "x"\n', ''));
    expect(others.map(strict)).toEqual([
      { a: '1', c: '3' },
      { a: '1', b: '2' },
    ]);
  });

  it('may have lists, lines of JSON and a byte order mark', () => {
    expect(pairs(json.read('\ufeff{"apps": [{"k": "1"}, {"k": "\\u0032"}], "n": 1, "list": ["x"]}'))).toEqual(
      [
        ['apps/0/k', '1'],
        ['apps/1/k', '2'],
      ],
    );
    const lines = '{"k": "1"}\n\n{"k": "2"}\n';
    const found = json.read(lines);
    expect(pairs(found)).toEqual([
      ['0/k', '1'],
      ['1/k', '2'],
    ]);
    expect(found.map(({ line }) => line)).toEqual([1, 3]);
    expect(spelled(lines, found)).toEqual(['"1"', '"2"']);
  });

  it('is refused with its line, and nothing of it, where it is not JSON', () => {
    const secret = sentinel();
    expect(() => json.read(`{\n"a": "${secret}"\n"b" ${secret}`)).toThrow(/^line 3 is not JSON$/);
  });
});

describe('a notebook', () => {
  const cells = [
    { cell_type: 'markdown', source: ['a = "no"'] },
    { cell_type: 'code', source: ['%magic "\n', 'a = "x"\n', 'b = {"c": "y"}'] },
    { cell_type: 'code', source: 'd = "z"' },
  ];

  it('is one program in the cells of code, with lines of the file', () => {
    const text = JSON.stringify({ cells }, null, 1);
    const found = notebook.read(text);
    expect(pairs(found)).toEqual([
      ['a', 'x'],
      ['b/c', 'y'],
      ['d', 'z'],
    ]);
    const lines = text.split('\n');
    expect(found.map(({ line }) => lines[line - 1]?.trim().slice(0, 10))).toEqual([
      '"a = \\"x\\"',
      '"b = {\\"c\\',
      '"source": ',
    ]);
    expect(found.every(({ entry }) => entry === undefined)).toBe(true);
  });

  it('is refused, and nothing of it quoted, where it is none', () => {
    const secret = sentinel();
    expect(() => notebook.read(`{"${secret}": 1}`)).toThrow(/^this is not a Jupyter notebook$/);
    expect(() => notebook.read(`{"cells": ${secret}`)).toThrow(/^this is not a Jupyter notebook$/);
  });

  it('has variables by name and value', () => {
    const text =
      '{"env": [{"value": "3"}, {"name": "ONE", "value": "1"}, {"Key": "TWO", "Value": "2", "x": true}]}';

    expect(values(json.read(text))).toEqual({ 'env/0/value': '3', 'env/ONE': '1', 'env/TWO': '2' });
    expectRemovable(json, text);
  });
});
