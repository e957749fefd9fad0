import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'dotenv';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ExportFormat } from '../../src/export/format.ts';
import { EXPORT_FORMATS } from '../../src/export/formats.ts';
import type { Variable } from '../../src/export/variable.ts';
import { temporaryFolder } from '../support/cli.ts';
import { alphanumeric, bearerToken, generatedKeys, oauth2Token } from '../support/credentials.ts';
import { has } from '../support/tools.ts';

const variables = (values: readonly string[]): Variable[] =>
  values.map((value, index) => ({ name: `VARIABLE_${index}`, source: `VARIABLE_${index}`, value }));

const render = (format: ExportFormat, all: readonly Variable[]): string => format.render(all, 'personal');

/** Values that a format writes without complaint. */
const writable = (format: ExportFormat, values: readonly string[]): string[] =>
  values.filter((value) => {
    try {
      render(format, variables([value]));
      return true;
    } catch {
      return false;
    }
  });

const NASTY = [
  "'",
  '"',
  '$',
  '`',
  '\\',
  '\n',
  '\r',
  '\t',
  ' ',
  '#',
  '=',
  '!',
  '*',
  '~',
  '%',
  '{',
  '}',
  '\\n',
  '$HOME',
  '$(id)',
  '`id`',
  'é',
  '😀',
  '\u2028',
  '\x7f',
  'a',
  '1',
  "'\\''",
  '//',
  'export ',
];
const value = fc
  .oneof(
    fc.array(fc.constantFrom(...NASTY), { minLength: 1, maxLength: 12 }).map((parts) => parts.join('')),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 30 }),
  )
  .filter((text) => !text.includes('\0') && Buffer.from(text).toString() === text);
const values = fc.array(value, { minLength: 40, maxLength: 40 });
const RUNS = { numRuns: 25 };

/** What a program that reads the file has in its environment or its globals. */
function readBy(command: readonly [string, ...string[]], text: string, count: number): string[] {
  const path = join(temporaryFolder(), 'exported');
  writeFileSync(path, text);
  const [file, ...args] = command;
  const { stdout, stderr, status } = spawnSync(file, [...args, path], {
    env: { PATH: process.env.PATH },
    maxBuffer: 1 << 26,
  });
  if (status !== 0) throw new Error(stderr.toString());
  return stdout.toString().split('\0').slice(0, count);
}

const names = (count: number): string[] => variables(Array(count).fill('x')).map(({ name }) => name);
const sh = (source: string, count: number, shell = 'sh'): [string, ...string[]] => [
  shell,
  '-c',
  `${source}; printf '%s\\0' ${names(count)
    .map((name) => `"$${name}"`)
    .join(' ')}`,
  'sh',
];

/** Docker's own rules: the line as it is after the first `=`; blanks before the name go. */
function asDocker(text: string): string[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
    .map((line) => line.slice(line.indexOf('=') + 1));
}

describe('what is exported is read back as it was', () => {
  it('by the library dotenv, and by a shell', () => {
    fc.assert(
      fc.property(values, (all) => {
        const kept = writable(EXPORT_FORMATS.dotenv, all);
        const text = render(EXPORT_FORMATS.dotenv, variables(kept));
        expect(Object.values(parse(text))).toEqual(kept);
        expect(readBy(sh('set -a; . "$1"', kept.length), text, kept.length)).toEqual(kept);
      }),
      RUNS,
    );
  });

  it.skipIf(!has('zsh', 'exported values in zsh'))('by zsh, which has a meaning for = of its own', () => {
    const all = ['=ls', 'a:=ls', '=', 'a=', 'a=ls', 'YQ==', '~', 'a:~'];
    const text = render(EXPORT_FORMATS.dotenv, variables(all));
    expect(readBy(sh('set -a; . "$1"', all.length, 'zsh'), text, all.length)).toEqual(all);
  });

  it('by a shell', () => {
    fc.assert(
      fc.property(values, (all) => {
        const text = render(EXPORT_FORMATS.shell, variables(all));
        expect(readBy(sh('. "$1"', all.length), text, all.length)).toEqual(all);
      }),
      RUNS,
    );
  });

  it('by Python', () => {
    const program = [
      'import runpy, sys',
      'found = runpy.run_path(sys.argv[1])',
      'for name in [n for n in found if n.startswith("VARIABLE_")]: sys.stdout.buffer.write(found[name].encode() + b"\\0")',
    ].join('\n');
    fc.assert(
      fc.property(values, (all) => {
        const text = render(EXPORT_FORMATS.python, variables(all));
        expect(readBy(['python3', '-c', program], text, all.length)).toEqual(all);
      }),
      RUNS,
    );
  });

  it('as JSON, and by the rules of docker', () => {
    fc.assert(
      fc.property(values, (all) => {
        expect(Object.values(JSON.parse(render(EXPORT_FORMATS.json, variables(all))))).toEqual(all);
        const kept = writable(EXPORT_FORMATS['docker-env'], all);
        expect(asDocker(render(EXPORT_FORMATS['docker-env'], variables(kept)))).toEqual(kept);
      }),
    );
  });
});

