import type { FieldName } from '../profile/fields.ts';
import { fieldNamed, shortNamed } from '../profile/spelling.ts';
import type { Situated } from './candidates-group.ts';
import { isTelling, saysX, scopeSaysX } from './candidates-situate.ts';
import { unmistakableField } from './candidates-values.ts';
import { wordsOf } from './candidates-words.ts';

/** A name that may mean a field. */
export interface Named {
  readonly situated: Situated;
  readonly field: FieldName;
  /** Words around the field's name that may tell an account: `alice` of ALICE_CONSUMER_KEY. Often empty. */
  readonly label: string;
  /** All words around it, `twitter` and such among them. */
  readonly affix: string;
  /** The variable's name or its section says Twitter. */
  readonly saysX: boolean;
  /** A name that many services use for credentials of their own: API_KEY, TOKEN, CLIENT_ID, ... */
  readonly isCommon: boolean;
}

const COMMON_NAMES =
  /^(x|my)?(api|app|user)?(api(key|secret)|app(key|secret)|key|secret|token|access(token|key)|client(id|secret|token)|bearer(token)?|refreshtoken|oauth(token|secret)?|oauthclient(id|secret)|useraccesstoken)$/;
/** Words that alone mean nothing in a longer name: DISCORD_TOKEN, SECRET_KEY. */
const BARE = new Set(['token', 'secret', 'key', 'bearer']);

/** The fields that the names of one scope mean, together: `secret` means another one beside a consumer key. */
export function nameFields(items: readonly Situated[]): { named: Named[]; unnamed: Situated[] } {
  const named: Named[] = [];
  const unnamed: Situated[] = [];
  const fields = new Map(items.map((item) => [item, fieldNamed(item.name)]));
  for (const item of items) {
    const found =
      bareName(item, items, fields) ??
      wholeName(item) ??
      partOfName(item) ??
      shortName(item, items) ??
      byShape(item);
    if (!found) {
      unnamed.push(item);
      continue;
    }
    const affix = found.affix ?? affixOf(item.name);
    named.push({
      situated: item,
      field: found.field,
      affix: affix.join('-'),
      label: affix.filter(isTelling).join('-') || numberIn(affix),
      saysX: saysX(item.name) || scopeSaysX(item.assignment.scope),
      isCommon: COMMON_NAMES.test(plain(item.name)) || shortNamed(item.name) !== undefined,
    });
  }
  return { named, unnamed };
}

interface Found {
  readonly field: FieldName;
  readonly affix?: readonly string[];
}

/** `key`, `secret` and `token` by what stands beside them. */
function bareName(
  { name, assignment }: Situated,
  items: readonly Situated[],
  fields: ReadonlyMap<Situated, FieldName | undefined>,
): Found | undefined {
  const word = plain(name);
  if (word !== 'key' && word !== 'secret') return undefined;
  const beside = items.filter((item) => !['key', 'secret'].includes(plain(item.name)));
  const has = (field: FieldName): boolean => beside.some((item) => fields.get(item) === field);
  if (word === 'key') return has('api_key') ? undefined : { field: 'api_key' };
  if (has('api_secret')) return { field: 'access_token_secret' };
  if (has('access_token_secret')) return { field: 'api_secret' };
  const hasKey = has('api_key') || items.some((item) => plain(item.name) === 'key');
  if (!hasKey) return { field: 'access_token_secret' };
  return {
    field: !has('access_token') || assignment.secret.length > 45 ? 'api_secret' : 'access_token_secret',
  };
}

function wholeName({ name }: Situated): Found | undefined {
  const field = fieldNamed(name);
  return field && { field };
}

/** The longest part of a name that means a field, where what is around it may name an account. */
function partOfName({ name }: Situated): Found | undefined {
  const words = wordsOf(name);
  for (let length = words.length - 1; length >= 1; length -= 1) {
    for (let start = words.length - length; start >= 0; start -= 1) {
      const part = words.slice(start, start + length).join('');
      const field = BARE.has(part) ? undefined : fieldNamed(part);
      if (field) return { field, affix: [...words.slice(0, start), ...words.slice(start + length)] };
    }
  }
  return undefined;
}

/** Short names mean something where the app's two stand together. */
function shortName({ name }: Situated, items: readonly Situated[]): Found | undefined {
  const field = shortNamed(name);
  if (!field) return undefined;
  const beside = new Set(items.map((item) => shortNamed(item.name)));
  return beside.has('api_key') && beside.has('api_secret') ? { field } : undefined;
}

/** TWITTER_TOKEN and the like name nothing by themselves; a shape that only X issues decides. */
function byShape({ name, assignment }: Situated): Found | undefined {
  const isNear = saysX(name) || [...BARE, 'accesstoken'].some((word) => plain(name).endsWith(word));
  const field = isNear ? unmistakableField(assignment.secret) : undefined;
  return field && { field };
}

/** What stands before a field's name that was recognised whole. */
function affixOf(name: string): string[] {
  return /^(twitter|x|tweepy|my)[_-]/i.exec(name)?.[1]?.toLowerCase().split(' ') ?? [];
}

/** A number tells accounts apart where no word does: CONSUMER_KEY_2. */
function numberIn(affix: readonly string[]): string {
  return affix.find((word) => /^\d+$/.test(word)) ?? '';
}

const plain = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]/g, '');
