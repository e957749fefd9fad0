import { resolve } from 'node:path';
import { type Failure, missing, usage } from '../../failure.ts';
import { type Candidate, candidatesOf, type Findings } from '../../intake/candidates.ts';
import type { Reading } from '../../intake/read.ts';
import { isProfileName } from '../../profile/names.ts';
import type { Context } from '../context.ts';
import { nameOf, shown } from './report.ts';
import { sourceFrom } from './source.ts';
import { renamed } from './store.ts';
import { withUnread } from './unread.ts';

/** Files that were read, and the profiles that they would make. */
export interface Found {
  readonly readings: readonly Reading[];
  readonly findings: Findings;
  /** Those of the findings, under the names that are meant. */
  readonly candidates: readonly Candidate[];
}

/** @throws Failure naming a file that cannot be read */
export function keysIn(context: Context, files: readonly string[]): Found {
  const readings = eachOnce(files, context).map(sourceFrom);
  const findings = withUnread(candidatesOf(readings), readings);
  return { readings, findings, candidates: findings.candidates };
}

function eachOnce(files: readonly string[], { cwd }: Context): string[] {
  const paths = files.map((file) => resolve(cwd(), file));
  return files.filter((_, index) => paths.indexOf(paths[index] as string) === index);
}

/** Exit 2 where keys of X cannot be used, exit 4 where there is none at all. */
export function nothingUsable(files: readonly string[], { refused, leftAlone }: Findings): Failure {
  const where = files.map(shown).join(', ');
  const kind = refused.length > 0 ? usage : missing;
  return kind(`nothing was imported: ${where} ${files.length === 1 ? 'holds' : 'hold'} no usable key of X`, [
    ...refused.slice(0, MOST_LISTED).map(({ name, reason }) => `refused: ${name} ${reason}`),
    ...leftAlone
      .slice(0, MOST_LISTED)
      .map((place) => `left alone: ${nameOf(place)}${place.reason ? `: ${place.reason}` : ''}`),
    "copy the keys from X's developer console, or type them in: twvault add NAME",
  ]);
}

const MOST_LISTED = 10;

/** The candidates under the name that --profile gives. */
export function named(found: Found, profile: string | undefined): Found {
  const { candidates } = found;
  if (profile === undefined) return found;
  const [only, ...others] = candidates;
  if (!only || others.length > 0) {
    throw usage(`--profile names one profile, but the files hold ${candidates.length}`, [
      `they would be called ${candidates.map(({ name }) => name).join(', ')}: leave --profile out, and rename them: twvault rename NAME NEW`,
    ]);
  }
  return { ...found, candidates: [{ ...only, name: profile, because: 'named with --profile' }] };
}

/** Asks for the names on the terminal. */
export async function askNames(candidates: readonly Candidate[]): Promise<Candidate[]> {
  const { askText } = await import('../prompt.ts');
  const names = new Map<string, string>();
  for (const { name } of candidates) {
    const taken = new Set(names.values());
    const answer = await askText(`a name for ${name}`, name, (text) => complaintAbout(text.trim(), taken));
    names.set(name, answer.trim());
  }
  return renamed(candidates, names);
}

function complaintAbout(name: string, taken: ReadonlySet<string>): string | undefined {
  if (taken.has(name)) return 'that is the name of another one';
  return isProfileName(name) ? undefined : NAME_RULE;
}

/** What a name may be. */
export const NAME_RULE = 'up to 64 lower-case letters, digits, dots, hyphens and underscores';
