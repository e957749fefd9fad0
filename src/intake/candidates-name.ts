import { basename, dirname } from 'node:path';
import { isProfileName } from '../profile/names.ts';
import { accountIdOf, looksLikeCredential } from '../profile/shape.ts';
import type { Group } from './candidates-group.ts';
import { hasUser, type Linked, secretOf } from './candidates-merge.ts';
import { isTelling } from './candidates-situate.ts';
import { wordsOf } from './candidates-words.ts';

/** A proposal for a profile's name, and in words what it was taken from. */
export interface Proposal {
  readonly name: string;
  readonly because: string;
}

/** A name for each group: valid, and no two the same. */
export function proposeNames(linked: readonly Linked[]): Map<Group, Proposal> {
  const parents = new Set(linked.flatMap(({ parent }) => (parent ? [parent] : [])));
  const names = new Map<Group, Proposal>();
  const taken = new Set<string>();
  const numbers = new Map<string, number>();
  // Accounts choose first: an app called like its account gives way.
  for (const { group } of [...linked].sort(
    (a, b) => Number(parents.has(a.group)) - Number(parents.has(b.group)),
  )) {
    const { name, because } = parents.has(group) ? appName(group) : accountName(group);
    const free = unique(name, taken, numbers);
    taken.add(free);
    names.set(group, { name: free, because });
  }
  return names;
}

/** The name with a number behind it where it is taken. @param numbers what to go on from, by name */
export function unique(
  name: string,
  taken: ReadonlySet<string>,
  numbers = new Map<string, number>(),
): string {
  for (let number = numbers.get(name) ?? 1; ; number += 1) {
    const tried = number === 1 ? name : `${name.slice(0, 60)}-${number}`;
    if (taken.has(tried)) continue;
    numbers.set(name, number + 1);
    return tried;
  }
}

function accountName(group: Group): Proposal {
  return (
    first(group.users, 'named after the user') ??
    first(group.labels, 'named after what it stands in') ??
    fromAccount(group) ??
    (hasUser(group) ? undefined : first(group.apps, 'named after the app')) ??
    fromPath(group) ?? { name: 'personal', because: 'nothing names it' }
  );
}

function appName(group: Group): Proposal {
  return (
    first(
      new Set([...group.apps, ...group.labels].filter((name) => wordsOf(name).some(isTelling))),
      'named after the app',
    ) ?? {
      name: 'app',
      because: 'several accounts use its keys',
    }
  );
}

function first(names: ReadonlySet<string>, because: string): Proposal | undefined {
  for (const text of names) {
    const name = profileNameFrom(text);
    if (name !== undefined) return { name, because };
  }
  return undefined;
}

function fromAccount(group: Group): Proposal | undefined {
  const token = secretOf(group, 'access_token');
  const id = token && accountIdOf(token);
  return id === undefined
    ? undefined
    : { name: `account-${id}`, because: 'named after the account id in its access token' };
}

/** The telling words of the file's name, else the folder that it is in. */
function fromPath(group: Group): Proposal | undefined {
  const [path = ''] = group.paths;
  const own = wordsOf(basename(path).replace(/\.[a-z0-9]{1,10}$/i, '')).filter(isTelling);
  const folder = basename(dirname(path));
  return (
    first(new Set([own.join('-')]), 'named after the file') ??
    (wordsOf(folder).some(isTelling) ? first(new Set([folder]), 'named after the folder') : undefined)
  );
}

/** A text made a profile's name, or undefined where nothing of it can be one. */
function profileNameFrom(text: string): string | undefined {
  if (looksLikeCredential(text)) return undefined;
  const name = text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[^a-z0-9]+|[^a-z0-9_]+$/g, '')
    .slice(0, 60);
  return isProfileName(name) ? name : undefined;
}
