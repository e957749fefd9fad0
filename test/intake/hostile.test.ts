import { describe, expect, it } from 'vitest';
import type { Format } from '../../src/intake/assignment.ts';
import { bare } from '../../src/intake/bare.ts';
import { dotenv } from '../../src/intake/dotenv.ts';
import { ini } from '../../src/intake/ini.ts';
import { javascript } from '../../src/intake/javascript.ts';
import { json } from '../../src/intake/json.ts';
import { notebook } from '../../src/intake/notebook.ts';
import { php } from '../../src/intake/php.ts';
import { properties } from '../../src/intake/properties.ts';
import { python } from '../../src/intake/python.ts';
import { ruby } from '../../src/intake/ruby.ts';
import { shell } from '../../src/intake/shell.ts';
import { toml } from '../../src/intake/toml.ts';
import { yaml } from '../../src/intake/yaml.ts';
import { atNight } from '../support/effort.ts';
import { expectEnd, HOSTILE, mebibyte, SHARE, values } from '../support/reading.ts';

/** What grows with the square of so much takes a minute and more; all of this together takes seconds. */
const PATIENCE = atNight(180_000, 45_000);

/** What is not behind this is no program of PHP. */
const phpCode: Format = { ...php, read: (text) => php.read(`<?php ${text}`) };

const ALL = [
  python,
  javascript,
  phpCode,
  ruby,
  dotenv,
  json,
  yaml,
  toml,
  ini,
  properties,
  shell,
  bare,
  notebook,
];

const many = (count: number, line: (index: number) => string): string =>
  Array.from({ length: Math.ceil(count * SHARE) }, (_, index) => line(index)).join('');

const cells = (source: string): string => `{"cells":[{"cell_type":"code","source":${source}}]}`;

/** Texts that are well-formed somewhere, and large, deep or odd. */
const SHAPES: Readonly<Record<string, string>> = {
  'entries of dotenv, INI and properties': many(90_000, (index) => `k${index}=v\n`),
  'entries of YAML': many(26_000, (index) => `k${index}: v\n`),
  'members of JSON': `{${many(70_000, (index) => `"k${index}":"v",`)}"z":"z"}`,
  'lines of JSON': many(60_000, (index) => `{"k${index}":"v"}\n`),
  'members on one line of YAML': `a: {${many(24_000, (index) => `k${index}: v, `)}}`,
  'texts with escapes in a list': `["${many(60_000, (index) => `A${index}='v'\\n","`)}"]`,
  // As many as make a search from the end for each take longer than the test may.
  'lines of a notebook': cells(`[${many(250_000, (index) => `"k${index}='v'\\n",`)}""]`),
  'members of Python and JavaScript': `a = {${many(70_000, (index) => `"k${index}":"v",`)}}`,
  'calls of Python and JavaScript': many(30_000, (index) => `c${index} = TwitterApi("b${index}")\n`),
  'one string of many parts': `a = ${mebibyte('"a" + ')}"a"`,
  'one name given again and again': mebibyte('api_key = "v"\n'),
  'anchors of YAML, each with its alias': many(
    9000,
    (index) => `a${index}: &a${index} v\nb${index}: *a${index}\n`,
  ),
  'a wide mapping of YAML, many times': `a: &a {${many(9000, (index) => `k${index}: v, `)}}\n${many(9000, (index) => `b${index}: *a\n`)}`,
  'an anchor of YAML inside itself': 'a: &a {b: *a}\n',
  'an anchor of YAML merged into itself': 'a: &a\n  <<: *a\n  k: v\n',
  'blocks of Python and YAML inside each other': many(1400, (index) => `${' '.repeat(index)}class a:\n`),
  'brackets that are all closed': `a = ${mebibyte('(')}${mebibyte(')')}`,
  'lists that are all closed': `${mebibyte('[')}${mebibyte(']')}`,
  'a long value': `API_KEY="${mebibyte('a')}"`,
  'a long value of escapes': `API_KEY="${mebibyte('\\n')}"`,
  'NUL characters': `API_KEY=\0\n${mebibyte('\0')}`,
  'lone surrogates': `API_KEY="\ud800"\n${mebibyte('\udc00a')}`,
  'byte order marks': mebibyte('\ufeff'),
  'lines that end in CR': mebibyte('a: b\r'),
  'here-documents that never end': many(60_000, (index) => `cat <<E${index}\n`),
  'a table': `name,api_key,api_secret\n${many(60_000, (index) => `n${index},k,s\n`)}`,
  ...Object.fromEntries(
    ['{{a}}', '{}\n', '"a" ', '!a ', '*a ', '&a ', '? ', ': ', '- - ', '%a\n', '---\n', '1, '].map((part) => [
      JSON.stringify(part),
      mebibyte(part),
    ]),
  ),
};

