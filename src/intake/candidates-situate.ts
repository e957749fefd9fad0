import { looksLikeCredential } from '../profile/shape.ts';
import { fieldNamed } from '../profile/spelling.ts';
import type { Assignment } from './assignment.ts';
import type { Situated, Source } from './candidates-group.ts';
import { wordsOf } from './candidates-words.ts';

/** What sorts the fields of one account, and does not tell one account from another. */
const SORTING = new Set([
  ...['consumer', 'access', 'accesstoken', 'oauth', 'oauth1', 'oauth1a', 'oauth10a', 'oauth2', 'oauth20'],
  ...['bearer', 'client', 'api', 'app', 'user', 'auth', 'token', 'tokens', 'key', 'keys', 'v1', 'v2'],
  ...['credentials', 'creds', 'apikey', 'apikeys', 'authentication'],
]);
/** `user: {access_token}` is a user's token of OAuth 1.0a, not the `user access token` of OAuth 2.0. */
const NEVER_JOINED = new Set(['user', 'app', 'keys', 'credentials', 'creds']);

/** Settings of twurl, t and xurl that name an account and its key, and hold neither. */
const SETTINGS = new Set(['configuration', 'default_profile']);

/** The assignments of a file, each with the account and app that its surroundings name. */
export function situate({ path, assignments }: Source): Situated[] {
  return assignments.flatMap((assignment) =>
    assignment.scope.some((part) => SETTINGS.has(part)) ? [] : [{ path, assignment, ...placed(assignment) }],
  );
}

type Placed = Omit<Situated, 'path' | 'assignment'>;

function placed({ name: written, scope, variable }: Assignment): Placed {
  // In `x = os.getenv('CONSUMER_KEY', '...')` it is the variable that says what it is.
  const name = variable !== undefined && !fieldNamed(written) && fieldNamed(variable) ? variable : written;
  return xurl(name, scope) ?? twurl(name, scope) ?? sorted(name, scope);
}

/** xurl: `apps.NAME.oauth2_tokens.USER.oauth2.access_token`, or the same without an app. */
function xurl(name: string, scope: readonly string[]): Placed | undefined {
  const at = scope.findIndex((part) => /^(oauth2_tokens|oauth1_tokens?|bearer_token)$/.test(part));
  const above = at < 0 ? scope : scope.slice(0, at);
  const app = above[0] === 'apps' && above[1] !== undefined ? { app: above[1] } : {};
  if (at < 0) return above.length === 2 && app.app !== undefined ? { name, scope, ...app } : undefined;
  if (scope[at] !== 'oauth2_tokens') return { name, scope: above, ...app };
  const user = scope[at + 1];
  if (user === undefined) return undefined;
  return { name: `oauth2_${name}`, scope: [...above, user], user, ...app };
}

/** twurl, t and x: `profiles.USER.CONSUMER_KEY.token`. */
function twurl(name: string, scope: readonly string[]): Placed | undefined {
  const [first, user, key] = scope;
  if (first !== 'profiles' || user === undefined || key === undefined) return undefined;
  return { name, scope, user };
}

function sorted(name: string, scope: readonly string[]): Placed {
  // Spring Social's `twitter: {app-id: ...}` is the API key; other apps have ids that are no keys.
  const isAppId = plain(name) === 'appid' && plain(scope.at(-1) ?? '') === 'twitter';
  let [rest, completed] = [scope, isAppId ? 'twitter_app_id' : name];
  for (let last = rest.at(-1); last !== undefined && SORTING.has(plain(last)); last = rest.at(-1)) {
    const joined = `${last}_${completed}`;
    if (!NEVER_JOINED.has(plain(last)) && fieldNamed(joined)) completed = joined;
    rest = rest.slice(0, -1);
  }
  return { name: completed, scope: rest };
}

const plain = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]/g, '');

/** Whether a file's path, a section's or a variable's name says that X is meant. */
export const saysX = (text: string): boolean =>
  /twitter|tweet|tweepy|twurl|twarc|xurl|(^|[^a-z])twit($|[^a-z])/i.test(text);

/** Whether a scope says so; a section may be called plainly `x`. */
export const scopeSaysX = (scope: readonly string[]): boolean =>
  scope.some((part) => saysX(part) || /^(x|x[-_. ]?api)$/i.test(part));

/** The innermost part of a scope that may name an account. */
export function labelOf(scope: readonly string[]): string | undefined {
  return scope.findLast((part) => !looksLikeCredential(part) && wordsOf(part).some(isTelling));
}

/** Words that many names have, and that tell no account from another. */
const COMMON = new Set(
  (
    'twitter x tweet tweets tweepy tw twit twurl twarc xurl api apis app apps application auth oauth o ' +
    'authentication key keys token tokens secret secrets cred creds credential credentials config configuration ' +
    'conf cfg setting settings default defaults common my the our module exports export client clients consumer ' +
    'access bearer data env environment environments self class dict object params options opts args kwargs handler ' +
    'bot bots user users account accounts profile profiles social media login info search premium v react next ' +
    'v1 v2 oauth1 oauth2 public vite django rails hubot nuxt gatsby expo project global globals shared base root local constants const ' +
    'vars variables file files dotenv json yaml yml ini py js ts home src lib etc twitter4j properties example sample ' +
    'service services section session strategy auth1 auth2 string spring'
  ).split(' '),
);

/** Whether a word may tell one account from another. */
export const isTelling = (word: string): boolean => !COMMON.has(word) && !/^\d*$/.test(word);
