import { setTimeout as pause } from 'node:timers/promises';
import {
  type ApiPartialResponseError,
  type ApiRequestError,
  type ApiResponseError,
  type ITwitterApiClientPlugin,
  TwitterApiPluginResponseOverride,
} from 'twitter-api-v2';
import { ATTEMPT_MS, proxyAgent } from './network.ts';

/** What the hooks need of a request: the library's types for it are not exported. */
type Request = Parameters<NonNullable<ITwitterApiClientPlugin['onBeforeRequestConfig']>>[0];

const MOST_ATTEMPTS = 3;
const FIRST_PAUSE_MS = 250;

/**
 * The plugin that every client gets: a limit on each attempt, TLS that is always verified, the proxy of the environment,
 * forms where X wants forms, and new attempts after trouble on the way or at X.
 */
export class Transport implements ITwitterApiClientPlugin {
  readonly #attempts = new WeakMap<object, number>();
  readonly #observe: (headers: Headers) => void;
  readonly #limit: number;

  /**
   * @param observe sees the headers of each good answer
   * @param limit how long one attempt may take, in ms
   */
  constructor({ observe = () => {}, limit = ATTEMPT_MS }: TransportOptions) {
    this.#observe = observe;
    this.#limit = limit;
  }

  /** The library would send the token endpoints of OAuth 2.0 JSON, which X does not take there. */
  onBeforeRequestConfig({ params }: Request): void {
    if (/\/2\/oauth2\//.test(params.url)) params.forceBodyMode = 'url';
  }

  onBeforeRequest({ requestOptions }: Request & { requestOptions: object }): void {
    const signal = AbortSignal.timeout(this.#limit);
    const agent = proxyAgent(signal); // undefined for Node's own
    // Stated, because NODE_TLS_REJECT_UNAUTHORIZED=0 would turn the check off where it is not.
    Object.assign(requestOptions, { signal, rejectUnauthorized: true, agent });
  }

  onAfterRequest({ response }: { response: { headers: Headers } }): void {
    this.#observe(response.headers);
  }

  async onRequestError(
    request: Request & { error: ApiRequestError | ApiPartialResponseError },
  ): Promise<TwitterApiPluginResponseOverride | undefined> {
    return isWorthAnother(request.error) ? this.#again(request) : undefined;
  }

  async onResponseError(
    request: Request & { error: ApiResponseError },
  ): Promise<TwitterApiPluginResponseOverride | undefined> {
    return request.error.code >= 500 ? this.#again(request) : undefined;
  }

  /** Sends the request again, signed anew, where doing it twice does no harm. */
  async #again({ client, params }: Request): Promise<TwitterApiPluginResponseOverride | undefined> {
    const attempt = (this.#attempts.get(params) ?? 1) + 1;
    if (attempt > MOST_ATTEMPTS || !isHarmless(params)) return undefined;
    this.#attempts.set(params, attempt);
    await pause(FIRST_PAUSE_MS * 3 ** (attempt - 2) * (0.5 + Math.random()));
    return new TwitterApiPluginResponseOverride(await client.send(params));
  }
}

interface TransportOptions {
  readonly observe?: (headers: Headers) => void;
  readonly limit?: number;
}

export type Headers = Record<string, string | string[] | undefined>;

/** An app-only login gives the same bearer each time; all else that is not a GET is left to its caller. */
function isHarmless({ method, url }: Request['params']): boolean {
  return method.toUpperCase() === 'GET' || url === 'https://api.x.com/oauth2/token';
}

/** Whoever waited for a whole attempt does not want two more, and a certificate does not get better. */
function isWorthAnother(error: ApiRequestError | ApiPartialResponseError): boolean {
  const cause = causeOf(error);
  return !isTimeout(cause) && !isTlsFailure(cause);
}

interface Cause {
  readonly name?: string;
  readonly code?: string;
}

/** The library's own getter for the cause of an error is always undefined. */
export function causeOf(error: ApiRequestError | ApiPartialResponseError): Cause {
  const { _options: options } = error as unknown as { _options: { error?: Cause; responseError?: Cause } };
  return options.error ?? options.responseError ?? {};
}

export const isTimeout = ({ name, code }: Cause): boolean =>
  name === 'AbortError' || name === 'TimeoutError' || code === 'ABORT_ERR' || code === 'ETIMEDOUT';

export const isTlsFailure = ({ code = '' }: Cause): boolean =>
  /^(ERR_TLS|ERR_SSL|EPROTO|CERT_|UNABLE_TO_|DEPTH_ZERO|SELF_SIGNED|HOSTNAME_MISMATCH|INVALID_CA)/.test(code);
