import type { Assignment, Format, Span } from './assignment.ts';
import { Entries } from './entries.ts';
import { startOfLine } from './lines.ts';
import { type Operator, shellTokens, type Word } from './shell-words.ts';

const NAME = /^[A-Za-z_]\w*$/;
const ASSIGNED = /^[A-Za-z_]\w*=/;
/** Commands whose words may be assignments. */
const DECLARING = new Set(['export', 'readonly', 'declare', 'typeset', 'local', 'env']);
/** fish and csh: `set -x NAME value`, `setenv NAME value`. */
const SETTING = new Set(['set', 'setenv']);
/** Words behind which a command begins. */
const TRANSPARENT = new Set(['then', 'do', 'else', 'elif', 'if', 'while', 'until', '{', '!', 'time']);
const OPENING = new Set(['if', 'while', 'until', 'for', 'select', 'case', '{', 'function', 'begin']);
const CLOSING = new Set(['fi', 'done', 'esac', '}', 'end']);
/** Behind an assignment that has its line to itself. */
const REST_OF_LINE = /[ \t]*(?:;[ \t]*)?(?:(?<=[ \t;])#[^\r\n]*)?(?:\r\n|\n|\r|$)/y;

/**
 * The variables that a shell text sets to what stands there literally: assignments, `export` and its like, and those of
 * fish and csh. Nothing is executed and nothing computed; of two assignments to one name the last counts.
 */
function readShell(text: string): Assignment[] {
  const found = new Entries(text);
  for (const { words, isAlone } of commands(text)) {
    const pairs = assignmentsOf(words);
    const entry = isAlone && pairs.length === 1 ? entryOf(text, words) : undefined;
    for (const { name, value, span } of pairs) found.add({ name, text: value, value: span, entry });
  }
  return found.assignments();
}

export const shell: Format = { name: 'shell', kind: 'shell', read: readShell };

interface Command {
  readonly words: readonly Word[];
  /** Whether it begins a line and nothing around it needs it: no block that would be empty, no `&&` before it. */
  readonly isAlone: boolean;
}

function* commands(text: string): Generator<Command> {
  let [words, isTarget, hasTarget]: [Word[], boolean, boolean] = [[], false, false];
  const around = new Surroundings();
  for (const token of shellTokens(text)) {
    if (token.kind === 'word') {
      if (!isTarget) words.push(token);
      isTarget = false;
    } else if (token.sign === '<') {
      isTarget = true;
      hasTarget = true;
    } else {
      const isFree = around.isFree && !hasTarget;
      const inner = around.enter(words);
      if (inner.length > 0) yield { words: inner, isAlone: isFree && inner.length === words.length };
      around.pass(token, words.length > 0);
      words = [];
      isTarget = false;
      hasTarget = false;
    }
  }
  const isFree = around.isFree && !hasTarget;
  const inner = around.enter(words);
  if (inner.length > 0) yield { words: inner, isAlone: isFree && inner.length === words.length };
}

/** What a command stands in. */
class Surroundings {
  #blocks = 0;
  #parentheses = 0;
  #isFirst = true;
  #isJoined = false;

  get isFree(): boolean {
    return this.#isFirst && !this.#isJoined && this.#blocks === 0 && this.#parentheses === 0;
  }

  /** Opens and closes the blocks that a command's first words open and close; the words that remain. */
  enter(words: readonly Word[]): readonly Word[] {
    for (const [index, word] of words.entries()) {
      const keyword = word.plainEnd === word.end ? word.text : '';
      if (OPENING.has(keyword)) this.#blocks += 1;
      if (CLOSING.has(keyword)) this.#blocks = Math.max(0, this.#blocks - 1);
      if (!TRANSPARENT.has(keyword)) return words.slice(index);
    }
    return [];
  }

  pass({ sign }: Operator, hadWords: boolean): void {
    if (sign === '(') this.#parentheses += 1;
    // A closing parenthesis without an opening one ends a pattern of `case`.
    if (sign === ')') this.#parentheses = Math.max(0, this.#parentheses - 1);
    this.#isFirst = sign === '\n';
    if (sign !== '\n' || hadWords) this.#isJoined = sign === '&&' || sign === '||' || sign === '|';
  }
}

interface Pair {
  readonly name: string;
  readonly value: string;
  readonly span: Span;
}

function assignmentsOf(words: readonly Word[]): Pair[] {
  const [first] = words;
  if (first === undefined) return [];
  if (SETTING.has(first.text)) return settingOf(words);
  const assigned = words.findIndex((word) => !isAssignment(word));
  const candidates = DECLARING.has(first.text)
    ? words.filter(isAssignment)
    : words.slice(0, assigned < 0 ? words.length : assigned);
  return candidates.filter(({ literal }) => literal).map(pairOf);
}

/** Whether a word is `NAME=...`, the name and the sign without quotes. */
function isAssignment({ text, start, plainEnd }: Word): boolean {
  const length = ASSIGNED.exec(text)?.[0].length;
  return length !== undefined && length <= plainEnd - start;
}

function pairOf({ text, start, end }: Word): Pair {
  const at = text.indexOf('=');
  return { name: text.slice(0, at), value: text.slice(at + 1), span: { start: start + at + 1, end } };
}

function settingOf(words: readonly Word[]): Pair[] {
  const [name, value, ...more] = words.slice(1).filter(({ text }) => !/^--?[A-Za-z]/.test(text));
  if (!name || !value?.literal || more.length > 0 || !NAME.test(name.text)) return [];
  return [{ name: name.text, value: value.text, span: { start: value.start, end: value.end } }];
}

/** The lines of a command that is one assignment and nothing else. */
function entryOf(text: string, words: readonly Word[]): Span | undefined {
  const [first, last] = [words[0] as Word, words.at(-1) as Word];
  const others = words.filter((word) => !isAssignment(word));
  const isDeclaring = DECLARING.has(first.text) && others.slice(1).every((word) => word.text.startsWith('-'));
  if (others.length > 0 && !isDeclaring && !SETTING.has(first.text)) return undefined;
  if (words.length - others.length > 1) return undefined;
  const start = startOfLine(text, first.start);
  if (/\\\r?\n?$/.test(text.slice(Math.max(0, start - 3), start))) return undefined;
  REST_OF_LINE.lastIndex = last.end;
  return REST_OF_LINE.test(text) ? { start, end: REST_OF_LINE.lastIndex } : undefined;
}
