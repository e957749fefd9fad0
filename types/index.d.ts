import type { TwitterApi } from 'twitter-api-v2';

export interface Options {
  /** How long an OAuth 2.0 access token has to live at least, in seconds: 600 where it is not given, 0 for any. */
  readonly minLife?: number;
}

export interface ClientOptions extends Options {
  /** Which of a profile's keys to use: by default its OAuth 2.0 login, else OAuth 1.0a, else the bearer token. */
  readonly auth?: 'oauth2' | 'oauth1' | 'bearer';
}

/** A profile's values, inherited ones included. It does not print itself: read the values by name. */
export interface Credentials {
  readonly profile: string;
  /** The X account, where it is known. */
  readonly account: { readonly id: string; readonly name?: string } | undefined;
  readonly api_key: string | undefined;
  readonly api_secret: string | undefined;
  readonly access_token: string | undefined;
  readonly access_token_secret: string | undefined;
  readonly bearer_token: string | undefined;
  readonly client_id: string | undefined;
  readonly client_secret: string | undefined;
  readonly oauth2_access_token: string | undefined;
  readonly apiKey: string | undefined;
  readonly apiSecret: string | undefined;
  readonly accessToken: string | undefined;
  readonly accessTokenSecret: string | undefined;
  readonly bearerToken: string | undefined;
  readonly clientId: string | undefined;
  readonly clientSecret: string | undefined;
  readonly oauth2AccessToken: string | undefined;
  /** When the OAuth 2.0 access token ends. */
  readonly expires: Date | undefined;
  /** Another variable that is stored with the profile. */
  extra(name: string): string | undefined;
}

/**
 * The values of a profile, chosen as the command line chooses it: by name, TWVAULT_PROFILE, .twvault.json, the default.
 * An OAuth 2.0 access token that is about to end is renewed first. Never asks, never prints.
 * @throws Error with one line that says what is wrong, and `hints`
 */
export function credentials(profile?: string, options?: Options): Promise<Credentials>;

/**
 * A client of twitter-api-v2 (your own installation of it) with a profile's keys. With an OAuth 2.0 login, each request
 * goes out with a token that lives, however long the client is kept. It keeps to twvault's rules on the way: HTTPS_PROXY
 * and NODE_EXTRA_CA_CERTS are honoured, TLS is always verified, a request ends after 30 s, a
 * stream where X did not answer for 30 s or then sends nothing for 90 s (every 20 s it sends a line), and a GET is tried
 * three times where the network or X is in trouble.
 */
export function xClient(profile?: string, options?: ClientOptions): Promise<TwitterApi>;
