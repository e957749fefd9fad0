import type { Secret } from '../profile/secret.ts';
import { gitOutput } from './git.ts';

/** A commit that brought a value in, and the file that it did so with. */
export interface Trace {
  /** The full id. */
  readonly commit: string;
  readonly path: string;
}

/**
 * The commits of all branches and tags that added a line with one of the values, newest first. The values stay in this
 * process: git's whole output is searched here.
 * @returns undefined where git could not be asked
 */
export async function commitsWith(root: string, values: readonly Secret[]): Promise<Trace[] | undefined> {
  const search = new Search(
    values.map((value) => Buffer.from(value.reveal())).filter(({ length }) => length > 0),
  );
  const isWhole = await gitOutput(root, LOG, (piece) => search.take(piece));
  search.end();
  return isWhole ? search.traces : undefined;
}

// Merges show what neither parent had; binary files are searched like others.
const LOG = [
  'log',
  '--all',
  '--format=%x01%H',
  '--patch',
  '--unified=0',
  '--diff-merges=dense-combined',
  '--text',
  '--no-color',
  '--no-textconv',
  '--no-ext-diff',
  '--no-renames',
  '--src-prefix=a/',
  '--dst-prefix=b/',
  '--submodule=short',
];

const NEWLINE = 10;
const PLUS = 43;
const SPACE = 32;
const COMMIT = Buffer.from('\n\x01');
const FILE = Buffer.from('\ndiff --');
/** A line longer than this is searched in parts. */
const LONGEST_LINE = 4 * 1024 * 1024;

/** Finds values in the output of `git log`, in pieces that end with a line. */
class Search {
  readonly traces: Trace[] = [];
  readonly #values: readonly Buffer[];
  readonly #overlap: number;
  readonly #seen = new Set<string>();
  #rest = Buffer.from('\n');
  /** The header lines that hold at the beginning of `#rest`. */
  #commit = '';
  #file = '';
  /** Whether the line that `#rest` goes on with is an added one. */
  #isAdded = false;

  constructor(values: readonly Buffer[]) {
    this.#values = values;
    this.#overlap = Math.max(1, ...values.map(({ length }) => length - 1));
  }

  take(piece: Buffer): void {
    const all = Buffer.concat([this.#rest, piece]);
    const end = all.lastIndexOf(NEWLINE);
    if (end > 0) {
      // The newline itself stays for the next round, where it begins a line.
      this.#search(all.subarray(0, end));
      this.#rest = all.subarray(end);
    } else if (all.length > LONGEST_LINE) {
      this.#search(all);
      this.#rest = all.subarray(all.length - this.#overlap);
    } else this.#rest = all;
  }

  end(): void {
    this.#search(this.#rest);
  }

  #search(bytes: Buffer): void {
    const places: number[] = [];
    for (const value of this.#values) {
      for (let at = bytes.indexOf(value); at >= 0; at = bytes.indexOf(value, at + 1)) places.push(at);
    }
    for (const at of places.sort((one, other) => one - other)) this.#note(bytes, at);
    this.#commit = headerBefore(bytes, bytes.length, COMMIT) ?? this.#commit;
    this.#file = headerBefore(bytes, bytes.length, FILE) ?? this.#file;
    this.#isAdded = this.#isAddedAt(bytes, bytes.length);
  }

  #note(bytes: Buffer, at: number): void {
    if (!this.#isAddedAt(bytes, at)) return;
    const commit = headerBefore(bytes, at, COMMIT) ?? this.#commit;
    const path = pathIn(headerBefore(bytes, at, FILE) ?? this.#file);
    const key = `${commit} ${path}`;
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    this.traces.push({ commit, path });
  }

  /** Whether the line of a place is one that its commit added; a merge marks lines by one column for each parent. */
  #isAddedAt(bytes: Buffer, at: number): boolean {
    const newline = bytes.lastIndexOf(NEWLINE, at - 1);
    if (newline < 0) return this.#isAdded;
    const [first, second] = [bytes[newline + 1], bytes[newline + 2]];
    return first === PLUS || (first === SPACE && second === PLUS);
  }
}

/** The rest of the last line before a place that begins so. */
function headerBefore(bytes: Buffer, place: number, beginning: Buffer): string | undefined {
  const at = place === 0 ? -1 : bytes.lastIndexOf(beginning, place - 1);
  if (at < 0) return undefined;
  const start = at + beginning.length;
  const end = bytes.indexOf(NEWLINE, start);
  return bytes.toString('utf8', start, end < 0 ? bytes.length : end);
}

/** `git a/PATH b/PATH`, or `cc PATH` of a merge. */
function pathIn(header: string): string {
  if (!header.startsWith('git a/')) return header.replace(/^(cc|combined) /, '');
  const both = header.slice('git a/'.length);
  return both.slice(0, (both.length - ' b/'.length) / 2);
}
