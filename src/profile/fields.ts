/**
 * The one table of credential fields. Prompts, readers, exec, warnings and reports all read it; nothing else knows
 * a field's label, shape or name in a preset. Sources: X's developer console, and the environment names that public
 * bots, SDKs and X's own tools read.
 */

export const PRESETS = [
  'twitter',
  'tutorial',
  'x',
  'node',
  'eliza',
  'xmcp',
  'consumer',
  'mcp',
  'xurl',
  'authjs',
] as const;
export type Preset = (typeof PRESETS)[number];
export const DEFAULT_PRESET: Preset = 'twitter';

/** Other names under which people look for a preset. */
const PRESET_ALIASES: ReadonlyMap<string, Preset> = new Map([['tweepy', 'tutorial']]);

export interface Field {
  readonly name: string;
  /** What X's console calls it, or what a person would. */
  readonly label: string;
  /** Under which heading of X's console it stands; tokens of a login stand nowhere there. */
  readonly heading?: string;
  /** `app` fields belong to the developer app and may be inherited; `user` fields belong to one account. */
  readonly scope: 'app' | 'user';
  /** The other half, where one half is useless without the other. */
  readonly partner?: FieldName;
  /** Expected shape. Values outside it only draw a warning: X has changed lengths before. */
  readonly shape: RegExp;
  readonly shapeText: string;
  /** True where the value carries at least 100 bits, so that a keyed fingerprint of it reveals nothing. */
  readonly highEntropy: boolean;
  /** Asked for by an interactive `add`; tokens of a login are not typed by hand. */
  readonly prompted: boolean;
  /** Other spellings, lower case, letters and digits only. */
  readonly aliases: readonly string[];
  /** The environment variable in each preset that has one. */
  readonly env: Partial<Record<Preset, string>>;
}

const OAUTH2_TOKEN = /^[A-Za-z0-9_-]{80,120}$/;

