import { Failure } from '../../failure.ts';
import { type GitPlace, git, type RunningGit, startGit } from '../../system/git.ts';
import { partsOf } from '../parts.ts';
import { nameOfPath } from '../path-name.ts';
import { inLines, objectsOf } from './objects.ts';
import { feed } from './reader.ts';

/** Where an object entered the history. */
export interface Origin {
  readonly path: string;
  /** Absent where no commit has it. */
  readonly commit?: string;
  /** The larger, the older; 0 where no commit has it. */
  readonly age: number;
}

/** Finds where blobs come from: for each path that a blob has had, the oldest commit. */
export class Origins {
  /** What git could not tell, in words. */
  readonly notes: string[] = [];
  readonly #place: GitPlace;
  readonly #origins: ReadonlyMap<string, Map<string, Origin>>;
  #age = 0;

  constructor(place: GitPlace, blobs: Iterable<string>) {
    this.#place = place;
    this.#origins = new Map([...blobs].map((blob) => [blob, new Map()]));
  }

  of(blob: string): Origin[] {
    return [...(this.#origins.get(blob)?.values() ?? [])];
  }

  /** Asks git, at first for what references, stashes and reflogs reach, then for what is left. */
  async find(): Promise<void> {
    await this.#walk([...LOG, '--all', '--reflog']);
    if (!this.#isComplete) this.#takeStaged();
    if (!this.#isComplete) this.#takeNamed();
    if (!this.#isComplete) {
      await this.#walk([...LOG, '--stdin', '--not', '--all', '--reflog'], objectsOf(this.#place, 'commit'));
    }
  }

  get #isComplete(): boolean {
    return [...this.#origins.values()].every(({ size }) => size > 0);
  }

  /** One walk over commits, newest first: the last mention of a blob is the oldest. */
  async #walk(args: readonly string[], commits: AsyncIterable<string[]> = NONE): Promise<void> {
    const running = startGit(this.#place, args);
    try {
      await Promise.all([feed(running, inLines(commits)), this.#read(running.output)]);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      this.notes.push(`git could not say which commits hold what was found: ${error.message}`);
    }
  }

  async #read(output: RunningGit['output']): Promise<void> {
    const log = new LogReader((blob, path, header) => this.#takeCommitted(blob, path, header));
    for await (const bytes of output) log.push(bytes);
  }

  #takeCommitted(blob: string, bytes: Buffer, header: string): void {
    const origins = this.#origins.get(blob);
    if (!origins) return;
    const [commit = '', reference = ''] = header.split(' ');
    const name = nameOfPath(bytes);
    const path = reference.startsWith('refs/notes/') ? `(note on ${name.replaceAll('/', '')})` : name;
    this.#age += 1;
    origins.set(path, { path, commit, age: this.#age });
  }

  /** Adds what is staged but in no commit. */
  #takeStaged(): void {
    const output = git(this.#place, ['ls-files', '--stage', '-z', '--full-name', ':/'], { answers: [128] });
    for (const line of partsOf(output ?? NOTHING, NUL)) {
      const tab = line.indexOf('\t');
      const [, blob = ''] = line.toString('latin1', 0, tab).split(' ');
      this.#add(blob, nameOfPath(line.subarray(tab + 1)));
    }
  }

  /** Adds blobs that a reference names itself. */
  #takeNamed(): void {
    const output = git(this.#place, ['for-each-ref', '--format=%(objectname) %(*objectname) %(refname)']);
    for (const line of partsOf(output ?? NOTHING, LINE_FEED)) {
      const [object = '', tagged = '', ...name] = line.toString().split(' ');
      for (const blob of [object, tagged]) this.#add(blob, `(${name.join(' ')})`);
    }
  }

  /** Adds a path where a blob has none yet. */
  #add(blob: string, path: string): void {
    const origins = this.#origins.get(blob);
    if (origins && ![...origins.values()].some(({ commit }) => commit !== undefined)) {
      origins.set(path, { path, age: 0 });
    }
  }
}

const [NUL, LINE_FEED] = [0, 10];
const NOTHING = Buffer.alloc(0);
const NONE = (async function* () {})();
const LOG = [
  // The commit, and the reference by which it was reached.
  'log',
  '--format=%H %S',
  ...'--date-order -z --raw -c --root --no-abbrev --no-renames --no-color'.split(' '),
  ...'--no-ext-diff --no-textconv --no-show-signature --no-notes --ignore-submodules=none'.split(' '),
];

/**
 * Reads `git log --raw -z`: the line of a commit, then for each path a raw line `:<modes> <old> <new> <status>`, with
 * one more colon, mode and id for each further parent of a merge, and the path. All are ended by a NUL.
 */
class LogReader {
  readonly #take: (blob: string, path: Buffer, header: string) => void;
  #header = '';
  #blob = '';
  #rest: Buffer = NOTHING;

  constructor(take: (blob: string, path: Buffer, header: string) => void) {
    this.#take = take;
  }

  push(bytes: Buffer): void {
    const all = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    const end = all.lastIndexOf(NUL) + 1;
    for (const part of partsOf(all.subarray(0, end), NUL)) this.#part(part);
    this.#rest = all.subarray(end);
  }

  #part(part: Buffer): void {
    if (this.#blob !== '') {
      this.#take(this.#blob, part, this.#header);
      this.#blob = '';
      return;
    }
    const line = part.toString('latin1').trim();
    if (line.startsWith(':')) this.#blob = line.split(' ').at(-2) ?? '';
    else if (line !== '') this.#header = line;
  }
}