describe('a hostile text', () => {
  it.each(ALL.map((format) => [format.name, format] as const))(
    'comes to an end as %s, however it is made',
    (_, format) => {
      for (const text of Object.values(SHAPES)) expectEnd(format, text);
    },
    PATIENCE,
  );

  // The other readers' own tests have these.
  it.each(
    [python, javascript, phpCode, ruby, dotenv, json, yaml, notebook].map(
      (format) => [format.name, format] as const,
    ),
  )(
    'comes to an end as %s, a mebibyte of one part',
    (_, format) => {
      for (const [, text] of HOSTILE) expectEnd(format, text);
    },
    PATIENCE,
  );

  it('may end in the middle of anything', () => {
    const texts = [
      'a = {"b": f("c", \'d\'), "e": """f\\\ng"""}\n',
      'const a = { b: `c$' + '{d}`, "e": process.env.F || \'g\' }; /x[/]/.y\n',
      "define('a', 'b'); $c = [['d' => env('e', \"f\\x41\")], g::h() ?: $_ENV['i']]; <<<J\nk\nJ; ?> l <?= /* m */",
      'a = B::C.new do |d| d.e = "f\\x41" if /g/ end; h = { :i => %w[j], "k": ENV.fetch("l", <<~M) }\nn\nM\n__END__',
      'export A="b\\"c" # d\r\nE=\'f\ng\'\n',
      '{"a": {"b": ["c\\u0041", null]}, /* d */ "e": 1e3}\n',
      'a: &a {b: "c", d: [e]}\nf:\n  <<: *a\n  g: |\n    h\n',
      '[a."b"]\nc = """d"""\ne = { f = \'g\' }\n[[h]]\ni = 1979-05-27\n',
      '[a]\nb : c ; d\ne[] = "f"\n',
      'a.b = c\\\n  d\\u0041\n! e\n',
      'if x; then A="$(b "c")"; fi; cat <<"E"\nf\nE\n',
      'name\tapi_key\na\tb\n',
      cells('["a = \\"b\\"\\n"]'),
    ];
    for (const text of texts) {
      for (let end = 0; end <= text.length; end += 1) {
        for (const format of ALL) expectEnd(format, text.slice(0, end));
      }
    }
  });
});

describe('a name that means something to JavaScript', () => {
  const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'];
  const each = (line: (name: string) => string, between = '\n'): string => names.map(line).join(between);
  it.each<[string, Format, string]>([
    ['Python', python, each((name) => `${name} = "v"`)],
    ['JavaScript', javascript, `a = {${each((name) => `${name}: 'v'`, ', ')}}`],
    ['PHP', php, `<?php ${each((name) => `$${name} = 'v';`)}`],
    ['Ruby', ruby, each((name) => `${name} = 'v'`)],
    ['dotenv', dotenv, each((name) => `${name}=v`)],
    ['JSON', json, `{${each((name) => `"${name}": "v"`, ',')}}`],
    ['YAML', yaml, each((name) => `${name}: v`)],
    ['TOML', toml, each((name) => `${name} = 'v'`)],
    ['INI', ini, each((name) => `${name} = v`)],
    ['properties', properties, each((name) => `${name} = v`)],
    ['shell', shell, each((name) => `${name}=v`)],
  ])('is a name like others in %s', (_, format, text) => {
    const found = format.read(text);
    expect(found.map(({ name, secret }) => [name, secret.reveal()])).toEqual(
      names.map((name) => [name, 'v']),
    );
    expect(Object.getPrototypeOf(values(found))).toBe(Object.prototype);
  });
});
