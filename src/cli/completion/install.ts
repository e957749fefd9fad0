import { mkdirSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { failed } from '../../failure.ts';
import { Block } from '../../system/block.ts';
import type { Variables } from '../../system/paths.ts';
import { attempt, readText, removeFile, writeText } from '../../system/text-file.ts';
import { type Place, placesOf } from './places.ts';
import { isScript, type Shell, scriptOf } from './scripts.ts';

/** What an installation or a removal came to. */
export interface Outcome {
  /** The files that were written, changed or removed; none where everything was as it should be. */
  readonly changed: readonly string[];
  /** Files that are somebody else's, or cannot be changed, and were left. */
  readonly left: readonly string[];
}

const BLOCK = new Block('completion');

/** The user's shell, where twvault can complete in it. */
export function shellOf({ SHELL = '' }: Variables, platform = process.platform): Shell | undefined {
  const name = basename(SHELL).replace(/\.exe$/, '');
  if (name === 'bash' || name === 'zsh' || name === 'fish') return name;
  return name === 'pwsh' || platform === 'win32' ? 'powershell' : undefined;
}

/**
 * Puts the script where new shells find it. A second time changes nothing, or brings it up to date.
 * @throws Failure exit 1 where somebody else's file is in its place, or a file cannot be written
 */
export async function installCompletion(shell: Shell, env: Variables): Promise<Outcome> {
  const places = await placesOf(shell, env);
  for (const place of places) checkPlace(place);
  return { changed: places.flatMap((place) => install(place, scriptOf(shell))), left: [] };
}

/** The files that an installation writes or changes. */
export async function completionFiles(shell: Shell, env: Variables): Promise<string[]> {
  const places = await placesOf(shell, env);
  return places.flatMap(({ script, start }) => (start?.isNeeded ? [script, start.file] : [script]));
}

/** Whether new shells find a script of ours, of this version or of another one. */
export async function isCompleted(shell: Shell, env: Variables): Promise<boolean> {
  const places = await placesOf(shell, env);
  return places.every(({ script, start }) => {
    const isLoaded = !start?.isNeeded || BLOCK.isIn(readText(start.file) ?? '');
    return isLoaded && isScript(readText(script) ?? '');
  });
}

/** Takes away what `installCompletion` wrote, and gives start files back the bytes that they had. */
export async function uninstallCompletion(shell: Shell, env: Variables): Promise<Outcome> {
  const outcomes = (await placesOf(shell, env)).map(uninstall);
  return {
    changed: outcomes.flatMap(({ changed }) => changed),
    left: outcomes.flatMap(({ left }) => left),
  };
}

function checkPlace({ script, start }: Place): void {
  const there = readText(script);
  if (there !== null && !isScript(there))
    throw failed(`${script} exists already and is not twvault's`, ['move it away, then try again']);
  const text = (start && readText(start.file)) ?? '';
  if (start?.isNeeded && /^(\xff\xfe|\xfe\xff)/.test(text))
    throw failed(`${start.file} is written in UTF-16, which twvault does not change`, [
      `save it as UTF-8, or load the script in it by hand: ${script}`,
    ]);
}

/** @returns the files that had to be changed */
function install({ script, start }: Place, text: string): string[] {
  const changed: string[] = [];
  const wanted = latin1(text);
  if (readText(script) !== wanted) {
    // zsh takes no functions from a folder that a group can write.
    attempt('create', dirname(script), () => mkdirSync(dirname(script), { recursive: true, mode: 0o755 }));
    writeText(script, wanted);
    changed.push(script);
  }
  if (start?.isNeeded && addTo(start.file, start.lines.map(latin1))) changed.push(start.file);
  return changed;
}

/** Whether the file had to be changed for its block of ours to say this. */
function addTo(file: string, lines: readonly string[]): boolean {
  const before = readText(file) ?? '';
  const rest = BLOCK.takeOutOf(before)?.text ?? before;
  const wanted = BLOCK.putInto(rest, { at: rest.length, indent: '' }, lines);
  if (hasLines(before, lines)) return false;
  writeText(file, wanted);
  return true;
}

/** Wherever the user moved the block. */
const hasLines = (text: string, lines: readonly string[]): boolean =>
  BLOCK.isIn(text) && text.replaceAll('\r\n', '\n').includes(lines.join('\n'));

function uninstall({ script, start }: Place): Outcome {
  const changed: string[] = [];
  const left: string[] = [];
  const there = readText(script);
  if (there !== null) {
    if (isScript(there)) removeFile(script);
    (isScript(there) ? changed : left).push(script);
  }
  const text = (start && readText(start.file)) ?? '';
  if (start && BLOCK.isIn(text)) (takeOutOf(start.file, text) ? changed : left).push(start.file);
  return { changed, left };
}

function takeOutOf(file: string, text: string): boolean {
  const rest = BLOCK.takeOutOf(text);
  if (!rest) return false;
  if (rest.isNew) removeFile(file);
  else writeText(file, rest.text);
  return true;
}

/** As `writeText` takes it. */
const latin1 = (text: string): string => Buffer.from(text).toString('latin1');
