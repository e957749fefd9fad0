import { usage } from '../failure.ts';
import { printable } from '../profile/names.ts';

/** What an OAuth 2.0 login can ask for. */
export const SCOPES: readonly string[] = [
  ...['tweet.read', 'tweet.write', 'tweet.moderate.write', 'users.read', 'users.email'],
  ...['follows.read', 'follows.write', 'offline.access', 'space.read', 'mute.read', 'mute.write'],
  ...['like.read', 'like.write', 'list.read', 'list.write', 'block.read', 'block.write'],
  ...['bookmark.read', 'bookmark.write', 'dm.read', 'dm.write', 'media.write'],
];

/** Without these X does not even tell whose token it is. */
const READER = ['tweet.read', 'users.read', 'offline.access'];

export const SCOPE_SETS: Readonly<Record<string, readonly string[]>> = {
  reader: READER,
  poster: [...READER, 'tweet.write', 'media.write'],
  dm: [...READER, 'dm.read', 'dm.write'],
  all: SCOPES,
};

/**
 * The scopes of one or more sets: `poster`, `poster,dm`.
 * @throws Failure exit 2
 */
export function scopesOfSets(text: string): string[] {
  const sets = text.split(/[\s,]+/).filter((word) => word !== '');
  const unknown = sets.find((name) => !Object.hasOwn(SCOPE_SETS, name));
  if (unknown !== undefined || sets.length === 0) {
    throw usage(`'${printable(unknown ?? '')}' is no set of scopes`, [
      `sets: ${Object.keys(SCOPE_SETS).join(', ')}; single scopes go with --scope`,
    ]);
  }
  return [...new Set(sets.flatMap((name) => SCOPE_SETS[name] ?? []))];
}

/**
 * The scopes that are named one by one. X may know some that this list does not, so those are only told.
 * @throws Failure exit 2
 */
export function scopesNamed(text: string): { readonly scopes: string[]; readonly unknown: string[] } {
  const scopes = [...new Set(text.split(/[\s,]+/).filter((word) => word !== ''))];
  const odd = scopes.find((scope) => !/^[a-z]{1,20}(\.[a-z]{1,20}){1,3}$/.test(scope));
  if (odd !== undefined || scopes.length === 0) {
    throw usage(`'${printable(odd ?? '')}' is not a scope`, [`scopes: ${SCOPES.join(' ')}`]);
  }
  return { scopes, unknown: scopes.filter((scope) => !SCOPES.includes(scope)) };
}
