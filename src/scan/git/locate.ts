import { type GitPlace, git } from '../../system/git.ts';
import type { Finding } from '../finding.ts';
import { type Origin, Origins } from './origins.ts';
import type { Found } from './pieces.ts';

/** What stands for the path of what lies in no file. */
const NOWHERE = {
  commit: '(commit message)',
  tag: '(tag message)',
  unreachable: '(unreachable)',
} as const;

type Located = Found & { readonly origin: Origin };

/**
 * What was found in objects, as findings with path and commit: for each path that the blob has had, the oldest commit.
 * The same value in later versions of the same file is left out.
 */
export async function findingsOfHistory(
  place: GitPlace,
  found: readonly Found[],
): Promise<{ findings: Finding[]; notes: readonly string[] }> {
  const ofType = (type: string): Found[] => found.filter((one) => one.type === type);
  const blobs = ofType('blob');
  const origins = new Origins(place, new Set(blobs.map(({ object }) => object)));
  if (blobs.length > 0) await origins.find();
  const inFiles = blobs.flatMap((one) =>
    originsOr(origins.of(one.object)).map((origin) => ({ ...one, origin })),
  );
  const messages = ofType('commit').map((one) =>
    at(one, { path: NOWHERE.commit, commit: one.object, age: 0 }),
  );
  const located = [...firsts(inFiles), ...messages, ...inTags(place, ofType('tag'))];
  return { findings: located.sort(inOrder).map(findingOf), notes: origins.notes };
}

const originsOr = (origins: Origin[]): Origin[] =>
  origins.length > 0 ? origins : [{ path: NOWHERE.unreachable, age: 0 }];
const at = (found: Found, origin: Origin): Located => ({ ...found, origin });

/** Of the versions of a file that hold the same value, the oldest one. */
function firsts(located: readonly Located[]): Located[] {
  const oldest = new Map<string, Located>();
  const keyOf = ({ finding, origin }: Located): string => `${origin.path}\0${finding.id}`;
  for (const one of located) {
    const other = oldest.get(keyOf(one));
    if (!other || other.origin.age < one.origin.age) oldest.set(keyOf(one), one);
  }
  return located.filter((one) => oldest.get(keyOf(one))?.object === one.object);
}

/** What was found in tags, with the commits that they tag, as far as a reference names them. */
function inTags(place: GitPlace, found: readonly Found[]): Located[] {
  if (found.length === 0) return [];
  const format = '--format=%(objectname) %(*objecttype) %(*objectname)';
  const lines = git(place, ['for-each-ref', format])?.toString().split('\n') ?? [];
  const tagged = new Map(
    lines
      .map((line) => line.split(' '))
      .flatMap(([tag = '', type, commit = '']) => (type === 'commit' ? [[tag, commit]] : [])),
  );
  return found.map((one) => {
    const commit = tagged.get(one.object);
    return at(one, { path: NOWHERE.tag, age: 0, ...(commit === undefined ? {} : { commit }) });
  });
}

function findingOf({ object, finding, origin: { path, commit } }: Located): Finding {
  return { ...finding, path, blob: object, ...(commit === undefined ? {} : { commit }) };
}

const inOrder = (a: Located, b: Located): number =>
  compare(a.origin.path, b.origin.path) ||
  a.finding.line - b.finding.line ||
  a.finding.column - b.finding.column ||
  compare(a.object, b.object);

const compare = (a: string, b: string): number => Number(a > b) - Number(a < b);
