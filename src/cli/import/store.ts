import { type Failure, failed } from '../../failure.ts';
import type { Candidate } from '../../intake/candidates.ts';
import { unique } from '../../intake/candidates-name.ts';
import type { FieldName } from '../../profile/fields.ts';
import { effectiveFields } from '../../profile/inherit.ts';
import type { Change, Profile } from '../../profile/profile.ts';
import type { Secret } from '../../profile/secret.ts';
import { Editor } from '../../vault/editor.ts';
import type { Vault } from '../../vault/vault.ts';
import type { Outcome } from './report.ts';

/** What is to be done for one candidate. */
export interface Step {
  readonly candidate: Candidate;
  readonly outcome: Exclude<Outcome, 'found'>;
  /** What is written; nothing where the outcome is `unchanged`. */
  readonly change: Change;
}

/**
 * What storing the candidates comes to, compared with the profiles that there are.
 * @throws Failure exit 1 where one of that name holds other values and may not be replaced
 */
export async function planSteps(
  vault: Vault,
  candidates: readonly Candidate[],
  isReplacing: boolean,
): Promise<Step[]> {
  const names = new Set(await vault.names());
  const steps: Step[] = [];
  for (const candidate of candidates) {
    const chain = names.has(candidate.name) ? await vault.chain(candidate.name) : undefined;
    steps.push(chain ? stepFor(candidate, chain, candidates, isReplacing) : creation(candidate, 'created'));
  }
  return steps;
}

function creation(candidate: Candidate, outcome: 'created' | 'replaced'): Step {
  const { inherit } = candidate;
  const change = {
    fields: valuesOf(candidate),
    ...accountOf(candidate),
    ...(inherit === undefined ? {} : { inherit }),
  };
  return { candidate, outcome, change };
}

function stepFor(
  candidate: Candidate,
  chain: readonly Profile[],
  all: readonly Candidate[],
  isReplacing: boolean,
): Step {
  const before = effectiveFields(chain);
  const own = valuesOf(candidate);
  const parent = all.find(({ name }) => name === candidate.inherit);
  const wanted = new Map([...(parent ? valuesOf(parent) : []), ...own]);
  const differing = [...wanted].filter(
    ([field, secret]) => before.get(field)?.secret.equals(secret) === false,
  );
  if (differing.length > 0) {
    if (isReplacing) return creation(candidate, 'replaced');
    throw holdsOthers(
      candidate.name,
      differing.map(([field]) => field),
    );
  }
  const lacking = new Map([...wanted].filter(([field]) => !before.has(field)));
  if (lacking.size === 0) return { candidate, outcome: 'unchanged', change: {} };
  const isInheriting = candidate.inherit !== undefined && chain[0]?.inherit === undefined;
  const added = isInheriting ? new Map([...lacking].filter(([field]) => own.has(field))) : lacking;
  const inherit = isInheriting && candidate.inherit !== undefined ? { inherit: candidate.inherit } : {};
  return { candidate, outcome: 'extended', change: { fields: added, ...accountOf(candidate), ...inherit } };
}

function valuesOf({ fields }: Candidate): Map<FieldName, Secret> {
  return new Map([...fields].flatMap(([field, [first]]) => (first ? [[field, first.secret] as const] : [])));
}

function accountOf({ account }: Candidate): Pick<Change, 'account'> {
  if (account?.id === undefined || account.name === undefined) return {};
  return { account: { id: account.id, name: account.name } };
}

function holdsOthers(name: string, fields: readonly FieldName[]): Failure {
  return failed(`the profile ${name} exists already and has another ${fields.join(', ')}`, [
    '--replace replaces it whole; --profile NAME stores the keys of one account under another name',
  ]);
}

/** Writes one step. */
export async function carryOut(vault: Vault, { candidate, outcome, change }: Step): Promise<void> {
  const editor = new Editor(vault);
  if (outcome === 'unchanged') return;
  if (outcome === 'extended') await editor.update(candidate.name, change);
  else await editor.create(candidate.name, change, outcome === 'replaced');
}

/**
 * Candidates under names that fit what is in the vault: an account that is stored keeps its name where nothing else
 * named it, and an app gets a free name where its own is another app's.
 */
export async function fitNames(vault: Vault, candidates: readonly Candidate[]): Promise<Candidate[]> {
  const stored = new Set(await vault.names());
  const wanted = new Set(candidates.map(({ name }) => name));
  const parents = new Set(candidates.map(({ inherit }) => inherit));
  const owners = lookUpOwners(vault, stored);
  const taken = new Set([...stored, ...wanted]);
  const renamings = new Map<string, string>();
  for (const candidate of candidates) {
    const { name } = candidate;
    if (parents.has(name)) {
      if (!(await isOtherApp(vault, stored, candidate))) continue;
      const second = `${name}-2`;
      const free = stored.has(second) ? second : unique(second, taken);
      taken.add(free);
      renamings.set(name, free);
    } else if (isNamedById(candidate) && !stored.has(name)) {
      const [owner, ...others] = owners(candidate.account?.id ?? '');
      if (owner !== undefined && others.length === 0 && !wanted.has(owner)) renamings.set(name, owner);
    }
  }
  return renamed(candidates, renamings);
}

/** Nothing but the id in its token has named it. */
const isNamedById = ({ name, account }: Candidate): boolean =>
  account?.id !== undefined && name === `account-${account.id}`;

/** Finds the profiles of an account by its id. All index entries are read where the first is looked for, and only once. */
function lookUpOwners(vault: Vault, names: ReadonlySet<string>): (id: string) => readonly string[] {
  let known: Map<string, string[]> | undefined;
  return (id) => {
    known ??= ownersOf(vault, names);
    return known.get(id) ?? [];
  };
}

function ownersOf(vault: Vault, names: ReadonlySet<string>): Map<string, string[]> {
  const owners = new Map<string, string[]>();
  for (const name of names) {
    const id = vault.entry(name)?.account?.id;
    if (id !== undefined) owners.set(id, [...(owners.get(id) ?? []), name]);
  }
  return owners;
}

async function isOtherApp(vault: Vault, names: ReadonlySet<string>, candidate: Candidate): Promise<boolean> {
  if (!names.has(candidate.name)) return false;
  const before = effectiveFields(await vault.chain(candidate.name));
  return [...valuesOf(candidate)].some(
    ([field, secret]) => before.get(field)?.secret.equals(secret) === false,
  );
}

/** Candidates under other names; whoever inherits follows. */
export function renamed(candidates: readonly Candidate[], names: ReadonlyMap<string, string>): Candidate[] {
  return candidates.map((candidate) => {
    const { name, inherit } = candidate;
    return {
      ...candidate,
      name: names.get(name) ?? name,
      ...(inherit === undefined ? {} : { inherit: names.get(inherit) ?? inherit }),
    };
  });
}
