import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { Tokens } from './tokens.ts';

const CORPUS = join(import.meta.dirname, 'corpus');

/** A text that has to be there, or a list of texts of which one has to be. */
export type Wanted = string | readonly string[];

export interface ExpectedProfile {
  readonly name?: string;
  /** Canonical field name -> label of its token. Inherited fields count. */
  readonly fields: Readonly<Record<string, string>>;
  /** Fields that may be there as well, where people can differ about it; with that value if so. */
  readonly maybe?: Readonly<Record<string, string>>;
  readonly account?: string;
}

/** What cannot lie in `files/`, by path in the working folder. */
type Generated =
  | { readonly link: string }
  | { readonly size: number }
  | { readonly bytes: string }
  | { readonly repeat: string; readonly times: number }
  | { readonly folder: true }
  | { readonly fifo: true };

/** `case.json`; test/import/corpus/README.md explains it. */
export interface Case {
  readonly about: string;
  readonly args: readonly string[];
  readonly options?: readonly string[];
  readonly profiles: readonly ExpectedProfile[];
  readonly parents?: number;
  readonly leftAlone?: readonly string[];
  readonly refused?: readonly string[];
  readonly warns?: readonly Wanted[];
  readonly stderr?: readonly Wanted[];
  readonly status: number | readonly number[];
  readonly generate?: Readonly<Record<string, Generated>>;
}

/** The names of the cases of one kind, in order. */
export const caseNames = (kind: 'good' | 'bad'): string[] =>
  readdirSync(join(CORPUS, kind), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();

export function readCase(kind: 'good' | 'bad', name: string): Case {
  return JSON.parse(readFileSync(join(CORPUS, kind, name, 'case.json'), 'utf8'));
}

/** An input file as it lies in the corpus, with its tokens; undefined where the case generates it. */
export function template(kind: 'good' | 'bad', name: string, path: string): string | undefined {
  const file = join(CORPUS, kind, name, 'files', path);
  return existsSync(file) && statSync(file).isFile() ? readFileSync(file, 'latin1') : undefined;
}

/** Writes the case's files into a folder, with values in the places of the tokens. Bytes beside them stay as they are. */
export function writeCase(kind: 'good' | 'bad', name: string, tokens: Tokens, folder: string): void {
  const files = join(CORPUS, kind, name, 'files');
  const paths = existsSync(files) ? readdirSync(files, { recursive: true, encoding: 'utf8' }) : [];
  for (const path of paths) {
    const text = template(kind, name, path);
    if (text === undefined) continue;
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), tokens.fill(text), 'latin1');
  }
  for (const [path, how] of Object.entries(readCase(kind, name).generate ?? {})) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    generate(join(folder, path), how);
  }
}

function generate(path: string, how: Generated): void {
  if ('link' in how) symlinkSync(how.link, path);
  else if ('size' in how) grow(path, how.size);
  else if ('bytes' in how) writeFileSync(path, Buffer.from(how.bytes, 'hex'));
  else if ('repeat' in how) writeFileSync(path, how.repeat.repeat(how.times));
  else if ('folder' in how) mkdirSync(path);
  else execFileSync('mkfifo', [path]);
}

/** Makes a file as large as that, by lines that are comments in most formats. */
function grow(path: string, size: number): void {
  const has = existsSync(path) ? statSync(path).size : 0;
  appendFileSync(path, '# a line that says nothing\n'.repeat(Math.ceil(size / 27)).slice(0, size - has));
}