describe('what X issues', () => {
  it.each(Object.entries(EXPORT_FORMATS))('%s has a way to write all of it', (_, format) => {
    const issued = [...Object.values(generatedKeys()), bearerToken(), oauth2Token(), 'a', 'a:b=c'];
    expect(writable(format, issued)).toEqual(issued);
  });

  it('stands in dotenv without quotes', () => {
    const [key] = Object.values(generatedKeys());
    expect(render(EXPORT_FORMATS.dotenv, variables([key as string]))).toBe(`VARIABLE_0=${key}\n`);
  });
});

describe('a value that a format cannot write', () => {
  it.each<[keyof typeof EXPORT_FORMATS, string, string]>([
    ['dotenv', `it's "$5"`, 'mixes quotes or backslashes'],
    ['dotenv', 'line\rend', 'holds a carriage return'],
    // As python-dotenv 1.2 reads them between single quotes.
    ['dotenv', ['a $', '{HOME}'].join(''), 'holds ${, which'],
    ['dotenv', String.raw`a \\ b`, 'mixes quotes or backslashes'],
    ['docker-env', 'two\nlines', 'holds a line end'],
    ['github', 'ends\n', 'ends in a line end'],
  ])('is refused by name: %s, %j', (format, text, words) => {
    const secret = alphanumeric(20) + text;
    const writing = () => render(EXPORT_FORMATS[format], variables([secret]));
    expect(writing).toThrow(`VARIABLE_0 ${words}`);
    expect(writing).not.toThrow(secret.slice(0, 20));
  });

  it('is rare: dotenv takes each kind of quote, line ends and what a shell would expand', () => {
    const all = ["it's", 'a "word"', '`id` $(id) $HOME', 'two\nlines', 'a\\b', ' blank ', '#', "it's\ntwo"];
    expect(writable(EXPORT_FORMATS.dotenv, all)).toEqual(all);
  });
});

describe('commands for gh', () => {
  it('hand values over standard input and hold none', () => {
    const bin = temporaryFolder();
    const script = (name: string, text: string) =>
      writeFileSync(join(bin, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
    script('twvault', 'printf "value of %s %s\\n" "$2" "$3"');
    script('gh', 'printf "%s=" "$3"; cat');
    const text = render(EXPORT_FORMATS.github, [
      { name: 'TWITTER_API_KEY', source: 'api_key', value: alphanumeric(25) },
    ]);
    expect(text).toBe('twvault get personal api_key | gh secret set TWITTER_API_KEY\n');
    const output = execFileSync('sh', ['-c', text], {
      env: { PATH: `${bin}:${process.env.PATH}` },
      encoding: 'utf8',
    });
    expect(output).toBe('TWITTER_API_KEY=value of personal api_key\n');
  });

  it('there are none for a name that GitHub keeps for itself', () => {
    const kept = [{ name: 'github_key', source: 'api_key', value: 'a' }];
    expect(() => render(EXPORT_FORMATS.github, kept)).toThrow(
      'github_key cannot be the name of a GitHub secret',
    );
    const other = [{ name: 'MY_GITHUB_KEY', source: 'api_key', value: 'a\nb' }];
    expect(render(EXPORT_FORMATS.github, other)).toContain('gh secret set MY_GITHUB_KEY');
  });
});

describe('the formats', () => {
  it('are all registered', () => {
    const files = readdirSync(join(import.meta.dirname, '../../src/export')).map((file) =>
      file.replace('.ts', ''),
    );
    const formats = files.filter((file) => !['format', 'formats', 'variable'].includes(file));
    expect(formats.sort()).toEqual(Object.keys(EXPORT_FORMATS).sort());
  });
});
