import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { Failure, failed } from '../failure.ts';
import { expiryOf, isRenewable } from '../profile/grant.ts';
import type { Profile } from '../profile/profile.ts';
import type { Vault } from '../vault/vault.ts';
import { type Fresh, freshProfile } from './authority.ts';
import { noLogin } from './refresh-failure.ts';

export interface Serving {
  readonly vault: Vault;
  readonly name: string;
  /** How long a token that is given out lives at least, in ms. */
  readonly minLife: number;
  readonly warn: (message: string) => void;
  /** Is told of the profile before its token is given out. */
  readonly onToken: (profile: Profile) => void;
}

/** The variables that lead a child to its tokens. */
export interface Served {
  readonly TWVAULT_TOKEN_URL: string;
  readonly TWVAULT_TOKEN_SECRET: string;
}

const LONGEST_WAIT_MS = 5000;
const MOST_STRANGERS = 64;

/**
 * Offers a profile's fresh access token on 127.0.0.1 to whoever knows a secret made for this run, until this process
 * ends: `GET /` with `Authorization: Bearer <secret>` answers `{"access_token", "expires_at"}`.
 * @throws Failure exit 4 where the profile has no login
 */
export async function serveToken(serving: Serving): Promise<Served> {
  const profile = await serving.vault.read(serving.name);
  if (!isRenewable(profile)) throw noLogin(profile);
  const secret = randomBytes(32).toString('base64url');
  const limits = { headersTimeout: LONGEST_WAIT_MS, requestTimeout: LONGEST_WAIT_MS, maxHeaderSize: 8192 };
  const server = createServer(limits);
  const acquaint = limitStrangers(server);
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(failed('cannot listen on 127.0.0.1 for --serve', [], error)));
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const isAllowed = gate(port, secret);
  const token = shared(serving);
  server.on('request', (request, response) => {
    const refusal = isAllowed(request);
    if (refusal !== undefined) answer(response, refusal, { error: WORDS[refusal] });
    else {
      acquaint(request.socket);
      token().then(
        (body) => answer(response, 200, body),
        (error: unknown) => unavailable(response, error),
      );
    }
  });
  server.unref(); // the child's end is the end, whoever is still connected
  return { TWVAULT_TOKEN_URL: `http://127.0.0.1:${port}/`, TWVAULT_TOKEN_SECRET: secret };
}

/**
 * Every program of the machine can connect. Of connections that have not shown the secret only so many stay, and a new
 * one takes the place of the oldest, so that nobody can keep the command out.
 * @returns is told which connection has shown it
 */
function limitStrangers(server: Server): (socket: Socket) => void {
  const strangers = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    const [oldest] = strangers;
    if (oldest && strangers.size >= MOST_STRANGERS) {
      strangers.delete(oldest); // 'close' comes later
      oldest.destroy();
    }
    strangers.add(socket);
    socket.once('close', () => strangers.delete(socket));
  });
  return (socket) => void strangers.delete(socket);
}

const WORDS = { 401: 'wrong secret', 403: 'wrong host', 404: 'not found', 405: 'GET only' } as const;
type Refusal = keyof typeof WORDS;

/** Says why a request is refused. The Host header shows a page whose name was pointed at 127.0.0.1. */
function gate(port: number, secret: string): (request: IncomingMessage) => Refusal | undefined {
  const expected = digest(`Bearer ${secret}`);
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  return ({ headers, method, url }) => {
    if (!hosts.includes(headers.host ?? '')) return 403;
    if (method !== 'GET') return 405;
    if (!timingSafeEqual(digest(headers.authorization ?? ''), expected)) return 401;
    return url === '/' ? undefined : 404;
  };
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** One look at the vault for all who ask at once. */
function shared({ vault, name, minLife, warn, onToken }: Serving): () => Promise<object> {
  let running: Promise<Fresh> | undefined;
  return async () => {
    running ??= freshProfile(vault, name, minLife).finally(() => {
      running = undefined;
    });
    const { profile, warning } = await running.catch((error: unknown) => {
      if (error instanceof Failure) warn(error.message);
      throw error;
    });
    if (warning !== undefined) warn(warning);
    onToken(profile);
    const expires = expiryOf(profile);
    return {
      access_token: profile.fields.get('oauth2_access_token')?.secret.reveal(),
      expires_at: expires === undefined ? null : new Date(expires).toISOString(),
    };
  };
}

function unavailable(response: ServerResponse, error: unknown): void {
  answer(response, 503, { error: error instanceof Failure ? error.message : 'internal error' });
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, {
    'content-type': 'application/json',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  response.end(`${JSON.stringify(body)}\n`);
}
