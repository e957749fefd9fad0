import { Failure, failed } from '../failure.ts';
import { type Profile, renewed } from '../profile/profile.ts';
import type { Stored } from '../store/port.ts';
import { MOST_ANCESTORS } from '../vault/profile-index.ts';
import { type Difference, differenceBetween, merged } from './comparison.ts';
import type { Backup } from './document.ts';

/** What a restore does where the vault and the backup differ: stop, add what is missing, or take the backup's. */
export type Mode = 'add' | 'merge' | 'replace';

/** The vault to restore into, or nothing yet. */
export interface Target {
  existing(name: string): Promise<Stored | null>;
  entry(name: string): { readonly inherit?: string } | undefined;
}

/** What a restore does, or would do, with one profile of the backup. */
export interface Step {
  readonly profile: string;
  readonly status: 'new' | 'same' | 'differs' | 'unreadable';
  readonly action: 'add' | 'merge' | 'replace' | 'leave' | 'stop';
  readonly difference?: Difference;
  /** Why the vault's own profile cannot be read. */
  readonly reason?: string;
  /** The record to write, and the revision that it takes the place of. */
  readonly record?: Profile;
  readonly revision: string | null;
}

const NOWHERE: Target = { existing: async () => null, entry: () => undefined };

/**
 * What a restore would do with each profile, parents before children. Nothing is written.
 * @throws Failure where the result would not hold together: a parent that is nowhere, a circle
 */
export async function planRestore(target: Target | null, { profiles }: Backup, mode: Mode): Promise<Step[]> {
  const into = target ?? NOWHERE;
  const steps: Step[] = [];
  for (const profile of profiles) steps.push(await stepFor(into, profile, mode));
  const parents = parentsAfter(steps, profiles);
  const depths = new Map(
    profiles.map(({ name }) => [name, depthOf(name, (each) => parentOf(each, parents, into))]),
  );
  return steps.sort((one, other) => (depths.get(one.profile) ?? 0) - (depths.get(other.profile) ?? 0));
}

async function stepFor(target: Target, theirs: Profile, mode: Mode): Promise<Step> {
  const profile = theirs.name;
  let stored: Stored | null;
  try {
    stored = await target.existing(profile);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const unreadable = { profile, status: 'unreadable', reason: error.message, revision: null } as const;
    if (mode !== 'replace') return { ...unreadable, action: 'stop' };
    return { ...unreadable, action: 'replace', record: renewed(theirs) };
  }
  if (!stored) return { profile, status: 'new', action: 'add', record: renewed(theirs), revision: null };
  return stepOver(stored, theirs, mode);
}

function stepOver({ profile: mine, revision }: Stored, theirs: Profile, mode: Mode): Step {
  const profile = theirs.name;
  const difference = differenceBetween(mine, theirs);
  if (!difference) return { profile, status: 'same', action: 'leave', revision };
  const differs = { profile, status: 'differs', difference, revision } as const;
  if (mode === 'add') return { ...differs, action: 'stop' };
  if (mode === 'replace') return { ...differs, action: 'replace', record: renewed(theirs, mine.generation) };
  const record = merged(mine, theirs);
  return differenceBetween(mine, record)
    ? { ...differs, action: 'merge', record }
    : { ...differs, action: 'leave' };
}

/** The parent that each profile of the backup will have where it is written. */
function parentsAfter(steps: readonly Step[], profiles: readonly Profile[]): Map<string, string | undefined> {
  const written = steps.flatMap(({ record }) => (record ? [[record.name, record.inherit] as const] : []));
  const kept = profiles.map(({ name, inherit }) => [name, inherit] as const);
  return new Map([...kept, ...written]);
}

/** @returns undefined where a profile inherits from none, null where there is no such profile */
function parentOf(
  name: string,
  parents: ReadonlyMap<string, string | undefined>,
  target: Target,
): string | null | undefined {
  if (parents.has(name)) return parents.get(name);
  const entry = target.entry(name);
  return entry ? entry.inherit : null;
}

/** How many profiles a profile inherits through. @throws Failure where its chain is broken */
function depthOf(name: string, parent: (name: string) => string | null | undefined): number {
  const chain = [name];
  for (let next = parent(name); next !== undefined; next = parent(chain.at(-1) as string)) {
    if (next === null) throw failed(`${chain.at(-2)} inherits from ${chain.at(-1)}, which is nowhere`);
    if (chain.includes(next)) throw failed(`${name} would inherit from itself`);
    if (chain.length > MOST_ANCESTORS) throw failed(`${name} would inherit through too many profiles`);
    chain.push(next);
  }
  return chain.length - 1;
}
