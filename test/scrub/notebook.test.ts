import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { summaryOf } from '../../src/scrub/summary.ts';
import { generatedKeys } from '../support/credentials.ts';
import { has } from '../support/tools.ts';
import { filled } from './data.ts';
import { expectClean, scrubbed } from './one-file.ts';

const KEYS =
  'consumer_key = "<A>"\nconsumer_secret = \'<B>\'\naccess_token = "<C>"\naccess_token_secret = "<D>"';
const READ = [
  'import os\n',
  'consumer_key = os.environ["CONSUMER_KEY"]\n',
  'consumer_secret = os.environ["CONSUMER_SECRET"]\n',
  'access_token = os.environ["ACCESS_TOKEN"]\n',
  'access_token_secret = os.environ["ACCESS_TOKEN_SECRET"]',
];

interface Form {
  readonly outputs?: readonly string[];
  readonly metadata?: object;
}

const linesOf = (code: string): string[] => code.match(/[^\n]*\n|[^\n]+$/g) ?? [];

/** The data of a notebook with these code cells. */
const notebook = (
  cells: readonly (string | readonly string[])[],
  { outputs = [], metadata = {} }: Form = {},
) => ({
  cells: [
    { cell_type: 'markdown', metadata: {}, source: ['# Größe \u{1f600}\n'] },
    ...cells.map((source) => ({ cell_type: 'code', execution_count: 1, metadata: {}, outputs, source })),
  ],
  metadata,
  nbformat: 4,
  nbformat_minor: 5,
});

/** As Jupyter writes it. */
const written = (data: object): string => `${JSON.stringify(data, null, 1)}\n`;

/** What the code cells together print when Python runs them. */
function ran(text: string, env: Readonly<Record<string, string>>): string {
  const { cells } = JSON.parse(text) as ReturnType<typeof notebook>;
  const code = cells
    .filter(({ cell_type }) => cell_type === 'code')
    .map(({ source }) => [source].flat().join(''));
  const names = 'consumer_key, consumer_secret, access_token, access_token_secret';
  const program = [...code, `print(${names})`].join('\n').replace(/^%.*/gm, '');
  return execFileSync('python3', ['-'], { input: program, env, encoding: 'utf8' }).trim();
}

test
  .runIf(has('python3', 'scrubbing notebooks'))
  .each<[string, (string | string[])[], (string | string[])[]]>([
    ['lines', [linesOf(KEYS)], [READ]],
    [
      'magic, comments and a blank line first',
      [linesOf(`%%time\n%matplotlib inline\n\n# ä\n${KEYS}`)],
      [['%%time\n', '%matplotlib inline\n', '\n', '# ä\n', ...READ]],
    ],
    [
      'the module imported in a cell above',
      [['import os, sys\n'], linesOf(KEYS), ['x = 1']],
      [['import os, sys\n'], READ.slice(1), ['x = 1']],
    ],
    ['one string', [`# "ü"\t\\\n${KEYS}\n`], [`# "ü"\t\\\n${READ.join('')}\n`]],
    ['one string that begins with a key', [KEYS], [READ.join('')]],
    [
      'a value on two lines',
      [linesOf(KEYS.replace('"<A>"', '("<A>"  # one\n    "")'))],
      [[READ[0] as string, 'consumer_key = (os.environ["CONSUMER_KEY"]', ')\n', ...READ.slice(2)]],
    ],
    [
      'a cell with an import from the future',
      [linesOf(`from __future__ import annotations\n${KEYS}`)],
      [['from __future__ import annotations\n', ...READ]],
    ],
  ])('a notebook with %s', async (_, before, after) => {
  const keys = generatedKeys();
  const text = filled(written(notebook(before)), keys);

  const result = await scrubbed('a.ipynb', text);

  expectClean(result, keys);
  expect(result.after).toBe(written(notebook(after)));
  expect(result.report.files[0]?.unchecked).toBeUndefined();
  expect(ran(result.after, result.environment as Record<string, string>)).toBe(Object.values(keys).join(' '));
});

test('what cannot be read as lines of a file stays byte for byte', async () => {
  const keys = generatedKeys();
  const before = filled(JSON.stringify(notebook([linesOf(KEYS)])), keys)
    .replaceAll('ß', '\\u00dF')
    .replaceAll('\u{1f600}', '\\uD83D\\uDE00');

  const { after } = await scrubbed('a.ipynb', before);

  const source = (text: string) => text.lastIndexOf('"source"');
  expect(after.slice(0, source(after))).toBe(before.slice(0, source(before)));
  expect(after.slice(after.lastIndexOf(']}]'))).toBe(before.slice(before.lastIndexOf(']}]')));
});

test('outputs that show a value stay, and are named', async () => {
  const keys = generatedKeys();
  const outputs = [`${keys.api_secret}\n`];
  const text = filled(written(notebook([linesOf(KEYS)], { outputs })), keys);

  const { report, after } = await scrubbed('a.ipynb', text);

  const line = after.split('\n').findIndex((each) => each.includes(keys.api_secret)) + 1;
  expect(report.files).toMatchObject([{ state: 'scrubbed', remains: [{ line, field: 'api_secret' }] }]);
  expect(summaryOf(report).map((each) => each.text)).toContain(
    'outputs keep what a cell has shown: clear them in Jupyter and save the notebook',
  );
});

test.each<[string, string, object, RegExp]>([
  [
    'a cell that is not Python',
    `%%writefile keys.py\n${KEYS}`,
    {},
    /line 17: consumer_key stands in a cell of %%writefile/,
  ],
  ['another language', KEYS, { language_info: { name: 'julia' } }, /its language is julia, not Python/],
])('%s is left as it is', async (_, code, metadata, reason) => {
  const text = filled(written(notebook([linesOf(code)], { metadata })), generatedKeys());

  const { report, after } = await scrubbed('a.ipynb', text);

  expect(after).toBe(text);
  expect(report.files).toMatchObject([{ state: 'refused' }]);
  expect(report.files[0]?.failure?.message).toMatch(reason);
});

test('a notebook with comments, which Jupyter would not read, is left as it is', async () => {
  const text = filled(`// mine\n${written(notebook([linesOf(KEYS)]))}`, generatedKeys());

  const { report, after } = await scrubbed('a.ipynb', text);

  expect(after).toBe(text);
  expect(report.files[0]?.failure?.message).toMatch(/it is not strictly JSON/);
});
