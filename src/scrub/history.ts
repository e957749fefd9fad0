import { randomBytes } from 'node:crypto';
import { Failure } from '../failure.ts';
import { FINGERPRINT_KEY_SIZE, fingerprintOf } from '../fingerprint/fingerprint.ts';
import type { Secret } from '../profile/secret.ts';
import { scanHistory } from '../scan/git/history.ts';
import type { ScannerInput } from '../scan/scanner.ts';
import { gitOutput, placeIn } from './git.ts';

/** A commit that brought a value in, and the file that it did so with. */
export interface Trace {
  /** The full id. */
  readonly commit: string;
  readonly path: string;
}

/** What no search goes across. */
const GAP = /[\s\p{Cc}]/u;

/**
 * The commits that brought one of the values into a file, newest first.
 * @returns undefined where none is found and git could not be asked, has not all of it, or the search would miss one
 */
export async function commitsWith(root: string, values: readonly Secret[]): Promise<Trace[] | undefined> {
  const texts = values.map((value) => value.reveal()).filter((text) => text !== '');
  if (texts.some((text) => GAP.test(text))) return undefined;
  try {
    const { findings, notes } = await scanHistory(placeIn(root), searchFor(texts));
    const traces = findings.flatMap(({ path, commit }) => (commit === undefined ? [] : [{ commit, path }]));
    return notes.length > 0 && traces.length === 0 ? undefined : newestFirst(root, traces);
  } catch (error) {
    if (error instanceof Failure) return undefined;
    throw error;
  }
}

/** A search by fingerprints, as for the values of a vault, with a key of its own. */
function searchFor(texts: readonly string[]): ScannerInput {
  const key = randomBytes(FINGERPRINT_KEY_SIZE);
  const known = (text: string) => ({ profile: '', field: '', text: fingerprintOf(key, Buffer.from(text)) });
  return { fingerprints: texts.map(known), key, onlyStored: true };
}

/** Each trace once, the newest commit first; what no reference reaches any more comes last. */
async function newestFirst(root: string, traces: readonly Trace[]): Promise<Trace[]> {
  const byCommit = new Map<string, Map<string, Trace>>();
  for (const trace of traces) {
    byCommit.set(trace.commit, (byCommit.get(trace.commit) ?? new Map()).set(trace.path, trace));
  }
  const order: string[] = [];
  if (byCommit.size > 1) {
    let rest = '';
    await gitOutput(root, ['rev-list', '--all', '--reflog', '--date-order'], (piece) => {
      const lines = (rest + piece.toString('latin1')).split('\n');
      rest = lines.pop() ?? '';
      order.push(...lines.filter((line) => byCommit.has(line)));
    });
  }
  return [...new Set([...order, ...byCommit.keys()])].flatMap((commit) => [
    ...(byCommit.get(commit)?.values() ?? []),
  ]);
}
