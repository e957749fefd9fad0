import { basename, extname } from 'node:path';
import { Failure } from '../failure.ts';
import { fieldNamed } from '../profile/spelling.ts';
import type { Assignment, Format } from './assignment.ts';
import { bare } from './bare.ts';
import { dotenv } from './dotenv.ts';
import { ini } from './ini.ts';
import { javascript } from './javascript.ts';
import { json } from './json.ts';
import { notebook } from './notebook.ts';
import { php } from './php.ts';
import { properties } from './properties.ts';
import { python } from './python.ts';
import { ruby } from './ruby.ts';
import { shell } from './shell.ts';
import { toml } from './toml.ts';
import { yaml } from './yaml.ts';

/** Every format with the endings of its files. A new one is a file beside this and a line here. */
const FORMATS: readonly (readonly [Format, readonly string[]])[] = [
  [python, ['.py', '.pyw']],
  [notebook, ['.ipynb']],
  [javascript, ['.js', '.mjs', '.cjs', '.jsx', '.ts', '.mts', '.cts', '.tsx']],
  [php, ['.php', '.phtml']],
  [ruby, ['.rb', '.rake', '.ru']],
  [json, ['.json', '.jsonc', '.jsonl', '.ndjson']],
  [yaml, ['.yml', '.yaml']],
  [toml, ['.toml']],
  [ini, ['.ini', '.cfg', '.conf']],
  [properties, ['.properties']],
  [dotenv, ['.env']],
  [shell, ['.sh', '.bash', '.zsh', '.fish', '.envrc']],
  [bare, ['.csv', '.tsv']],
];

/** Files whose names say it without an ending. */
const BY_NAME: ReadonlyMap<string, Format> = new Map([
  ['.twurlrc', yaml],
  ['.trc', yaml],
  ['.xrc', yaml],
  ['.xurl', yaml], // JSON in its first versions, which YAML includes
  ['.twarc', ini],
  ['.envrc', shell],
  ['.tweet.client.key', shell],
  ...['.bashrc', '.bash_profile', '.profile', '.zshrc', '.zshenv'].map((name) => [name, shell] as const),
]);

/** What a text may be that no name explains, the likelier first where two explain as much. */
const GUESSES: readonly Format[] = [
  json,
  yaml,
  dotenv,
  shell,
  ini,
  python,
  javascript,
  properties,
  toml,
  bare,
];

export interface Understood {
  readonly format: Format;
  readonly assignments: Assignment[];
}

/**
 * Reads a text by its file's name; where that says nothing, as the format that makes the most of it.
 * @throws Failure exit 2 where it is not of the format that its name promises
 */
export function understand(path: string, text: string): Understood {
  const format = byName(basename(path).toLowerCase());
  return format ? { format, assignments: format.read(text) } : guess(text);
}

/** `.env.local` and `env.example` are dotenv; `env.js` and `.env.json` are what their endings say. */
function byName(name: string): Format | undefined {
  const byEnding = FORMATS.find(([, endings]) => endings.includes(extname(name)))?.[0];
  return BY_NAME.get(name) ?? byEnding ?? (/^\.?env(\..+)?$/.test(name) ? dotenv : undefined);
}

/** A script says in its first line what runs it. */
const SHEBANGS: readonly (readonly [Format, RegExp])[] = [
  [shell, /^#![^\r\n]*[/ ](?:ba|z|da|k|c|tc|fi)?sh\b/],
  [python, /^#![^\r\n]*[/ ]python[\d.]*\b/],
  [javascript, /^#![^\r\n]*[/ ](?:node|deno|bun|tsx)\b/],
  [ruby, /^#![^\r\n]*[/ ]ruby\b/],
  [php, /^#![^\r\n]*[/ ]php\b/],
];

const byShebang = (text: string): Format | undefined => SHEBANGS.find(([, line]) => line.test(text))?.[0];

/** Names that say nothing of what is in a file: none at all, or one for a copy of it. */
const NEUTRAL = /^(\.(txt|example|sample|template|tmpl|dist|default|local|bak|old|orig))?$/;
const ASSIGNS = /^\s*(#.*|(export\s+)?[A-Za-z_][\w.]*\s*=.*)?$/;

/**
 * Whether a file is of a format beyond doubt: its name or its first line says so, or it has no telling name and nothing
 * but `NAME=value` in it, or what Python would have to read the same in the end.
 */
export function isSurely(format: Format, path: string, text: string): boolean {
  const name = basename(path).toLowerCase();
  if ((byName(name) ?? byShebang(text)) === format) return true;
  if (text.startsWith('#!') || !NEUTRAL.test(extname(name))) return false;
  return format === python || (format === dotenv && text.split(/\r?\n/).every((line) => ASSIGNS.test(line)));
}

function guess(text: string): Understood {
  const told = byShebang(text);
  if (told) return { format: told, assignments: attempt(told, text) };
  let best: Understood | undefined;
  for (const format of GUESSES) {
    const assignments = attempt(format, text);
    if (fieldsIn(assignments) > fieldsIn(best?.assignments ?? [])) best = { format, assignments };
  }
  return best ?? { format: bare, assignments: bare.read(text) };
}

function attempt(format: Format, text: string): Assignment[] {
  try {
    return format.read(text);
  } catch (error) {
    if (error instanceof Failure) return [];
    throw error;
  }
}

const fieldsIn = (assignments: readonly Assignment[]): number =>
  assignments.filter(({ name }) => fieldNamed(name) !== undefined).length;
