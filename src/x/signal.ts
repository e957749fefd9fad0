import { ApiPartialResponseError, ApiRequestError, ApiResponseError } from 'twitter-api-v2';
import { Failure } from '../failure.ts';
import { hasProxy } from './network.ts';
import { causeOf, type Headers, isTimeout, isTlsFailure } from './transport.ts';

/** What of a failed request may be told: never its headers, never X's free text. */
export interface Signal {
  /** HTTP status; 0 where there was no answer. */
  readonly status: number;
  /** X's own error codes. */
  readonly codes: readonly number[];
  /** The last part of a v2 problem's type, its `reason`, or the name of an OAuth 2.0 error; lower case. */
  readonly problem: string;
  /** Why there was no answer. */
  readonly network?: 'timeout' | 'tls' | 'name' | 'refused' | 'other';
  /** The operating system's or OpenSSL's code for it. */
  readonly networkCode?: string;
  /** Whether a proxy stood between, whose name or port it may be about. */
  readonly isProxied?: boolean;
  /** When a rate limit ends, in milliseconds since 1970. */
  readonly reset?: number;
  /** How far this machine's clock is ahead of X's, in seconds. */
  readonly skew?: number;
}

/** @throws the error itself where it is not about talking to X, without what the library adds to it */
export function signalOf(error: unknown): Signal {
  if (error instanceof ApiResponseError) return ofAnswer(error);
  if (error instanceof ApiRequestError || error instanceof ApiPartialResponseError) return ofNetwork(error);
  if (error instanceof Failure) throw error;
  // Node refuses a value that cannot stand in a header before anything is sent.
  if ((error as { code?: unknown })?.code === 'ERR_INVALID_CHAR')
    return { status: 0, codes: [], problem: 'invalid-character' };
  throw new Error('the request to X failed in an unknown way');
}

/** How far this machine's clock is ahead of the one that sent these headers, in seconds. */
export function skewOf(headers: Headers | undefined, now = Date.now()): number | undefined {
  const date = Date.parse(String(headers?.date ?? ''));
  return Number.isNaN(date) ? undefined : Math.round((now - date) / 1000);
}

function ofAnswer(error: ApiResponseError): Signal {
  const data = asRecord(error.data);
  const errors = Array.isArray(data.errors) ? data.errors.map(asRecord) : [];
  const isOAuth2 = typeof data.error === 'string';
  // The library makes up a code 131 for OAuth 2.0's errors, which have none.
  const codes = isOAuth2 ? [] : errors.map(({ code }) => Number(code)).filter(Number.isInteger);
  const skew = skewOf(error.headers);
  const reset = resetOf(error);
  return {
    status: error.code,
    codes,
    problem: isOAuth2 ? wordOf(data.error) : problemOf([data, ...errors]),
    ...(reset === undefined ? {} : { reset }),
    ...(skew === undefined ? {} : { skew }),
  };
}

function problemOf(parts: readonly Record<string, unknown>[]): string {
  const reasons = parts.map(({ reason }) => wordOf(reason));
  const types = parts.map(({ type }) => wordOf(String(type ?? '').replace(/^.*[/#]/, '')));
  return [...reasons, ...types].find((word) => word !== '') ?? '';
}

/** X's words go to terminals: only plain ones do. */
function wordOf(value: unknown): string {
  const word = String(value ?? '').toLowerCase();
  return /^[a-z][a-z0-9:._-]{0,59}$/.test(word) ? word : '';
}

function resetOf({ headers, rateLimit }: ApiResponseError): number | undefined {
  const wait = Number(headers?.['retry-after']);
  const reset = rateLimit?.reset ?? Number(headers?.['x-rate-limit-reset']);
  if (reset > 0) return reset * 1000;
  return wait > 0 ? Date.now() + wait * 1000 : undefined;
}

function ofNetwork(error: ApiRequestError | ApiPartialResponseError): Signal {
  const cause = causeOf(error);
  const code = /^[A-Z][A-Z0-9_]{2,60}$/.test(cause.code ?? '') ? cause.code : undefined;
  return {
    status: 0,
    codes: [],
    problem: '',
    network: kindOf(cause),
    isProxied: hasProxy(),
    ...(code === undefined ? {} : { networkCode: code }),
  };
}

function kindOf(cause: ReturnType<typeof causeOf>): NonNullable<Signal['network']> {
  if (isTimeout(cause)) return 'timeout';
  if (isTlsFailure(cause)) return 'tls';
  if (cause.code === 'ENOTFOUND' || cause.code === 'EAI_AGAIN') return 'name';
  return cause.code === 'ECONNREFUSED' ? 'refused' : 'other';
}

function asRecord(value: unknown): Record<string, unknown> {
  return value !== null && typeof value === 'object' ? (value as Record<string, unknown>) : {};
}
