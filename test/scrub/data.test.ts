import { execFileSync } from 'node:child_process';
import { parse as parseProperties } from 'dot-properties';
import { parse as parseJson } from 'jsonc-parser';
import { describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { generatedKeys } from '../support/credentials.ts';
import { has } from '../support/tools.ts';
import { filled, without } from './data.ts';
import { expectClean, scrubbed } from './one-file.ts';

type Parser = (text: string) => unknown;
type Case = readonly [what: string, before: string, after: string];

/** What other programs read from the file. */
const json: Parser = (text) => parseJson(text, undefined, { allowTrailingComma: true });
const jsonLines: Parser = (text) => text.split('\n').filter(Boolean).map(json);
const yaml: Parser = (text) =>
  parseAllDocuments(text, { merge: true }).map((document) => document.toJS() as unknown);
const properties: Parser = (text) => parseProperties(text);
const python =
  (program: string): Parser =>
  (text) =>
    JSON.parse(execFileSync('python3', ['-c', program], { input: text, encoding: 'utf8' }));
const toml = python('import json, sys, tomllib; print(json.dumps(tomllib.load(sys.stdin.buffer)))');
const ini = python(`
import configparser, json, sys
parser = configparser.RawConfigParser()
parser.read_string('[root]\\n' + sys.stdin.read())
print(json.dumps({name: dict(parser[name]) for name in parser.sections()}))`);

/** The file after a scrub is this text, and to its own parser the same data less the keys. */
function leaves(name: string, parser: Parser, cases: readonly Case[]): void {
  test.each(cases)('%s', async (_, before, after) => {
    const keys = generatedKeys();
    const text = filled(before, keys);

    const result = await scrubbed(name, text);

    expectClean(result, keys);
    expect(result.after).toBe(after);
    const data = (content: string) => parser(content.replace(/^\ufeff/, ''));
    expect(data(result.after)).toEqual(without(data(text), Object.values(keys)));
  });
}

/** The file stays as it was, and the reason is said. */
function refuses(
  name: string,
  cases: readonly (readonly [what: string, before: string, reason: RegExp])[],
): void {
  test.each(cases)('%s is left as it is', async (_, before, reason) => {
    const keys = generatedKeys();
    const text = filled(before, keys);

    const { report, after } = await scrubbed(name, text);

    expect(after).toBe(text);
    expect(report.files).toMatchObject([{ state: 'refused' }]);
    expect(report.projects).toEqual([]);
    expect(report.files[0]?.failure?.message).toMatch(reason);
    for (const value of Object.values(keys)) expect(report.files[0]?.failure?.message).not.toContain(value);
  });
}

const BLOCK = 'consumer_key: <A>\nconsumer_secret: <B>\naccess_token: <C>\naccess_token_secret: <D>\n';
const indented = (text: string, by = '  '): string => text.replace(/^(?=.)/gm, by);

describe('YAML', () => {
  leaves('keys.yaml', yaml, [
    ['a mapping that becomes empty', `a: 1\ntwitter:\n${indented(BLOCK)}b: 2\n`, 'a: 1\ntwitter: {}\nb: 2\n'],
    ['a file that becomes empty', `---\n${BLOCK}`, '---\n{}\n'],
    ['no final newline', `a: 1\ntwitter:\n${indented(BLOCK)}`.trimEnd(), 'a: 1\ntwitter: {}'],
    [
      'line ends of Windows and a byte order mark',
      `\ufeff# ä\r\nx: 'ü'\r\n${BLOCK.replaceAll('\n', '\r\n')}`,
      "\ufeff# ä\r\nx: 'ü'\r\n",
    ],
    [
      'comments, quotes and indentation',
      [
        '# top',
        'twitter:   # keys',
        '    consumer_key:   "<A>"  # mine',
        '    # above',
        "    name: 'x'   # stays",
        "    consumer_secret: '<B>'",
        '',
        '    access_token: !!str <C>',
        '    access_token_secret: &unused <D>',
        '    # below',
        'count: 0x1F',
      ].join('\n'),
      [
        '# top',
        'twitter:   # keys',
        '    # above',
        "    name: 'x'   # stays",
        '',
        '    # below',
        'count: 0x1F',
      ].join('\n'),
    ],
    [
      'a mapping with comments that becomes empty',
      `twitter: # keys\n  # one\n${indented(BLOCK).trimEnd()} # mine\n  # two\nx: 1\n`,
      'twitter: # keys\n  # one\n  {}\n  # two\nx: 1\n',
    ],
    [
      'texts of several lines',
      'a:\n  consumer_key: |\n    <A>\n  consumer_secret: >-\n    <B>\n\n  access_token:\n    <C>\n  x: |+\n    y\n\n  access_token_secret: |-\n    <D>\n',
      'a:\n\n  x: |+\n    y\n\n',
    ],
    [
      'items of a list',
      `accounts:\n- consumer_key: <A>\n  # own line\n  consumer_secret: <B>\n  id: 7\n  access_token: <C>\n  access_token_secret: <D>\n- id: 8\n`,
      'accounts:\n- \n  # own line\n  id: 7\n- id: 8\n',
    ],
    [
      'an item of a list that becomes empty',
      `accounts:\n  - ${indented(BLOCK, '    ').trimStart()}  - id: 8\n`,
      'accounts:\n  - {}\n  - id: 8\n',
    ],
    [
      'variables in a list',
      'environment:\n- A=1\n- TWITTER_API_KEY=<A>\n- "TWITTER_API_SECRET=<B>" # mine\n- TWITTER_ACCESS_TOKEN=<C>\n- TWITTER_ACCESS_TOKEN_SECRET=<D>\n',
      'environment:\n- A=1\n',
    ],
    [
      'a list that becomes empty',
      'environment:\n- TWITTER_API_KEY=<A>\n- TWITTER_API_SECRET=<B>\n- TWITTER_ACCESS_TOKEN=<C>\n- TWITTER_ACCESS_TOKEN_SECRET=<D>\nx: 1\n',
      'environment: []\nx: 1\n',
    ],
    [
      'a list below a comment that becomes empty',
      'environment:\n# mine\n- TWITTER_API_KEY=<A>\n- TWITTER_API_SECRET=<B>\n- TWITTER_ACCESS_TOKEN=<C>\n- TWITTER_ACCESS_TOKEN_SECRET=<D>\nx: 1\n',
      'environment:\n# mine\n []\nx: 1\n',
    ],
    [
      'flow style',
      `{a: 1, consumer_key: <A>, "consumer_secret": '<B>', b: [1, 2], access_token: "<C>", access_token_secret: <D>}\n`,
      '{a: 1, b: [1, 2]}\n',
    ],
    [
      'flow style that becomes empty',
      'twitter: {consumer_key: <A>, consumer_secret: <B>, access_token: <C>, access_token_secret: <D>} # x\n',
      'twitter: {} # x\n',
    ],
    [
      'flow style with comments, whose commas are none',
      'twitter: {\n  consumer_key: <A>, # one, two\n  x: 1, # three, four\n  consumer_secret: "<B>",\n  access_token: <C> # five, six\n  , access_token_secret: <D> }\ny: 1\n',
      'twitter: {\n  x: 1 # three, four\n   }\ny: 1\n',
    ],
    [
      'a list in flow style',
      'environment: [A=1, TWITTER_API_KEY=<A>, "TWITTER_API_SECRET=<B>", TWITTER_ACCESS_TOKEN=<C>, TWITTER_ACCESS_TOKEN_SECRET=<D>]\n',
      'environment: [A=1]\n',
    ],
    [
      'several documents',
      'a: 1\n---\nconsumer_key: <A>\nconsumer_secret: <B>\naccess_token: <C>\naccess_token_secret: <D>\n...\n---\n- 2\n',
      'a: 1\n---\n{}\n...\n---\n- 2\n',
    ],
    [
      'anchors and aliases of other entries',
      `base: &base\n  url: x\nlive:\n  <<: *base\n${indented(BLOCK)}`,
      'base: &base\n  url: x\nlive:\n  <<: *base\n',
    ],
    ['an entry given twice with one value', `consumer_key: <A>\n${BLOCK}a: 1\n`, 'a: 1\n'],
  ]);

  refuses('keys.yaml', [
    [
      'a mapping shared by an anchor',
      `default: &default\n${indented(BLOCK)}  x: 1\ndevelopment:\n  <<: *default\n`,
      /line 2: consumer_key .* several entries share it by an anchor/,
    ],
    [
      'a value shared by an anchor',
      `${BLOCK.replace('<A>', '&key <A>')}other:\n  name: *key\n`,
      /share it by an anchor/,
    ],
    ['an alias of a value', `key: &key <A>\n${BLOCK.replace('<A>', '*key')}`, /share it by an anchor/],
    [
      'keys written with question marks',
      '? consumer_key\n: <A>\n? consumer_secret\n: <B>\n? access_token\n: <C>\n? access_token_secret\n: <D>\n',
      /line 2: consumer_key cannot be taken out by itself/,
    ],
    [
      'a token whose name is a key',
      `${BLOCK}bearer_tokens:\n  ? "<A>"\n  : AAAAAAAAAAAAAAAAAAAAAFnz2wAAAAAA%3D<B><D>\n`,
      /line 7: \(looks like a credential, not shown\) cannot be taken out by itself/,
    ],
    [
      'an older value of the same name',
      `consumer_key: ${'Qz7'.repeat(8)}x\n${BLOCK}`,
      /gives consumer_key twice/,
    ],
  ]);
});

describe('JSON', () => {
  const flat =
    '"consumer_key":"<A>","consumer_secret":"<B>","access_token":"<C>","access_token_secret":"<D>"';
  const lines = flat.replaceAll(',', ',\n  ').replaceAll('":', '": ');
  leaves('keys.json', json, [
    ['a file that becomes empty', `{${flat}}`, '{}'],
    ['keys first', `{${flat}, "x": 1.50}\n`, '{"x": 1.50}\n'],
    ['keys last', `{"x": 1e2,${flat}}`, '{"x": 1e2}'],
    [
      'indented',
      `{\n  "a": "\\u00e4",\n  ${lines},\n  "b": [ 1,2 ]\n}\n`,
      '{\n  "a": "\\u00e4",\n  "b": [ 1,2 ]\n}\n',
    ],
    ['indented and last', `{\n  "b": [ 1,2 ],\n  ${lines}\n}`, '{\n  "b": [ 1,2 ]\n}'],
    [
      'an object that becomes empty',
      `{\n\t"a": 1,\n\t"twitter": {\n\t\t${lines}\n\t}\n}\n`,
      '{\n\t"a": 1,\n\t"twitter": {\n\t}\n}\n',
    ],
    ['objects in a list', `[{"id": 1, ${flat}}, {"id": 2}]`, '[{"id": 1}, {"id": 2}]'],
    [
      'line ends of Windows and a byte order mark',
      `\ufeff{\r\n  "a": "ü",\r\n  ${lines.replaceAll('\n', '\r\n')}\r\n}`,
      '\ufeff{\r\n  "a": "ü"\r\n}',
    ],
    [
      'comments and trailing commas',
      '{\n  // one, two\n  "consumer_key": "<A>", // mine\n  /* three, */\n  "consumer_secret": "<B>",\n  "x": 1, // four\n  "access_token": "<C>",\n  "access_token_secret": "<D>", // mine\n  // five\n}\n',
      '{\n  // one, two\n  /* three, */\n  "x": 1, // four\n  // five\n}\n',
    ],
    [
      'comments before the last entry',
      '{\n  "consumer_key": "<A>",\n  "consumer_secret": "<B>",\n  "access_token": "<C>",\n  "x": 1, // one\n  /* two */ "access_token_secret": "<D>" }\n',
      '{\n  "x": 1 // one\n  /* two */  }\n',
    ],
    ['a key given twice with one value', `{"consumer_key":"<A>",${flat},"x":1}`, '{"x":1}'],
  ]);
  describe('lines', () => {
    leaves('keys.jsonl', jsonLines, [
      ['one object a line', `{"id":1}\n{${flat}}\n{"id":2,"x":[]}\n`, '{"id":1}\n{}\n{"id":2,"x":[]}\n'],
      ['without a final newline', `{"id":1}\n{"id":2,${flat}}`, '{"id":1}\n{"id":2}'],
    ]);
  });

  refuses('keys.json', [
    [
      'an older value of the same name',
      `{"consumer_key":"${'Qz7'.repeat(8)}x",${flat}}`,
      /gives consumer_key twice/,
    ],
  ]);
});

describe.runIf(has('python3', 'scrubbing INI'))('INI', () => {
  const lines = 'consumer_key = <A>\nconsumer_secret=<B>\naccess_token : <C>\naccess_token_secret = "<D>"\n';
  leaves('keys.ini', ini, [
    [
      'a section that becomes empty',
      `[a]\nx = 1\n[twitter]\n${lines}[b]\ny=2\n`,
      '[a]\nx = 1\n[twitter]\n[b]\ny=2\n',
    ],
    ['a file that becomes empty', lines, ''],
    [
      'comments, line ends of Windows, a byte order mark, no final newline',
      "\ufeff; ä\r\n[twitter]\r\n  consumer_key = <A> ; mine\r\n# one\r\n  consumer_secret=<B>\r\n\r\n  access_token: <C>\r\n  x = 'ü' # two\r\n  access_token_secret = '<D>'",
      "\ufeff; ä\r\n[twitter]\r\n# one\r\n\r\n  x = 'ü' # two\r\n",
    ],
  ]);

  refuses('keys.ini', [
    [
      'a value that goes on behind a comment',
      `[t]\n${lines}; c\n\n  more\n`,
      /line 5: access_token_secret cannot/,
    ],
    [
      'an older value of the same name',
      `[t]\nconsumer_key = ${'Qz7'.repeat(8)}x\n${lines}`,
      /gives consumer_key twice/,
    ],
  ]);
});

describe.runIf(has('python3', 'scrubbing TOML'))('TOML', () => {
  const lines =
    'consumer_key = "<A>" # mine\nconsumer_secret=\'<B>\'\naccess_token = """<C>"""\naccess_token_secret = \'\'\'\n<D>\'\'\'\n';
  leaves('keys.toml', toml, [
    [
      'a table that becomes empty',
      `x = 1\n[twitter]\n# c\n${lines}[b]\ny=2`,
      'x = 1\n[twitter]\n# c\n[b]\ny=2',
    ],
    ['a file that becomes empty', lines, ''],
    [
      'line ends of Windows and no final newline',
      `# ä\r\nx = 1 # one\r\n\r\n${lines.replaceAll('\n', '\r\n')}`.trimEnd(),
      '# ä\r\nx = 1 # one\r\n\r\n',
    ],
    [
      'an inline table',
      'twitter = { consumer_key = "<A>", x = 1, consumer_secret = "<B>", access_token = "<C>", access_token_secret = "<D>" } # c\n',
      'twitter = { x = 1 } # c\n',
    ],
    [
      'tables in a list',
      `[[accounts]]\nid = 1\n${lines}[[accounts]]\nid = 2\n`,
      '[[accounts]]\nid = 1\n[[accounts]]\nid = 2\n',
    ],
  ]);
});

describe('properties', () => {
  leaves('twitter4j.properties', properties, [
    [
      'separators, continued lines and comments',
      '# one\noauth.consumerKey=<A>\n! two\n  oauth.consumerSecret : <B>\ndebug true\noauth.accessToken \\\n    <C>\noauth.accessTokenSecret=<D>',
      '# one\n! two\ndebug true\n',
    ],
    [
      'line ends of Windows',
      'a=\\u00e4\r\noauth.consumerKey=<A>\r\noauth.consumerSecret=<B>\r\n\r\noauth.accessToken=<C>\r\noauth.accessTokenSecret=<D>\r\nb=2\r\n',
      'a=\\u00e4\r\n\r\nb=2\r\n',
    ],
  ]);
});

describe('a language that a scrub does not know', () => {
  refuses('config.php', [
    [
      'PHP',
      "<?php\ndefine('CONSUMER_KEY', '<A>');\ndefine('CONSUMER_SECRET', '<B>');\n",
      /a scrub does not change PHP/,
    ],
  ]);
  refuses('Keys.java', [
    [
      'Java',
      'class Keys {\n  static final String CONSUMER_KEY = "<A>";\n  static final String CONSUMER_SECRET = "<B>";\n}\n',
      /nothing shows what kind of file it is/,
    ],
  ]);

  const MADE = /nothing shows what kind of file it is|a scrub does not change|nothing shows that it is/;
  refuses('keys.csv', [['CSV', 'consumer_key,consumer_secret\n<A>,<B>\n', MADE]]);
  refuses('keys.txt', [['labels of the console', 'API Key: <A>\nAPI Key Secret: <B>\n', MADE]]);
  for (const [file, text] of Object.entries({
    'main.go': 'package main\nconst (\n\tconsumerKey = "<A>"\n\tconsumerSecret = "<B>"\n)\n',
    'short.go': 'package main\nfunc main() {\n\tconsumerKey := "<A>"\n\tconsumerSecret := "<B>"\n}\n',
    'bot.pl': 'my $consumer_key = "<A>";\nmy $consumer_secret = "<B>";\nprint $consumer_key;\n',
    'bot.exs': '@consumer_key "<A>"\nconsumer_secret = "<B>"\nconsumer_key = "<A>"\n',
    'Bot.cs': 'var consumerKey = "<A>";\nvar consumerSecret = "<B>";\n',
    'bot.swift': 'let consumerKey = "<A>"\nlet consumerSecret = "<B>"\n',
    'bot.dart': "const consumerKey = '<A>';\nconst consumerSecret = '<B>';\n",
    'bot.lua': 'consumer_key = "<A>"\nconsumer_secret = "<B>"\n',
    'bot.R': 'consumer_key = "<A>"\nconsumer_secret = "<B>"\n',
    'bot.jl': 'consumer_key = "<A>"\nconsumer_secret = "<B>"\n',
    'dev.tfvars': 'consumer_key = "<A>"\nconsumer_secret = "<B>"\n',
    Makefile: 'CONSUMER_KEY = <A>\nCONSUMER_SECRET = <B>\nrun:\n\t./bot\n',
    crontab: 'CONSUMER_KEY=<A>\nCONSUMER_SECRET=<B>\n0 * * * * bot\n',
    'perl-script': '#!/usr/bin/perl\n$consumer_key = "<A>";\n$consumer_secret = "<B>";\n',
  }))
    refuses(file, [[file, text, MADE]]);
});
