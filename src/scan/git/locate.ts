import { type GitPlace, git, startGit } from '../../system/git.ts';
import type { Finding } from '../finding.ts';
import type { Found } from './pieces.ts';

/** Where an object entered the history. */
interface Origin {
  readonly path: string;
  /** Absent where no commit has it. */
  readonly commit?: string;
  /** How far back it is; the larger, the older. */
  readonly age: number;
}

/** What stands for the path of what lies in no file. */
const NOWHERE = {
  commit: '(commit message)',
  tag: '(tag message)',
  unreachable: '(unreachable)',
} as const;

/**
 * What was found in objects, as findings with path and commit: the oldest commit that has the blob. The same value in
 * later versions of the same file is left out.
 */
export async function findingsOfHistory(place: GitPlace, found: readonly Found[]): Promise<Finding[]> {
  if (found.length === 0) return [];
  const origins = await originsOf(place, new Set(found.map(({ object }) => object)));
  if (found.some(({ object }) => !origins.has(object))) staged(place, origins);
  if (found.some(({ type }) => type === 'tag')) tags(place, origins);
  const located = found.map((one) => ({ ...one, origin: origins.get(one.object) ?? UNREACHABLE }));
  return firsts(located).map(({ object, finding, origin: { path, commit } }) => ({
    ...finding,
    path,
    blob: object,
    ...(commit === undefined ? {} : { commit }),
  }));
}

const UNREACHABLE: Origin = { path: NOWHERE.unreachable, age: 0 };

type Located = Found & { readonly origin: Origin };

/** Of the versions of a file that hold the same value, the oldest one; sorted by path and line. */
function firsts(located: readonly Located[]): Located[] {
  const oldest = new Map<string, Located>();
  const keyOf = ({ finding, origin }: Located): string => `${origin.path}\0${finding.id}`;
  for (const one of located) {
    const other = oldest.get(keyOf(one));
    if (!other || other.origin.age < one.origin.age) oldest.set(keyOf(one), one);
  }
  return located
    .filter((one) => oldest.get(keyOf(one))?.object === one.object)
    .sort(
      (a, b) =>
        compare(a.origin.path, b.origin.path) ||
        a.finding.line - b.finding.line ||
        a.finding.column - b.finding.column,
    );
}

const compare = (a: string, b: string): number => Number(a > b) - Number(a < b);

/**
 * One walk over every commit that a reference, the stash or a reflog reaches, newest first: the last mention of an
 * object is the oldest.
 */
async function originsOf(place: GitPlace, wanted: ReadonlySet<string>): Promise<Map<string, Origin>> {
  const origins = new Map<string, Origin>();
  const { output, end } = startGit(place, LOG);
  end();
  let [commit, object, age] = ['', '', 0];
  let rest: Buffer = Buffer.alloc(0);
  const take = (part: Buffer): void => {
    if (object !== '') {
      if (wanted.has(object)) origins.set(object, { path: part.toString(), commit, age });
      object = '';
    } else if (part.includes(':')) object = objectIn(part.toString('latin1'));
    else if (part.length > 1) {
      commit = part.toString('latin1').trim();
      age += 1;
      if (wanted.has(commit)) origins.set(commit, { path: NOWHERE.commit, commit, age });
    }
  };
  for await (const bytes of output) rest = eachPart(rest, bytes, take);
  if (rest.length > 0) take(rest);
  return origins;
}

const LOG = [
  ...'log --all --reflog --format=%H -z --raw -c --root --no-abbrev --no-renames --no-color'.split(' '),
  ...'--no-ext-diff --no-textconv --no-show-signature --no-notes --ignore-submodules=none'.split(' '),
];

/** The new object of a raw line: `:<modes> <old> <new> <status>`, with one more colon, mode and id a parent of a merge. */
const objectIn = (line: string): string => line.split(' ').at(-2) ?? '';

/** Hands on what lies between NULs, and gives what is left at the end. */
function eachPart(rest: Buffer, bytes: Buffer, take: (part: Buffer) => void): Buffer {
  const all = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
  let start = 0;
  for (let end = all.indexOf(0); end !== -1; end = all.indexOf(0, start)) {
    take(all.subarray(start, end));
    start = end + 1;
  }
  return all.subarray(start);
}

/** Adds what is staged but in no commit. */
function staged(place: GitPlace, origins: Map<string, Origin>): void {
  const output = git(place, ['ls-files', '--stage', '-z', '--full-name', ':/'], { answers: [128] });
  for (const line of (output?.toString() ?? '').split('\0')) {
    const [, object, path] = /^\d+ ([0-9a-f]+) \d\t([\s\S]*)$/.exec(line) ?? [];
    if (object === undefined || path === undefined || origins.has(object)) continue;
    origins.set(object, { path, age: 0 });
  }
}

/** Adds tag objects that a reference names, with the commit that is tagged. */
function tags(place: GitPlace, origins: Map<string, Origin>): void {
  const output = git(place, ['for-each-ref', '--format=%(objecttype) %(objectname) %(*objectname)']);
  for (const line of (output?.toString() ?? '').split('\n')) {
    const [type, object = '', commit = ''] = line.split(' ');
    if (type === 'tag') origins.set(object, { path: NOWHERE.tag, commit, age: 0 });
  }
}
