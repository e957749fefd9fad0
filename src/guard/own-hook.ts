import { lstatSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { failed } from '../failure.ts';
import { attempt, makeExecutable, readText, removeFile } from '../system/text-file.ts';
import { GUARD_BLOCK } from './block.ts';
import type { Done, Guard } from './guard.ts';
import { BEFORE, CHAIN, ownLines, type Program, SHEBANG } from './hook-text.ts';
import { writeWithin } from './reach.ts';

const START = `${SHEBANG}\n`;

/** A pre-commit hook of our own in git's hooks folder. The hook that was there is moved aside and run first. */
export function ownHook(folder: string, own: readonly string[]): Guard {
  const file = join(folder, 'pre-commit');
  const before = join(folder, BEFORE);
  return {
    kind: 'hook',
    file,
    isInstalled: () => GUARD_BLOCK.isIn(readText(file) ?? ''),
    install: (program) => install({ file, before, own }, program),
    uninstall: () => uninstall({ file, before, own }),
  };
}

interface Hook {
  readonly file: string;
  /** The hook that was there before. */
  readonly before: string;
  readonly own: readonly string[];
}

function install({ file, before, own }: Hook, program: Program): Done {
  const text = readText(file);
  const rest = text === null ? null : GUARD_BLOCK.takeOutOf(text);
  if (text !== null && rest) return renew(file, { text, rest: rest.text }, own, program);
  const isChained = exists(file);
  if (isChained) moveAside(file, before);
  try {
    writeWithin(own, file, hookText(START, program), 0o755);
    makeExecutable(file);
  } catch (error) {
    if (isChained && !exists(file)) renameSync(before, file);
    throw error;
  }
  return { isChanged: true, notes: isChained ? [kept(before)] : [] };
}

/** git runs no hook that is not executable. */
function kept(before: string): string {
  const isRun = ((statSync(before, { throwIfNoEntry: false })?.mode ?? 0) & 0o111) !== 0;
  return isRun
    ? `the hook that was there runs first, as ${before}`
    : `the hook that was there is kept as ${before}; it is not executable, so it is not run, as before`;
}

/** Our hook is there already; where twvault lies may have changed. */
function renew(
  file: string,
  { text, rest }: { text: string; rest: string },
  own: readonly string[],
  program: Program,
): Done {
  const wanted = hookText(rest, program);
  if (wanted === text) return { isChanged: false, notes: [] };
  writeWithin(own, file, wanted);
  return { isChanged: true, notes: [] };
}

function hookText(text: string, program: Program): string {
  const at = text.startsWith('#!') ? text.indexOf('\n') + 1 : 0;
  return GUARD_BLOCK.putInto(text, { at, indent: '' }, ownLines(program));
}

function moveAside(file: string, before: string): void {
  if (exists(before)) {
    throw failed(`${before} exists already, and ${file} is another hook`, [
      'something put a hook in the place of the guard: remove or rename one of the two, then try again',
    ]);
  }
  attempt('rename', file, () => renameSync(file, before));
}

function uninstall({ file, before, own }: Hook): Done {
  const text = readText(file);
  const rest = text === null ? null : GUARD_BLOCK.takeOutOf(text);
  if (!rest) return { isChanged: false, notes: [] };
  if (rest.text !== START) return takeOut(file, text as string, own, exists(before));
  if (exists(before)) attempt('rename', before, () => renameSync(before, file));
  else removeFile(file);
  return { isChanged: true, notes: [] };
}

/** Somebody added to our hook: their lines stay, and the hook that was there before is still run. */
function takeOut(file: string, text: string, own: readonly string[], isChained: boolean): Done {
  writeWithin(own, file, GUARD_BLOCK.takeOutOf(text, isChained ? CHAIN : [])?.text ?? text);
  const notes = [`${file} was changed since: only twvault's part was taken out`];
  return { isChanged: true, notes: isChained ? [...notes, `it still runs ${BEFORE}`] : notes };
}

/** Also a link that leads nowhere. */
const exists = (path: string): boolean => lstatSync(path, { throwIfNoEntry: false }) !== undefined;
