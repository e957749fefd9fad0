import { inspect } from 'node:util';
import { type IClientSettings, type ITwitterApiClientPlugin, TwitterApi } from 'twitter-api-v2';
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
  return unprintable(clientWith(credentials, settings));
}

/**
 * A client whose credentials are in no console.log, util.inspect or JSON of it: what holds them, for the client and for
 * all that is taken from it (client.v2), shows none of its members.
 */
function unprintable(client: TwitterApi): TwitterApi {
  // Private in the types, yet the one place; `_oauth` comes with the first signed request.
  const maker = (client as unknown as { _requestMaker: Record<string, unknown> })._requestMaker;
  for (const name of [...Object.keys(maker), '_oauth'])
    Object.defineProperty(maker, name, { enumerable: false, writable: true, value: maker[name] });
  Object.defineProperty(maker, inspect.custom, { value: () => 'ClientRequestMaker {}' });
  return client;
}

function clientWith(credentials: Credentials, settings: Partial<IClientSettings>): TwitterApi {
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
