import { type GitPlace, git, startGit } from '../../system/git.ts';
import type { Finding, Scanner } from '../finding.ts';
import { partsOf } from '../parts.ts';
import { nameOfPath } from '../path-name.ts';
import { BatchReader } from './batch.ts';
import { type Found, PieceScanner } from './pieces.ts';

export interface StagedScan {
  readonly findings: Finding[];
  /** How many hits an inline marker accepts. */
  readonly allowed: number;
  /** How many staged files were read. */
  readonly files: number;
}

/** A file whose staged contents differ from the last commit's. */
interface Change {
  readonly path: string;
  readonly old: string;
  readonly blob: string;
}

const NUL = 0;
const NOTHING = Buffer.alloc(0);
const SUBMODULE = '160000';
/** Staged contents up to this many bytes are taken from git at once, which is quicker than piece by piece. */
const AT_ONCE = 32 * 1024 * 1024;
const RAW = /^:(\d+) (\d+) ([0-9a-f]+) ([0-9a-f]+) ([A-Z])/;

/**
 * Scans what the next commit would hold: the index, not the work tree. Values of the vault are reported wherever they
 * stand in a staged file; what only looks like a credential is reported where the file did not have it before.
 * @throws Failure exit 2 outside a repository
 */
export async function scanStaged(place: GitPlace, scanner: Scanner): Promise<StagedScan> {
  const changes = stagedChanges(place);
  const { found, allowed } = await scanObjects(
    place,
    scanner,
    changes.map(({ blob }) => blob),
  );
  const known = await committedBefore(place, scanner, changes, found);
  const findings = changes.flatMap((change) =>
    (found.get(change.blob) ?? [])
      .filter(({ rule, id }) => rule === 'stored-value' || !known.has(`${change.path}\0${id}`))
      .map((finding) => ({ ...finding, path: change.path })),
  );
  return { findings, allowed, files: changes.length };
}

/** Added, copied, changed, renamed and retyped files whose contents are not those of the last commit. */
function stagedChanges(place: GitPlace): Change[] {
  const output = git(place, [
    ...'diff --cached --raw -z --no-abbrev -M --diff-filter=ACMRT'.split(' '),
    ...PLAIN,
  ]);
  const parts = [...partsOf(output ?? NOTHING, NUL)];
  const changes: Change[] = [];
  for (let at = 0; at + 1 < parts.length; at += 2) {
    const [, , mode, old = '', blob = '', status] = RAW.exec(String(parts[at])) ?? [];
    if (status === 'R' || status === 'C') at += 1; // the old path stands before the new one
    if (mode === SUBMODULE || old === blob) continue;
    changes.push({ path: nameOfPath(parts[at + 1] as Buffer), old, blob });
  }
  return changes;
}

const PLAIN = ['--no-color', '--no-ext-diff', '--no-textconv', '--ignore-submodules', '--'];

/**
 * Which findings other than stored values the files had before, as `path NUL id`: in the last commit, or in the
 * branch that is being merged.
 */
async function committedBefore(
  place: GitPlace,
  scanner: Scanner,
  changes: readonly Change[],
  found: Findings,
): Promise<Set<string>> {
  const known = new Set<string>();
  const doubtful = changes.filter(({ blob }) => found.get(blob)?.some(({ rule }) => rule !== 'stored-value'));
  if (doubtful.length === 0) return known;
  const merged = mergedVersions(place, doubtful);
  const before = doubtful.flatMap(({ path, old }) => [old, merged.get(path) ?? []].flat());
  const { found: earlier } = await scanObjects(place, scanner, before);
  for (const { path, old } of doubtful) {
    for (const blob of [old, merged.get(path) ?? '']) {
      for (const { id } of earlier.get(blob) ?? []) known.add(`${path}\0${id}`);
    }
  }
  return known;
}

/** The blobs of these files in the branch that is being merged, if one is. */
function mergedVersions(place: GitPlace, changes: readonly Change[]): Map<string, string> {
  const tree = git(place, ['ls-tree', '-r', '-z', '--full-tree', 'MERGE_HEAD'], { answers: [128] });
  const paths = new Set(changes.map(({ path }) => path));
  const blobs = new Map<string, string>();
  for (const line of partsOf(tree ?? NOTHING, NUL)) {
    const tab = line.indexOf('\t');
    const path = nameOfPath(line.subarray(tab + 1));
    const [, , blob] = line.toString('latin1', 0, tab).split(' ');
    if (blob !== undefined && paths.has(path)) blobs.set(path, blob);
  }
  return blobs;
}

type Findings = ReadonlyMap<string, Finding[]>;

async function scanObjects(
  place: GitPlace,
  scanner: Scanner,
  objects: readonly string[],
): Promise<{ found: Findings; allowed: number }> {
  const found = new Map<string, Finding[]>();
  const note = ({ object, finding }: Found): void => {
    found.set(object, [...(found.get(object) ?? []), finding]);
  };
  const pieces = new PieceScanner(scanner, note);
  const reader = new BatchReader((piece) => pieces.take(piece));
  const wanted = [...new Set(objects)].filter((object) => !/^0+$/.test(object));
  if (wanted.length > 0) await readObjects(place, `${wanted.join('\n')}\n`, reader);
  return { found, allowed: pieces.allowed };
}

async function readObjects(place: GitPlace, names: string, reader: BatchReader): Promise<void> {
  const args = ['cat-file', '--batch', '--buffer'];
  const output = git(place, args, { input: names, limit: AT_ONCE });
  if (output) return reader.push(output);
  const running = startGit(place, args);
  const written = running.write(names).then(() => running.end());
  for await (const bytes of running.output) reader.push(bytes);
  await written;
}
