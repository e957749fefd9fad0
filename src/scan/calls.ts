import type { FieldName } from '../profile/fields.ts';
import type { Naming } from './naming.ts';

const KEYS_FIRST: readonly FieldName[] = ['api_key', 'api_secret', 'access_token', 'access_token_secret'];
const TOKENS_FIRST: readonly FieldName[] = ['access_token', 'access_token_secret', 'api_key', 'api_secret'];

/** Functions of the libraries for X that take keys by position: the end of the name, small letters, no separators. */
const CALLS: readonly (readonly [name: RegExp, order: readonly FieldName[]])[] = [
  [/(?:setaccesstoken|accesstoken|newtoken|token(?:new)?)$/, TOKENS_FIRST],
  [/^oauth$/, TOKENS_FIRST],
  [
    /(?:oauth1?(?:user)?handler|oauth1|oauth1session|oauthconsumer|consumernew|consumer|twitteroauth|twython|setuptwitteroauth|twittercredentials|twitterclient|setusercredentials|usercredentials|twitterapiwithcredentials|oauth1?newconfig|newconfig|twitter|twitterapi|tweetinvi|codebird|keypair(?:new)?)$/,
    KEYS_FIRST,
  ],
];

const LONGEST_CALLEE = 64;
/** The call that a value is an argument of: a name, a parenthesis, and only simple arguments up to the value. */
const CALL =
  /([A-Za-z_][\w.:]{1,60})\s{0,3}\(\s*((?:\\?["'`]?[\w%+/=.$-]{0,120}\\?["'`]?\s{0,40},\s{0,40}){0,4})(?:\\?["'`])$/;

/**
 * The field that a value is by its position in a call of a library for X.
 * @param before the text that ends with its quote
 */
export function argumentNaming(before: string): Naming | undefined {
  const opening = before.lastIndexOf('(');
  if (opening === -1 || !/["'`]$/.test(before)) return undefined;
  const [, callee, others] = CALL.exec(before.slice(Math.max(0, opening - LONGEST_CALLEE))) ?? [];
  if (callee === undefined || others === undefined) return undefined;
  const name = callee.toLowerCase().replace(/[^a-z0-9]/g, '');
  const position = others.split(',').length - 1;
  const field = CALLS.find(([pattern]) => pattern.test(name))?.[1][position];
  return field && { field, isOwn: true };
}
