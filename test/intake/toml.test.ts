import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toml } from '../../src/intake/toml.ts';
import { sentinel } from '../support/credentials.ts';
import { expectEnd, expectRemovable, HOSTILE, pairs, spelled } from '../support/reading.ts';

const key = fc.stringMatching(/^[a-z]{1,4}$/);
const string = fc.oneof(
  fc.string().map((text) => JSON.stringify(text).replaceAll('\u007f', '')),
  fc.stringMatching(/^'[ -&(-~]{0,8}'$/),
  fc.stringMatching(/^"""\n?[a-z\n #,]{0,8}"""$/),
  fc.constantFrom('1', 'true', '[1, "a"]', "{ x = 'a' }", '{ x = 1, y = "b", z.w = \'c\' }', '{}'),
);
const pairsOf = fc.uniqueArray(fc.tuple(key, string), { selector: ([name]) => name, maxLength: 4 });
const file = fc
  .tuple(pairsOf, fc.array(pairsOf, { maxLength: 3 }))
  .map(([top, tables]) =>
    [top, ...tables]
      .map((rows, table) =>
        [
          ...(table > 0 ? ['[[t.a]] # table'] : []),
          ...rows.map((row) => `  k${row.join(' = ')} # why`),
          '',
        ].join('\n'),
      )
      .join('\n'),
  );

describe('a TOML file', () => {
  it('keeps its meaning without any of its entries', () => {
    fc.assert(fc.property(file, (text) => expectRemovable(toml, text)));
  });

  it('has its strings, with tables, dotted names and arrays as scope', () => {
    const text = `top = "a\\u0062"
n = 1
[x."y z"]
k.l = 'c' # comment
m = { o = """
d""", p = 2 }
[[acc]]
t = "e"
[[acc]]
t = ["f", {g = "h"}]
`;
    const found = toml.read(text);
    expect(pairs(found)).toEqual([
      ['top', 'ab'],
      ['x/y z/k/l', 'c'],
      ['x/y z/m/o', 'd'],
      ['acc/0/t', 'e'],
      ['acc/1/t/0', 'f'],
      ['acc/1/t/1/g', 'h'],
    ]);
    expect(spelled(text, found)).toEqual(['"a\\u0062"', "'c'", '"""\nd"""', '"e"', '"f"', '"h"']);
    expect(found.map(({ line }) => line)).toEqual([1, 4, 5, 8, 10, 10]);
  });

  it.each([
    ['a = 1, b', 'a = "x", b = "y"', ['{ b = "y" }', '{ a = "x" }']],
    ['one', 'a = "x"', ['{  }']],
  ])('takes the right comma out of an inline table: %s', (_, inner, expected) => {
    const text = `t = { ${inner} }`;
    const without = toml.read(text).map(({ entry }) => text.slice(0, entry?.start) + text.slice(entry?.end));
    expect(without).toEqual(expected.map((rest) => `t = ${rest}`));
  });

  it('is refused with its line, and nothing of it, where it is not TOML', () => {
    const secret = sentinel();
    const broken = () => toml.read(`a = 1\nb = ${secret}\n`);
    expect(broken).toThrow(/^not TOML \(line 2\)$/);
    expect(() => toml.read(`a = "${secret}\n`)).toThrow(/^not TOML \(line \d\)$/);
  });

  it('is refused where it nests too deep, even behind a string of odd quotes', () => {
    expect(() => toml.read(`a = ${'['.repeat(20_000)}`)).toThrow(/too deep \(line 1\)/);
    expect(() => toml.read(`a = ["""b"""", ${'['.repeat(20_000)}`)).toThrow(/too deep \(line 1\)/);
    expect(() => toml.read(`a${'.a'.repeat(20_000)} = 1`)).toThrow(/too deep/);
  });

  it('is read where a string is full of brackets', () => {
    expect(pairs(toml.read(`a = "${'['.repeat(1000)}" # ${'['.repeat(1000)}`))).toEqual([
      ['a', '['.repeat(1000)],
    ]);
  });

  it.each([
    ...HOSTILE,
    ['pairs', Array.from({ length: 60_000 }, (_, i) => `k${i} = "v"`).join('\n')] as const,
    ['an inline table', `a = {${Array.from({ length: 70_000 }, (_, i) => `k${i}=1`).join(',')}}`] as const,
    ['numbers', `a = [${'1,'.repeat(500_000)}]`] as const,
    [
      'as much as is read',
      Array.from({ length: 3900 }, (_, i) => `k${i} = "${'v'.repeat(200)}"`).join('\n'),
    ] as const,
  ])('comes to an end: %s', (_, text) => expectEnd(toml, text));
});
