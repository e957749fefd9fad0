import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shell } from '../../src/intake/shell.ts';
import { expectEnd, expectRemovable, HOSTILE, pairs, spelled } from '../support/reading.ts';

const part = fc.oneof(
  fc.stringMatching(/^[A-Za-z0-9%+/.:@,=-]{1,12}$/),
  fc.stringMatching(/^'[ -&(-~\n]{0,8}'$/),
  fc.stringMatching(/^"[A-Za-z0-9 '#;&|()<>~\n]{0,8}"$/),
  fc.constantFrom(
    '\\"',
    "\\'",
    '\\ ',
    '\\$',
    '\\\n',
    '"\\$A"',
    '"a\\\\b"',
    '"\\n"',
    '"$"',
    'a~b',
    '#',
    '"a\\\nb"',
    '\\`',
  ),
);
const value = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join(''));
const separator = fc.constantFrom(
  '\n',
  '; ',
  ' ; ',
  '\n\n',
  ' # why\n',
  '\n  # it is\n  ',
  '\ncat <<E >/dev/null\nV9=x\nE\n',
);
const before = fc.constantFrom('', 'export ', 'readonly ');
const file = fc
  .array(fc.tuple(before, value, separator), { minLength: 1, maxLength: 5 })
  .map((lines) => lines.map(([word, text, end], index) => `${word}V${index}=${text}${end}`).join(''));

/** What sh has in V0 to V9 after the text. */
function evaluated(text: string): [string, string][] {
  const shown = Array.from({ length: 10 }, (_, index) => `"\${V${index}-UNSET}"`);
  const show = `printf '%s\\0' ${shown.join(' ')}`;
  const output = execFileSync('sh', ['-c', `${text}\n${show}`], { encoding: 'utf8', env: {} });
  return output
    .split('\0')
    .slice(0, 10)
    .map((found, index): [string, string] => [`V${index}`, found])
    .filter(([, found]) => found !== 'UNSET');
}

describe('a shell file', () => {
  it('sets what sh sets', () => {
    fc.assert(
      fc.property(file, (text) => {
        expect(pairs(shell.read(text))).toEqual(evaluated(text));
      }),
      { numRuns: 300 },
    );
  });

  it('keeps its meaning without any of its entries', () => {
    fc.assert(fc.property(file, (text) => expectRemovable(shell, text)));
  });

  it('may have several assignments on a line, with exact places and no entries', () => {
    const text = 'A=a B="b"; export C=\'c\'"d" D=e\n  declare -x E=f # why\r\nF=g\n';
    const found = shell.read(text);
    expect(pairs(found)).toEqual([
      ['A', 'a'],
      ['B', 'b'],
      ['C', 'cd'],
      ['D', 'e'],
      ['E', 'f'],
      ['F', 'g'],
    ]);
    expect(spelled(text, found)).toEqual(['a', '"b"', '\'c\'"d"', 'e', 'f', 'g']);
    expect(found.map(({ line }) => line)).toEqual([1, 1, 1, 1, 2, 3]);
    expect(found.map(({ entry }) => entry && text.slice(entry.start, entry.end))).toEqual([
      ...[undefined, undefined, undefined, undefined],
      ...['  declare -x E=f # why\r\n', 'F=g\n'],
    ]);
  });

  it.each([
    'A=$B',
    'A="x$B"',
    `A="$\{B:-x}"`,
    'A=$(cat "a b" | sed "s/A=b/")',
    'A="$(cat "$(dirname "$0")/x")"',
    'A=`cat x`',
    'A=~/x',
    "A=$'x'",
    'A=(x y)',
    'echo A=x',
    'A+=x',
    '"A"=x',
    '# A=x',
    'cat <<-"END"\nA=x\n\tEND\n',
    "echo 'it is\nA=x\n'",
    'A="x',
    'set -x',
    'set -euo pipefail',
  ])('says nothing literal in %j', (text) => {
    expect(pairs(shell.read(`${text}\n`))).toEqual([]);
  });

  it('goes on behind what it cannot know', () => {
    const text = `cd "$(dirname "$0")" || exit 1\nX="$\{Y:-"a b"}" B=c\nexec "$@" 2>&1 >log\nD=e cmd\n`;
    expect(pairs(shell.read(text))).toEqual([
      ['B', 'c'],
      ['D', 'e'],
    ]);
  });

  it('reads what fish and csh set', () => {
    const text = "set -gx A 'a'\nset -x B b c\nsetenv C c\n";
    const found = shell.read(text);
    expect(pairs(found)).toEqual([
      ['A', 'a'],
      ['C', 'c'],
    ]);
    expect(found.map(({ entry }) => entry && text.slice(entry.start, entry.end))).toEqual([
      "set -gx A 'a'\n",
      'setenv C c\n',
    ]);
  });

  it.each([
    'if true; then\nA=b\nfi',
    'f() {\n  A=b\n}',
    'true &&\nA=b',
    '(\nA=b\n)',
    'A=b && c',
    'A=b >c',
    'x=1; A=b',
  ])('gives no entry where the rest needs it: %j', (text) => {
    const last = shell.read(text).find(({ name }) => name === 'A');
    expect(last?.secret.reveal()).toBe('b');
    expect(last).not.toHaveProperty('entry');
  });

  it('gives entries again behind a block', () => {
    const text = 'case $x in\n a) B=c ;;\nesac\nif x; then y; fi\nA=b';
    expect(shell.read(text).map(({ entry }) => entry !== undefined)).toEqual([false, true]);
  });

  it.each(HOSTILE)('comes to an end: %s', (_, text) => expectEnd(shell, text));
});
