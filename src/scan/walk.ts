import { lstatSync, readdirSync, realpathSync } from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import { Failure, usage } from '../failure.ts';
import { shownPath } from '../profile/shape.ts';
import { statOf } from '../system/files.ts';
import { startGit, withoutRepository } from '../system/git.ts';
import type { Variables } from '../system/paths.ts';
import { repositoryRoot } from '../system/repository.ts';
import { nameOfPath } from './path-name.ts';

export interface Walk {
  readonly env: Variables;
  /** The folder from which paths are meant, absolute. */
  readonly cwd: string;
  /** A folder that is left out, absolute: the vault's home. */
  readonly home: string;
  /** Whether files that git ignores are wanted too. */
  readonly all: boolean;
  /** Is told what could not be listed. */
  readonly note: (text: string) => void;
}

/** So many that handing them over costs little beside reading them. */
const BATCH_FILES = 32;
const NUL = 0;
const SLASH = Buffer.from('/');
const GIT = '.git';
const LIST = 'ls-files -z -co --exclude-standard --deduplicate'.split(' ');

/**
 * The files under a path in batches, each path ended by a NUL byte and as the system calls it, from `cwd`. In a git
 * work tree that is what git tracks and what it does not ignore, elsewhere everything. Links are not followed.
 * @throws Failure exit 2 where there is nothing at the path
 */
export async function* filesUnder(path: string, walk: Walk): AsyncGenerator<Buffer> {
  const place = resolve(walk.cwd, path);
  const stat = statOf(place);
  if (!stat) throw usage(`there is no file or folder ${nameOfPath(Buffer.from(shownPath(path)))}`);
  const shown = Buffer.from(relative(walk.cwd, place) || '.');
  if (!stat.isDirectory() && !stat.isFile()) walk.note(`cannot read ${nameOfPath(shown)}: it is no file`);
  else if (!stat.isDirectory()) yield Buffer.concat([namedFile(place, shown), END]);
  else if (!walk.all && isInWorkTree(place)) yield* listedByGit(shown, walk);
  else yield* walked(shown, walk);
}

/** The files of a repository that lies inside another one. @param folder as `filesUnder` gave it */
export async function* filesOfNested(folder: Buffer, walk: Walk): AsyncGenerator<Buffer> {
  const end = folder.at(-1) === SLASH[0] ? -1 : folder.length;
  yield* walked(folder.subarray(0, end), walk);
}

/** A link that was named itself is followed. */
function namedFile(place: string, shown: Buffer): Buffer {
  return lstatSync(place).isSymbolicLink() ? Buffer.from(realpathSync(place)) : shown;
}

const isInWorkTree = (folder: string): boolean => repositoryRoot(realpathSync(folder)) !== undefined;

async function* listedByGit(folder: Buffer, walk: Walk): AsyncGenerator<Buffer> {
  const batch = new Batch(folder, homeIn(folder, walk));
  let rest: Buffer = Buffer.alloc(0);
  let isListed = false;
  let failure: Failure | undefined;
  try {
    for await (const bytes of gitsList(folder, walk)) {
      const joined = Buffer.concat([rest, bytes]);
      let start = 0;
      for (let at = joined.indexOf(NUL); at !== -1; at = joined.indexOf(NUL, start)) {
        batch.add(joined.subarray(start, at));
        start = at + 1;
        isListed = true;
        if (batch.isFull) yield batch.take();
      }
      rest = joined.subarray(start);
    }
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    failure = error;
  }
  if (batch.size > 0) yield batch.take();
  if (!failure) return;
  walk.note(`git could not list ${nameOfPath(folder)}: every file in it is scanned, ignored ones too`);
  if (!isListed) yield* walked(folder, walk, true);
}

function gitsList(folder: Buffer, walk: Walk): AsyncIterable<Buffer> {
  const place = { cwd: resolve(walk.cwd, folder.toString()), env: withoutRepository(walk.env) };
  const { output, end } = startGit(place, LIST);
  end();
  return output;
}

/** @param isPlain whether repositories in it are walked like any folder */
async function* walked(folder: Buffer, walk: Walk, isPlain = walk.all): AsyncGenerator<Buffer> {
  const folders = [folder];
  const home = homePath(walk);
  const batch = new Batch(Buffer.from('.'), undefined);
  for (let here = folders.pop(); here !== undefined; here = folders.pop()) {
    if (isHome(here, home, walk)) continue;
    const entries = entriesOf(here, walk);
    if (!isPlain && entries.some(({ name }) => name === GIT)) {
      yield* listedByGit(here, walk);
      continue;
    }
    for (const entry of entries) {
      if (entry.name === GIT) continue;
      if (entry.isDirectory()) folders.push(joined(here, entry.name));
      else if (entry.isFile()) batch.add(joined(here, entry.name));
      if (batch.isFull) yield batch.take();
    }
  }
  if (batch.size > 0) yield batch.take();
}

function entriesOf(folder: Buffer, { cwd, note }: Walk) {
  try {
    const place = folder[0] === SLASH[0] ? folder : joined(Buffer.from(cwd), folder.toString('latin1'));
    return readdirSync(place, { withFileTypes: true, encoding: 'latin1' });
  } catch {
    note(`cannot list ${nameOfPath(folder)}`);
    return [];
  }
}

/** @param name its bytes as latin1, since names need not be text */
function joined(folder: Buffer, name: string): Buffer {
  const bytes = Buffer.from(name, 'latin1');
  return folder.equals(Buffer.from('.')) ? bytes : Buffer.concat([folder, SLASH, bytes]);
}

function homePath({ home }: Walk): string | undefined {
  try {
    return lstatSync(home) && realpathSync(home);
  } catch {
    return undefined;
  }
}

function isHome(folder: Buffer, home: string | undefined, { cwd }: Walk): boolean {
  return home !== undefined && resolve(cwd, folder.toString()) === home;
}

/** The vault's home as git would begin the paths in it, where it lies inside this folder. */
function homeIn(folder: Buffer, walk: Walk): Buffer | undefined {
  const home = homePath(walk);
  if (home === undefined) return undefined;
  const path = relative(realpathSync(resolve(walk.cwd, folder.toString())), home);
  return path === '' || path.startsWith('..') ? undefined : Buffer.from(`${path.split(sep).join('/')}/`);
}

/** Paths that are handed on together. */
class Batch {
  readonly #folder: Buffer;
  readonly #without: Buffer | undefined;
  #parts: Buffer[] = [];
  size = 0;

  constructor(folder: Buffer, without: Buffer | undefined) {
    this.#folder = folder.equals(Buffer.from('.')) ? Buffer.alloc(0) : Buffer.concat([folder, SLASH]);
    this.#without = without;
  }

  get isFull(): boolean {
    return this.size >= BATCH_FILES;
  }

  /** @param name a path from the folder */
  add(name: Buffer): void {
    if (this.#without && name.subarray(0, this.#without.length).equals(this.#without)) return;
    this.#parts.push(this.#folder, name, END);
    this.size += 1;
  }

  take(): Buffer {
    const batch = Buffer.concat(this.#parts);
    this.#parts = [];
    this.size = 0;
    return batch;
  }
}

const END = Buffer.alloc(1);
