import { type ITwitterApiClientPlugin, TwitterApi } from 'twitter-api-v2';
import type { Secret } from '../profile/secret.ts';
import { ATTEMPT_MS, proxyAgent } from './network.ts';
import { StreamAgent } from './stream-agent.ts';
import { type Headers, Transport } from './transport.ts';

/** What a client authenticates with. */
export type Credentials =
  | { readonly kind: 'app'; readonly key: Secret; readonly secret: Secret }
  /** The same pair as a name and password (HTTP Basic). */
  | { readonly kind: 'basic'; readonly key: Secret; readonly secret: Secret }
  | {
      readonly kind: 'oauth1';
      readonly key: Secret;
      readonly secret: Secret;
      readonly token: Secret;
      readonly tokenSecret: Secret;
    }
  /** An app's bearer token, or a user's OAuth 2.0 access token. */
  | { readonly kind: 'bearer'; readonly token: Secret }
  /** An OAuth 2.0 client; a public one has no secret. */
  | { readonly kind: 'client'; readonly id: Secret; readonly secret?: Secret };

export interface ClientOptions {
  /** Sees the headers of each good answer. */
  readonly observe?: (headers: Headers) => void;
  /** How long a request may take, in ms. */
  readonly limit?: number;
  /** How long a stream may stay silent, in ms. */
  readonly silence?: number;
  readonly plugins?: readonly ITwitterApiClientPlugin[];
}

/**
 * A client of X. Its requests end after 10 s each, if nothing else is said; a GET is tried three times where the network or X is in trouble.
 * What it throws is the library's: such an error holds the request's headers, credentials included, and must never be
 * printed or kept as a cause (`signalOf` takes out what may be told).
 * @throws Failure exit 1 where the environment names a proxy that cannot be used
 */
export function clientFor(credentials: Credentials, options: ClientOptions = {}): TwitterApi {
  proxyAgent(); // which refuses an address that cannot be used before anything is asked
  const { limit = ATTEMPT_MS, silence } = options;
  // What streams go by; Transport gives each other request an agent of its own.
  const httpAgent = new StreamAgent({ answer: limit, ...(silence !== undefined && { silence }) });
  const settings = { plugins: [new Transport(options), ...(options.plugins ?? [])], httpAgent };
  switch (credentials.kind) {
    case 'bearer':
      return new TwitterApi(credentials.token.reveal(), settings);
    case 'client': {
      const { id, secret } = credentials;
      return new TwitterApi(
        { clientId: id.reveal(), ...(secret && { clientSecret: secret.reveal() }) },
        settings,
      );
    }
    case 'basic':
      return new TwitterApi(
        { username: credentials.key.reveal(), password: credentials.secret.reveal() },
        settings,
      );
    case 'app':
      return new TwitterApi(
        { appKey: credentials.key.reveal(), appSecret: credentials.secret.reveal() },
        settings,
      );
    case 'oauth1':
      return new TwitterApi(
        {
          appKey: credentials.key.reveal(),
          appSecret: credentials.secret.reveal(),
          accessToken: credentials.token.reveal(),
          accessSecret: credentials.tokenSecret.reveal(),
        },
        settings,
      );
  }
}
