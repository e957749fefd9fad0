import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const ROOT = join(import.meta.dirname, '../..');

/**
 * A fenced block of a page; or a comment that begins with `run`, which is preparation that readers need not see, or with
 * `answers`, which says what is typed when the next block asks.
 */
export interface Block {
  readonly language: string;
  /** What stands behind the language: `run`, `exit=5`, `file=bot.py`, `by-hand`. */
  readonly marks: readonly string[];
  /** Of its first line of text, counted from 1. */
  readonly line: number;
  readonly text: string;
}

/** Something that is run, and what has to come of it. */
export interface Step {
  readonly line: number;
  readonly script: string;
  readonly exit: number;
  /** Undefined where the page shows none. */
  readonly output: string | undefined;
}

export interface Page {
  /** Its path from the root of the repository. */
  readonly path: string;
  readonly text: string;
  readonly blocks: readonly Block[];
}

function readPage(path: string): Page {
  const text = readFileSync(join(ROOT, path), 'utf8');
  return { path, text, blocks: blocksOf(text) };
}

/** The pages that a person who uses twvault reads. */
export function markdown(): Page[] {
  const below = (folder: string): string[] =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.md'))
      .map((name) => join(folder, name))
      .sort();
  return ['README.md', 'SECURITY.md', ...below('docs'), ...below('examples')].map(readPage);
}

const FENCE = /^( *)```(\S*)([^\n]*)\n([\s\S]*?)^ *```$/;
const HIDDEN = /^<!-- (run|answers)\n([\s\S]*?)^-->$/;

export function blocksOf(text: string): Block[] {
  const either = new RegExp(`${FENCE.source}|${HIDDEN.source}`, 'gm');
  return [...text.matchAll(either)].map((match) => {
    const [, indent = '', language = '', marks = '', body, kind, hidden] = match;
    const line = text.slice(0, match.index).split('\n').length + 1;
    if (kind === 'answers') return { language: kind, marks: [], line, text: hidden ?? '' };
    if (kind === 'run') return { language: 'sh', marks: [kind], line, text: hidden ?? '' };
    const lines = (body ?? '').split('\n').map((each) => each.replace(indent, ''));
    return { language, marks: marks.split(' ').filter(Boolean), line, text: lines.join('\n') };
  });
}

/** What a mark of the form NAME=VALUE says. */
export function marked({ marks }: Block, name: string): string | undefined {
  return marks.find((mark) => mark.startsWith(`${name}=`))?.slice(name.length + 1);
}

/** What is asked on the terminal, and what is typed then: lines of the form QUESTION => ANSWER. */
export function answersIn({ language, text }: Block): [string, string][] | undefined {
  if (language !== 'answers') return undefined;
  const lines = text.split('\n').filter((line) => line.includes('=>'));
  return lines.map((line) => line.split('=>').map((part) => part.trim()) as [string, string]);
}

/** What a block has a reader do. */
export function stepsOf(block: Block): Step[] {
  if (!block.marks.includes('run')) return [];
  const exit = Number(marked(block, 'exit') ?? 0);
  if (block.language !== 'console')
    return [{ line: block.line, script: block.text, exit, output: undefined }];
  const steps = sessionOf(block);
  return steps.map((step, index) => (index === steps.length - 1 ? { ...step, exit } : step));
}

/** A terminal session: what follows `$ ` is typed, and what follows is what it prints. */
function sessionOf({ text, line }: Block): Step[] {
  const parts = text.split(/^\$ /m);
  let at = line + (parts[0] ?? '').split('\n').length - 1;
  return parts.slice(1).map((part) => {
    const [script = '', ...output] = part.split('\n');
    const step = { line: at, script, exit: 0, output: output.join('\n') };
    at += output.length;
    return step;
  });
}

/**
 * Whether something printed is what a page shows. There `…` stands for anything, alone in its line for any lines; how
 * wide columns are does not matter.
 */
export function isShown(shown: string, printed: string): boolean {
  const pattern = trimmed(shown)
    .split('\n')
    .map((line) => (line === '…' ? '(?:.*\n)*?' : `${line.split('…').map(literal).join('.*')}\n`))
    .join('');
  return new RegExp(`^${pattern}$`).test(`${trimmed(printed)}\n`);
}

const trimmed = (text: string): string =>
  text
    .replace(/[ \t]+$/gm, '')
    .replace(/ {2,}/g, '  ')
    .replace(/\n+$/, '');
const literal = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
