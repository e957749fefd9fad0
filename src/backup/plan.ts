import { Failure, failed } from '../failure.ts';
import { type Profile, renewed, withRecipients } from '../profile/profile.ts';
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
  /** What the vault has of it in the end, and the revision of what it has now. */
  readonly after: Profile;
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
  const parents = new Map(steps.map(({ profile, after }) => [profile, after.inherit]));
  const depths = new Map(
    profiles.map(({ name }) => [name, depthOf(name, (each) => parentOf(each, parents, into))]),
  );
  return steps.sort((one, other) => (depths.get(one.profile) ?? 0) - (depths.get(other.profile) ?? 0));
}

/** Whether a step writes what the vault is to have. */
export const isWriting = ({ action }: Step): boolean => action !== 'leave' && action !== 'stop';

async function stepFor(target: Target, theirs: Profile, mode: Mode): Promise<Step> {
  const base = { profile: theirs.name, after: renewed(theirs), revision: null };
  let stored: Stored | null;
  try {
    stored = await target.existing(theirs.name);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const action = mode === 'replace' ? 'replace' : 'stop';
    return { ...base, status: 'unreadable', reason: error.message, action };
  }
  return stored ? stepOver(stored, theirs, mode) : { ...base, status: 'new', action: 'add' };
}

function stepOver({ profile: mine, revision }: Stored, theirs: Profile, mode: Mode): Step {
  const base = { profile: theirs.name, after: mine, revision };
  const difference = differenceBetween(mine, theirs);
  if (!difference) return { ...base, status: 'same', action: 'leave' };
  const differs = { ...base, status: 'differs', difference } as const;
  if (mode === 'add') return { ...differs, action: 'stop' };
  if (mode === 'replace') {
    const after = withRecipients(renewed(theirs, mine.generation), mine.recipients);
    return { ...differs, action: 'replace', after };
  }
  const after = merged(mine, theirs);
  return differenceBetween(mine, after)
    ? { ...differs, action: 'merge', after }
    : { ...differs, action: 'leave' };
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
