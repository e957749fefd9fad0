import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dotenv } from '../../src/intake/dotenv.ts';
import { javascript } from '../../src/intake/javascript.ts';
import { python } from '../../src/intake/python.ts';
import { generatedKeys, type Keys } from '../support/credentials.ts';
import { expectClean, scrubbed } from './one-file.ts';

/** The values that a scrubbed Python text gives its names when it really runs. */
function ranAsPython(code: string, env: Readonly<Record<string, string>>): string[] {
  const names = JSON.stringify(NAMES.flatMap((name) => [name, name.toUpperCase()]));
  const program = `import sys\nspace = {}\nexec(compile(sys.stdin.buffer.read(), 'keys', 'exec'), space)\nprint()\nprint(*[space[name] for name in ${names} if name in space])`;
  const output = execFileSync('python3', ['-c', program], { input: code, env: { ...env }, encoding: 'utf8' });
  return output.trimEnd().split('\n').at(-1)?.split(' ') ?? [];
}

const NAMES = ['consumer_key', 'consumer_secret', 'access_token', 'access_token_secret'] as const;
const keyed = (keys: Keys): [string, string][] => {
  const values = Object.values(keys);
  return NAMES.map((name, at) => [name, values[at] as string]);
};

const text = fc
  .stringMatching(/^[ -~\u00e4\u4e2d\ud83d]{0,12}$/u)
  .map((raw) => raw.replace(/[\\"'`#$\r\n\ud83d]/g, ''));
const lineEnd = fc.constantFrom('\n', '\r\n');
const mark = fc.constantFrom('', '\ufeff');
const last = fc.boolean();

/** Keys among other lines, in any order of both. */
function mixed(lines: fc.Arbitrary<string>, keyLines: (keys: Keys) => fc.Arbitrary<string>[]) {
  return fc.record({ others: fc.array(lines, { maxLength: 6 }), end: lineEnd, mark, last }).chain((base) => {
    const keys = generatedKeys();
    return fc
      .tuple(
        fc.tuple(...keyLines(keys)),
        fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 }),
        fc.array(fc.nat(9), { minLength: 6, maxLength: 6 }),
      )
      .map(([rows, order, places]) => {
        const all = order.map((at) => rows[at] as string);
        base.others.forEach((other, at) => {
          all.splice((places[at] ?? 0) % (all.length + 1), 0, other);
        });
        return { keys, before: base.mark + all.join(base.end) + (base.last ? base.end : '') };
      });
  });
}

/** All lines of the old text that hold no value stand in the new one, in their order. */
function expectRest(before: string, after: string, keys: Keys): void {
  const values = Object.values(keys);
  let at = 0;
  const pieces = before.split(new RegExp(`^[^\\r\\n]*(?:${values.join('|')})[^\\r\\n]*`, 'm'));
  for (const piece of pieces) {
    const found = after.indexOf(piece.replace(/^\ufeff/, ''), at);
    expect(found).toBeGreaterThanOrEqual(at);
    at = found + piece.length;
  }
  expect(after.startsWith('\ufeff')).toBe(before.startsWith('\ufeff'));
}

const quoted = (value: string): fc.Arbitrary<string> => fc.constantFrom(`'${value}'`, `"${value}"`);

test('any Python file', { timeout: 120_000 }, async () => {
  const other = fc.oneof(
    text.map((word) => `# ${word}`),
    text.map((word) => `name = "${word}"`),
    text.map((word) => `print('${word}', """${word}""")`),
    fc.constantFrom(
      '',
      'import sys',
      'import os',
      'from os import path',
      'if True:\n    pass',
      'x = {"a": 1, "b": [2]}',
      'os = "linux"',
    ),
  );
  const rows = (keys: Keys): fc.Arbitrary<string>[] =>
    keyed(keys).map(([name, value]) =>
      fc.oneof(
        quoted(value).map((literal) => `${name.toUpperCase()} = ${literal}`),
        quoted(value).map((literal) => `${name}: str = ${literal}  # mine`),
        quoted(value).map(
          (literal) => `import os; ${name} = os.getenv("MY_${name.toUpperCase()}") or ${literal}`,
        ),
        quoted(value).map(
          (literal) => `${name} = (${literal.slice(0, 9)}${literal[0]} ${literal[0]}${literal.slice(9)})`,
        ),
        quoted(value).map(
          (literal) =>
            `import os; ${name} = os.environ.get(default=${literal}, key="MY_${name.toUpperCase()}")`,
        ),
        quoted(value).map((literal) => `${name} = b${literal}.decode("utf-8")`),
        quoted(value).map((literal) => `${name} = str(bytes(${literal}, "utf8"), encoding='ascii')`),
      ),
    );
  await fc.assert(
    fc.asyncProperty(mixed(other, rows), async ({ keys, before }) => {
      const result = await scrubbed('keys.py', before, python);
      expectClean(result, keys);
      expect(result.report.files[0]?.unchecked).toBeUndefined();
      expect(ranAsPython(result.after, result.environment)).toEqual(Object.values(keys));
    }),
    { numRuns: 60 },
  );
});

test('any JavaScript file', { timeout: 120_000 }, async () => {
  const other = fc.oneof(
    text.map((word) => `// ${word}`),
    text.map((word) => `var name = "${word}";`),
    text.map((word) => `f('${word}', \`${word}\`);`),
    fc.constantFrom(
      '',
      "'use strict';",
      'if (1 < 2) { }',
      'var o = { a: 1, b: [2] };',
      'var process = globalThis.process;',
    ),
  );
  const rows = (keys: Keys): fc.Arbitrary<string>[] =>
    keyed(keys).map(([name, value]) =>
      fc.oneof(
        quoted(value).map((literal) => `exports.${name} = ${literal};`),
        quoted(value).map((literal) => `var ${name.toUpperCase()} = ${literal}`),
        quoted(value).map((literal) => `var ${name} = process.env.MY_${name.toUpperCase()} || ${literal};`),
        fc.constant(`var ${name} = \`${value}\`;`),
      ),
    );
  await fc.assert(
    fc.asyncProperty(mixed(other, rows), async ({ keys, before }) => {
      expectClean(await scrubbed('keys.js', before, javascript), keys);
    }),
    { numRuns: 60 },
  );
});

test('any dotenv file', { timeout: 120_000 }, async () => {
  const other = fc.oneof(
    text.map((word) => `# ${word}`),
    text.map((word) => `NAME="${word}"`),
    fc.constantFrom('', 'DEBUG=1', 'export PORT = 80'),
  );
  const rows = (keys: Keys): fc.Arbitrary<string>[] =>
    keyed(keys).map(([name, value]) =>
      fc.oneof(
        quoted(value).map((literal) => `${name.toUpperCase()}=${literal}`),
        fc.constantFrom(`export ${name} = ${value}`, `TWITTER_${name.toUpperCase()}=${value} # mine`),
      ),
    );
  await fc.assert(
    fc.asyncProperty(mixed(other, rows), async ({ keys, before }) => {
      const result = await scrubbed('.env', before, dotenv);
      expectClean(result, keys);
      expectRest(before, result.after, keys);
    }),
    { numRuns: 100 },
  );
});
