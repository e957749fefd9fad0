import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { generatedKeys, type Keys } from '../support/credentials.ts';
import { without } from './data.ts';
import { expectClean, scrubbed } from './one-file.ts';

const NAMES = ['consumer_key', 'consumer_secret', 'access_token', 'access_token_secret'] as const;
const name = fc.stringMatching(/^[a-z]{5}$/);
const text = fc.stringMatching(/^[ -~\u00e4\u4e2d]{0,12}$/).map((raw) => raw.replace(/[\\]/g, ''));
const lineEnd = fc.constantFrom('\n', '\r\n');
const mark = fc.constantFrom('', '\ufeff');

const keyed = (keys: Keys): [string, string][] =>
  NAMES.map((written, at) => [written, Object.values(keys)[at] as string]);

/** Data of some depth, with the keys among the members of one of its mappings. */
const withKeys = fc
  .record({
    others: fc.uniqueArray(fc.tuple(name, fc.jsonValue({ maxDepth: 2, noUnicodeString: true })), {
      maxLength: 4,
      selector: ([written]) => written,
    }),
    places: fc.array(fc.nat(9), { minLength: 4, maxLength: 4 }),
    around: fc.array(fc.oneof(name, fc.constant(0)), { maxLength: 2 }),
    beside: fc.array(fc.tuple(name, text), { maxLength: 2 }),
  })
  .map(({ others, places, around, beside }) => {
    const keys = generatedKeys();
    const members: [string, unknown][] = keyed(keys);
    others.forEach((other, at) => {
      members.splice((places[at] ?? 0) % (members.length + 1), 0, other);
    });
    let data: unknown = Object.fromEntries(members);
    for (const written of around) {
      data = written === 0 ? [{ first: 1 }, data] : { ...Object.fromEntries(beside), [written]: data };
    }
    return { keys, data };
  });

interface File {
  readonly keys: Keys;
  readonly content: string;
}

/** Each file, scrubbed, is clean and says what it said less the keys. `read` gives what each of several texts says. */
async function expectLess(
  name: string,
  files: readonly File[],
  read: (texts: readonly string[]) => unknown[],
): Promise<void> {
  const texts: string[] = [];
  for (const { keys, content } of files) {
    const result = await scrubbed(name, content);
    expectClean(result, keys);
    expect(result.after.startsWith('\ufeff')).toBe(content.startsWith('\ufeff'));
    texts.push(content, result.after);
  }
  const data = read(texts.map((content) => content.replace(/^\ufeff/, '')));
  for (const [at, { keys }] of files.entries())
    expect(data[at * 2 + 1]).toEqual(without(data[at * 2], Object.values(keys)));
}

test('any JSON', { timeout: 120_000 }, async () => {
  const form = fc.record({ indent: fc.constantFrom(0, 2, '\t'), end: lineEnd, mark, last: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(withKeys, form, async ({ keys, data }, { indent, end, mark: start, last }) => {
      const written = JSON.stringify(data, null, indent).replaceAll('\n', end);
      const content = start + written + (last ? end : '');
      await expectLess('keys.json', [{ keys, content }], (texts) => texts.map((each) => JSON.parse(each)));
    }),
    { numRuns: 150 },
  );
});

test('any YAML', { timeout: 120_000 }, async () => {
  const form = fc.record({
    collectionStyle: fc.constantFrom('any', 'flow'),
    defaultStringType: fc.constantFrom('PLAIN', 'QUOTE_DOUBLE', 'QUOTE_SINGLE', 'BLOCK_LITERAL'),
    defaultKeyType: fc.constantFrom('PLAIN', 'QUOTE_DOUBLE', 'QUOTE_SINGLE'),
    indent: fc.constantFrom(2, 4),
    indentSeq: fc.boolean(),
    lineWidth: fc.constantFrom(0, 40),
  });
  const rest = fc.record({ end: lineEnd, mark, last: fc.boolean(), isCommented: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(
      withKeys,
      form,
      rest,
      async ({ keys, data }, options, { end, mark: start, last, isCommented }) => {
        const plain = stringify(data, { ...options, aliasDuplicateObjects: false } as object);
        const written = isCommented ? commented(plain) : plain;
        const ended = last ? written : written.replace(/\n$/, '');
        const content = start + ended.replaceAll('\n', end);
        await expectLess('keys.yml', [{ keys, content }], (texts) => texts.map((each) => parse(each)));
      },
    ),
    { numRuns: 300 },
  );
});

/** Comments behind and above the lines of the keys. */
function commented(plain: string): string {
  return plain.replace(
    /^( *(?:- )?)(["']?(?:consumer|access)_\w+["']?: [\w'"-]+)(,?)$/gm,
    (_, indent: string, entry: string, comma: string) =>
      `${/-/.test(indent) ? '' : `${indent}# a, b\n`}${indent}${entry}${comma} # c, d`,
  );
}

const READ_INI = `
import configparser, json, sys
result = []
for text in json.load(sys.stdin):
  parser = configparser.RawConfigParser(comment_prefixes=('#', ';'), strict=False)
  parser.optionxform = str
  parser.read_string(text)
  result.append({name: dict(parser[name]) for name in parser.sections()})
print(json.dumps(result))`;

test('any INI', { timeout: 120_000 }, async () => {
  const value = text.map((raw) => raw.replace(/[;#"'[\]=:]/g, '').trim());
  const other = fc.oneof(
    fc.tuple(name, value).map(([key, word]) => `${key} = ${word}`),
    fc.tuple(name, value).map(([key, word]) => `${key}=${word}\n  more ${word}`),
    value.map((word) => `# ${word}`),
    fc.constant(''),
  );
  const file = fc
    .record({
      others: fc.array(other, { maxLength: 6 }),
      places: fc.array(fc.nat(9), { minLength: 6, maxLength: 6 }),
      signs: fc.array(fc.constantFrom('=', ' = ', ': ', '= '), { minLength: 4, maxLength: 4 }),
      quotes: fc.array(fc.constantFrom('', '"', "'"), { minLength: 4, maxLength: 4 }),
      behind: fc.array(fc.constantFrom('', ' ; c', ' # c'), { minLength: 4, maxLength: 4 }),
      head: fc.constantFrom('[twitter]\n', '[a]\nx = 1\n[twitter]\n', '; c\n[t] ; c\n'),
      end: lineEnd,
      mark,
      last: fc.boolean(),
    })
    .map(({ others, places, signs, quotes, behind, head, end, mark: start, last }) => {
      const keys = generatedKeys();
      const lines = keyed(keys).map(
        ([written, key], at) => `${written}${signs[at]}${quotes[at]}${key}${quotes[at]}${behind[at]}`,
      );
      others.forEach((line, at) => {
        lines.splice((places[at] ?? 0) % (lines.length + 1), 0, line);
      });
      const content = `${head}${lines.join('\n')}${last ? '\n' : ''}`;
      return { keys, content: start + content.replaceAll('\n', end) };
    });
  // Several at a time, since Python takes a while to start.
  const files = fc.array(file, { minLength: 20, maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(files, async (each) => {
      await expectLess('keys.ini', each, (texts) =>
        JSON.parse(
          execFileSync('python3', ['-c', READ_INI], { input: JSON.stringify(texts), encoding: 'utf8' }),
        ),
      );
    }),
    { numRuns: 5 },
  );
});
