import { type FieldName, fieldOf } from '../profile/fields.ts';

type Parameters = readonly (FieldName | undefined)[];

const FOUR: Parameters = ['api_key', 'api_secret', 'access_token', 'access_token_secret'];

/** What the positional arguments of clients of X mean, by the last word of the callee. */
const PARAMETERS: ReadonlyMap<string, Parameters> = new Map(
  Object.entries({
    // tweepy
    OAuthHandler: FOUR,
    OAuth1UserHandler: FOUR,
    AppAuthHandler: ['api_key', 'api_secret'],
    OAuth2AppHandler: ['api_key', 'api_secret'],
    OAuth2BearerHandler: ['bearer_token'],
    set_access_token: ['access_token', 'access_token_secret'],
    Client: ['bearer_token', 'api_key', 'api_secret', 'access_token', 'access_token_secret'],
    StreamingClient: ['bearer_token'],
    Stream: FOUR,
    // Twython, TwitterAPI, python-twitter, birdy, requests-oauthlib
    Twython: FOUR,
    TwythonStreamer: FOUR,
    TwitterAPI: FOUR,
    Api: FOUR,
    UserClient: FOUR,
    OAuth1: FOUR,
    OAuth1Session: FOUR,
    // Python Twitter Tools puts the account's pair first
    OAuth: ['access_token', 'access_token_secret', 'api_key', 'api_secret'],
    // python-oauth2
    Consumer: ['api_key', 'api_secret'],
    Token: ['access_token', 'access_token_secret'],
    // abraham/twitteroauth, dg/twitter-php, Codebird
    TwitterOAuth: FOUR,
    Twitter: FOUR,
    setConsumerKey: ['api_key', 'api_secret'],
    setToken: ['access_token', 'access_token_secret'],
    // OmniAuth and Devise; Ruby's oauth puts the app before the account's pair
    provider: [undefined, 'api_key', 'api_secret'],
    omniauth: [undefined, 'api_key', 'api_secret'],
    AccessToken: [undefined, 'access_token', 'access_token_secret'],
    // twitter-api-v2
    TwitterApi: ['bearer_token'],
  } satisfies Record<string, Parameters>),
);

/** Callees whose name alone does not say that X is meant: there the value has to have the shape too. */
const COMMON = new Set(
  'Client Stream Api UserClient OAuth OAuth1 OAuth1Session Consumer Token Twitter setConsumerKey setToken provider omniauth AccessToken'.split(
    ' ',
  ),
);

/** The field that a value means as the argument at `index` of a call, or undefined. */
export function positionalField(callee: string, index: number, value: string): FieldName | undefined {
  const field = PARAMETERS.get(callee)?.[index];
  if (field === undefined) return undefined;
  return COMMON.has(callee) && !fieldOf(field).shape.test(value) ? undefined : field;
}

/** OAuth 1.0a in requests-oauthlib has names that mean something else elsewhere: its client is the app. */
const OAUTHLIB: Readonly<Record<string, FieldName>> = {
  client_key: 'api_key',
  client_secret: 'api_secret',
  resource_owner_key: 'access_token',
  resource_owner_secret: 'access_token_secret',
};
const OF_OAUTHLIB = new Set(['OAuth1', 'OAuth1Session', 'OAuth1Auth']);

/** The field that a named argument of a call means where its name alone would mislead, or undefined. */
export function namedField(callee: string, name: string): FieldName | undefined {
  return OF_OAUTHLIB.has(callee) && Object.hasOwn(OAUTHLIB, name) ? OAUTHLIB[name] : undefined;
}

export const hasPositional = (callee: string): boolean => PARAMETERS.has(callee);

/** Callees that only wrap names and values: the wrapping adds nothing to a name's scope. */
export const WRAPPERS: ReadonlySet<string> = new Set([
  'dict',
  'OrderedDict',
  'SimpleNamespace',
  'Namespace',
  'freeze',
  'assign',
]);
