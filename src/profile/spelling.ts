import { FIELDS, type FieldName, isFieldName } from './fields.ts';

/** Spellings without a table entry of their own that are met before any alias. */
const PREFIXES = /^(twitter|tweepy|hubottwitter|x|tw|my)(?=.)/;
/** Words too common to mean a credential of X once a prefix has been taken away (TWITTER_TOKEN is a gateway's). */
const BARE = new Set(['token', 'secret', 'bearer']);

const ALIASES = new Map<string, FieldName>();
for (const { name, aliases, env } of FIELDS) {
  for (const spelling of [name, ...aliases, ...Object.values(env)]) ALIASES.set(plain(spelling), name);
}

/**
 * The field that a name from a file, a prompt or a command line means: canonical names, names of any preset, and
 * the aliases of the field table, in any case and with any separators. Undefined where it means none.
 */
export function fieldNamed(text: string): FieldName | undefined {
  if (isFieldName(text)) return text;
  const spelling = plain(text);
  const known = ALIASES.get(spelling);
  if (known) return known;
  const rest = spelling.replace(PREFIXES, '');
  return rest === spelling || BARE.has(rest) ? undefined : ALIASES.get(rest);
}

/** Names of tutorials that mean nothing by themselves. */
const SHORT: ReadonlyMap<string, FieldName> = new Map([
  ['ckey', 'api_key'],
  ['ck', 'api_key'],
  ['csecret', 'api_secret'],
  ['cs', 'api_secret'],
  ['atoken', 'access_token'],
  ['at', 'access_token'],
  ['asecret', 'access_token_secret'],
  ['as', 'access_token_secret'],
  ['ats', 'access_token_secret'],
]);

/** The field that a short name means beside others of its kind. Undefined where it means none. */
export const shortNamed = (text: string): FieldName | undefined => SHORT.get(plain(text));

function plain(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9]/g, '');
}