const TABLE = {
  api_key: {
    heading: 'API Key & Secret',
    label: 'API Key',
    scope: 'app',
    partner: 'api_secret',
    shape: /^[A-Za-z0-9]{18,25}$/,
    shapeText: '25 letters and digits (older ones 18 to 22)',
    highEntropy: true,
    prompted: true,
    aliases: [
      'apikey',
      'consumerkey',
      'appkey',
      'oauthconsumerkey',
      'twitterkey',
      'socialauthtwitterkey',
      'twitterappid',
      'socialtwitterappid',
      'springsocialtwitterappid',
      'clienttoken',
    ],
    env: {
      twitter: 'TWITTER_API_KEY',
      tutorial: 'CONSUMER_KEY',
      x: 'X_API_KEY',
      node: 'TWITTER_APP_KEY',
      eliza: 'TWITTER_API_KEY',
      xmcp: 'X_OAUTH_CONSUMER_KEY',
      consumer: 'TWITTER_CONSUMER_KEY',
      mcp: 'API_KEY',
    },
  },
  api_secret: {
    heading: 'API Key & Secret',
    label: 'API Key Secret',
    scope: 'app',
    partner: 'api_key',
    shape: /^[A-Za-z0-9]{35,50}$/,
    shapeText: '50 letters and digits (older ones 35 to 44)',
    highEntropy: true,
    prompted: true,
    aliases: [
      'apisecret',
      'apikeysecret',
      'apisecretkey',
      'consumersecret',
      'consumerkeysecret',
      'consumersecretkey',
      'appsecret',
      'oauthconsumersecret',
      'twittersecret',
      'socialauthtwittersecret',
      'socialtwitterappsecret',
      'springsocialtwitterappsecret',
    ],
    env: {
      twitter: 'TWITTER_API_SECRET',
      tutorial: 'CONSUMER_SECRET',
      x: 'X_API_SECRET',
      node: 'TWITTER_APP_SECRET',
      eliza: 'TWITTER_API_SECRET_KEY',
      xmcp: 'X_OAUTH_CONSUMER_SECRET',
      consumer: 'TWITTER_CONSUMER_SECRET',
      mcp: 'API_SECRET_KEY',
    },
  },
  access_token: {
    heading: 'Access Token & Secret',
    label: 'Access Token',
    scope: 'user',
    partner: 'access_token_secret',
    shape: /^\d{1,20}-[A-Za-z0-9]{20,45}$/,
    shapeText: "the account's numeric id, a hyphen, then 20 to 45 letters and digits",
    highEntropy: true,
    prompted: true,
    aliases: [
      'accesstoken',
      'accesskey',
      'accesstokenkey',
      'oauthtoken',
      'oauthaccesstoken',
      'acesstoken',
      'accestoken',
      'token',
    ],
    env: {
      twitter: 'TWITTER_ACCESS_TOKEN',
      tutorial: 'ACCESS_TOKEN',
      x: 'X_ACCESS_TOKEN',
      node: 'TWITTER_ACCESS_TOKEN',
      eliza: 'TWITTER_ACCESS_TOKEN',
      xmcp: 'X_OAUTH_ACCESS_TOKEN',
      consumer: 'TWITTER_ACCESS_TOKEN',
      mcp: 'ACCESS_TOKEN',
    },
  },
  access_token_secret: {
    heading: 'Access Token & Secret',
    label: 'Access Token Secret',
    scope: 'user',
    partner: 'access_token',
    shape: /^[A-Za-z0-9]{35,45}$/,
    shapeText: '45 letters and digits (older ones 35 to 44)',
    highEntropy: true,
    prompted: true,
    aliases: [
      'accesstokensecret',
      'accesssecret',
      'accesskeysecret',
      'oauthtokensecret',
      'oauthsecret',
      'oauthaccesstokensecret',
      'acesstokensecret',
      'accestokensecret',
      'tokensecret',
      'secret',
    ],
    env: {
      twitter: 'TWITTER_ACCESS_TOKEN_SECRET',
      tutorial: 'ACCESS_TOKEN_SECRET',
      x: 'X_ACCESS_TOKEN_SECRET',
      node: 'TWITTER_ACCESS_SECRET',
      eliza: 'TWITTER_ACCESS_TOKEN_SECRET',
      xmcp: 'X_OAUTH_ACCESS_TOKEN_SECRET',
      consumer: 'TWITTER_ACCESS_TOKEN_SECRET',
      mcp: 'ACCESS_TOKEN_SECRET',
    },
  },
  bearer_token: {
    heading: 'Bearer Token',
    label: 'Bearer Token',
    scope: 'app',
    shape: /^A{8}[A-Za-z0-9%+/=_-]{60,}$/,
    shapeText: 'about 110 characters beginning with a run of A',
    highEntropy: true,
    prompted: true,
    aliases: ['bearertoken', 'bearer', 'beareraccesstoken', 'apponlytoken'],
    env: {
      twitter: 'TWITTER_BEARER_TOKEN',
      tutorial: 'BEARER_TOKEN',
      x: 'X_BEARER_TOKEN',
      eliza: 'TWITTER_BEARER_TOKEN',
      xmcp: 'X_BEARER_TOKEN',
    },
  },
  client_id: {
    heading: 'Client ID & Secret',
    label: 'OAuth 2.0 Client ID',
    scope: 'app',
    partner: 'client_secret',
    shape: /^[A-Za-z0-9_-]{34}$/,
    shapeText: '34 characters, base64url of an id that ends in :1:ci',
    highEntropy: false,
    prompted: true,
    aliases: ['clientid', 'oauth2clientid', 'oauthclientid'],
    env: {
      twitter: 'TWITTER_CLIENT_ID',
      tutorial: 'CLIENT_ID',
      x: 'X_CLIENT_ID',
      eliza: 'TWITTER_CLIENT_ID',
      xurl: 'CLIENT_ID',
      authjs: 'AUTH_TWITTER_ID',
    },
  },
  client_secret: {
    heading: 'Client ID & Secret',
    label: 'OAuth 2.0 Client Secret',
    scope: 'app',
    partner: 'client_id',
    shape: /^[\w-]{50}$/,
    shapeText: '50 letters, digits, hyphens and underscores',
    highEntropy: true,
    prompted: true,
    aliases: ['clientsecret', 'oauth2clientsecret', 'oauthclientsecret'],
    env: {
      twitter: 'TWITTER_CLIENT_SECRET',
      tutorial: 'CLIENT_SECRET',
      x: 'X_CLIENT_SECRET',
      eliza: 'TWITTER_CLIENT_SECRET',
      xurl: 'CLIENT_SECRET',
      authjs: 'AUTH_TWITTER_SECRET',
    },
  },
  oauth2_access_token: {
    label: 'OAuth 2.0 user access token',
    scope: 'user',
    shape: OAUTH2_TOKEN,
    shapeText: '91 characters of base64url',
    highEntropy: true,
    prompted: false,
    aliases: ['oauth2accesstoken', 'oauth2useraccesstoken', 'useraccesstoken'],
    env: {
      twitter: 'TWITTER_OAUTH2_USER_ACCESS_TOKEN',
      eliza: 'TWITTER_OAUTH2_USER_ACCESS_TOKEN',
    },
  },
  oauth2_refresh_token: {
    label: 'OAuth 2.0 refresh token',
    scope: 'user',
    shape: OAUTH2_TOKEN,
    shapeText: '91 characters of base64url',
    highEntropy: true,
    prompted: false,
    aliases: ['oauth2refreshtoken', 'refreshtoken', 'oauth2userrefreshtoken'],
    env: {},
  },
} satisfies Record<string, Omit<Field, 'name' | 'partner'> & { partner?: string }>;

export type FieldName = keyof typeof TABLE;

/** Every field in the order in which people meet them. */
export const FIELDS: readonly (Field & { readonly name: FieldName })[] = Object.entries(TABLE).map(
  ([name, row]) => ({ ...(row as Omit<Field, 'name'>), name: name as FieldName }),
);

const BY_NAME = new Map(FIELDS.map((field) => [field.name as string, field]));

/** The row of a canonical field name. */
export function fieldOf(name: FieldName): Field & { readonly name: FieldName } {
  return BY_NAME.get(name) as Field & { readonly name: FieldName };
}

export const isFieldName = (name: string): name is FieldName => BY_NAME.has(name);

/** The preset of that name or alias, or undefined. */
export function presetNamed(name: string): Preset | undefined {
  return (PRESETS as readonly string[]).includes(name) ? (name as Preset) : PRESET_ALIASES.get(name);
}

/** The environment name of each field that the preset has a name for. */
export function presetNames(preset: Preset): Map<FieldName, string> {
  const names = new Map<FieldName, string>();
  for (const { name, env } of FIELDS) {
    const variable = env[preset];
    if (variable !== undefined) names.set(name, variable);
  }
  return names;
}
