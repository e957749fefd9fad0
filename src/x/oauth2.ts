import { createHash, randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import * as https from 'node:https';
import { Secret } from '../profile/secret.ts';
import { ATTEMPT_MS, proxyAgent } from './network.ts';

/** An OAuth 2.0 client of X. With a secret it is confidential, without one public. */
export interface OAuth2Client {
  readonly id: Secret;
  readonly secret?: Secret | undefined;
}

/** What the token endpoint gives. */
export interface Tokens {
  readonly access: Secret;
  /** Only where the login asked for `offline.access`. */
  readonly refresh?: Secret;
  /** How long the access token lives, in seconds. */
  readonly expiresIn: number;
  readonly scopes: readonly string[];
}

/**
 * Why the token endpoint gave nothing. `refused` is X's answer; `unanswered` may have been done by X all the same;
 * `unsent` never reached it.
 */
export class OAuth2Error extends Error {
  readonly kind: 'refused' | 'unsent' | 'unanswered';
  /** HTTP status; 0 without an answer. */
  readonly status: number;
  /** `error` of X's answer (`invalid_grant`), or the system's code (`ECONNREFUSED`). Never a value of a credential. */
  readonly code: string;

  constructor(kind: OAuth2Error['kind'], status: number, code: string) {
    super(`OAuth 2.0: ${kind} ${status} ${code}`);
    this.kind = kind;
    this.status = status;
    this.code = code;
  }
}

/** The two halves of a PKCE exchange (RFC 7636, S256). */
export interface Pkce {
  readonly verifier: Secret;
  readonly challenge: string;
}

export function newPkce(): Pkce {
  const verifier = randomBytes(32).toString('base64url');
  return {
    verifier: new Secret(verifier),
    challenge: createHash('sha256').update(verifier).digest('base64url'),
  };
}

/** Where the browser goes to log in. Nothing in it is secret. */
export function authorizeUrl(input: {
  readonly client: OAuth2Client;
  readonly redirect: string;
  readonly scopes: readonly string[];
  readonly state: string;
  readonly challenge: string;
}): string {
  const url = new URL('https://x.com/i/oauth2/authorize');
  url.search = new URLSearchParams({
    response_type: 'code',
    client_id: input.client.id.reveal(),
    redirect_uri: input.redirect,
    scope: input.scopes.join(' '),
    state: input.state,
    code_challenge: input.challenge,
    code_challenge_method: 'S256',
  }).toString();
  return url.href;
}

/**
 * The tokens for an authorization code, which works once and for 30 s.
 * @throws OAuth2Error
 */
export async function exchangeCode(
  client: OAuth2Client,
  input: { readonly code: Secret; readonly redirect: string; readonly verifier: Secret },
): Promise<Tokens> {
  return tokensOf(
    await post('/2/oauth2/token', client, {
      grant_type: 'authorization_code',
      code: input.code.reveal(),
      redirect_uri: input.redirect,
      code_verifier: input.verifier.reveal(),
    }),
  );
}

/**
 * New tokens for a refresh token, which works once. One request, never repeated here.
 * @throws OAuth2Error
 */
export async function refreshTokens(client: OAuth2Client, token: Secret): Promise<Tokens> {
  return tokensOf(
    await post('/2/oauth2/token', client, { grant_type: 'refresh_token', refresh_token: token.reveal() }),
  );
}

/**
 * Ends a token at X.
 * @throws OAuth2Error
 */
export async function revokeToken(
  client: OAuth2Client,
  token: Secret,
  kind: 'access_token' | 'refresh_token',
): Promise<void> {
  await post('/2/oauth2/revoke', client, { token: token.reveal(), token_type_hint: kind });
}

interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

async function post(path: string, client: OAuth2Client, form: Record<string, string>): Promise<Answer> {
  const { id, secret } = client;
  const body = new URLSearchParams({ ...form, ...(secret ? {} : { client_id: id.reveal() }) }).toString();
  const headers: Record<string, string> = {
    'content-type': 'application/x-www-form-urlencoded;charset=UTF-8',
    'content-length': String(Buffer.byteLength(body)),
    accept: 'application/json',
    'user-agent': 'twvault',
  };
  if (secret) headers.authorization = basic(id, secret);
  const answer = await send(path, headers, body);
  if (answer.status === 200) return answer;
  throw new OAuth2Error('refused', answer.status, wordOf(answer.body.error));
}

/** RFC 6749, 2.3.1: both halves are form-encoded before they are joined. */
function basic(id: Secret, secret: Secret): string {
  const pair = [id, secret].map((each) => encodeURIComponent(each.reveal())).join(':');
  return `Basic ${Buffer.from(pair).toString('base64')}`;
}

function send(path: string, headers: Record<string, string>, body: string): Promise<Answer> {
  const signal = AbortSignal.timeout(ATTEMPT_MS);
  const agent = proxyAgent(signal);
  return new Promise((resolve, reject) => {
    let isSent = false;
    const options = { host: 'api.x.com', method: 'POST', path, headers, signal, rejectUnauthorized: true };
    const request = https.request({ ...options, ...(agent && { agent }) }, (response) => {
      answerOf(response).then(resolve, fail);
    });
    const fail = (error: unknown) => {
      const kind = isSent ? 'unanswered' : 'unsent';
      reject(new OAuth2Error(kind, 0, codeOf(error, signal)));
    };
    request.on('error', fail);
    // What is written before the connection stands waits in memory: until then X has seen nothing.
    request.on('socket', (socket) => {
      const ready = () => {
        isSent = true;
        request.end(body);
      };
      if (!socket.connecting) ready();
      else socket.once('encrypted' in socket ? 'secureConnect' : 'connect', ready);
    });
  });
}

const LARGEST_ANSWER = 64 * 1024;

async function answerOf(response: IncomingMessage): Promise<Answer> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of response as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > LARGEST_ANSWER) throw new Error('too large');
    parts.push(part);
  }
  return { status: response.statusCode ?? 0, body: parsed(Buffer.concat(parts).toString('utf8')) };
}

function parsed(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return value !== null && typeof value === 'object' ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function tokensOf({ status, body }: Answer): Tokens {
  const { access_token: access, refresh_token: refresh, expires_in: seconds, scope } = body;
  if (!isToken(access)) throw new OAuth2Error('unanswered', status, 'no_access_token');
  return {
    access: new Secret(access),
    ...(isToken(refresh) ? { refresh: new Secret(refresh) } : {}),
    expiresIn: Number(seconds) > 0 ? Math.floor(Number(seconds)) : 7200,
    scopes: typeof scope === 'string' ? scope.split(' ').filter((word) => /^[a-z.]{1,40}$/.test(word)) : [],
  };
}

const isToken = (value: unknown): value is string =>
  typeof value === 'string' && /^[\x21-\x7e]{8,4096}$/.test(value);

/** X's words go to terminals: only plain ones do. */
function wordOf(value: unknown): string {
  return typeof value === 'string' && /^[a-z_]{1,40}$/.test(value) ? value : '';
}

function codeOf(error: unknown, signal: AbortSignal): string {
  if (signal.aborted) return 'ETIMEDOUT';
  const code = String((error as { code?: unknown })?.code ?? '');
  return /^[A-Z][A-Z0-9_]{2,60}$/.test(code) ? code : 'unknown';
}
