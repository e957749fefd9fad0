import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { failed, systemCode, usage } from '../failure.ts';
import { Secret } from '../profile/secret.ts';
import { PAGE_HEADERS, type Page, pageHtml } from './callback-page.ts';

const HOST = '127.0.0.1';
const CALLBACK = '/callback';
/** Where the browser ends: an address without the code, so that none stays in its history. */
const RESULT = '/done';
/** How long the browser may take to come for the page at the end. */
const LAST_PAGE_MS = 3000;

/** The address that X's console has to know for a port. */
export const redirectFor = (port: number): string => `http://${HOST}:${port}${CALLBACK}`;

/** A promise that is settled from outside. */
class Deferred<T> {
  readonly promise: Promise<T>;
  resolve: (value: T) => void = () => {};

  constructor() {
    this.promise = new Promise((resolve) => {
      this.resolve = resolve;
    });
  }
}

/** What the browser brought back: a code, or X's word for why there is none. */
export type Return = { readonly code: Secret } | { readonly error: string };

/**
 * Waits on 127.0.0.1 for the browser to come back from X. Only a GET of the callback with our state counts; everything
 * else is refused, and the wait goes on.
 */
export class CallbackListener {
  readonly #server: Server;
  readonly #port: number;
  readonly #isOurs: (state: string) => boolean;
  readonly #returned = new Deferred<Return>();
  readonly #page = new Deferred<Page>();
  readonly #shown = new Deferred<void>();
  #isTaken = false;

  private constructor(port: number, isOurs: (state: string) => boolean) {
    this.#port = port;
    this.#isOurs = isOurs;
    this.#server = createServer((request, response) => this.#handle(request, response));
  }

  /**
   * A listener that is up.
   * @throws Failure exit 1 where the port is taken, 2 where it may not be used
   */
  static async open(port: number, isOurs: (state: string) => boolean): Promise<CallbackListener> {
    const listener = new CallbackListener(port, isOurs);
    await listener.#listen();
    return listener;
  }

  /** The answer that the browser brings. It stays pending until then. */
  get returned(): Promise<Return> {
    return this.#returned.promise;
  }

  /** Shows the browser how it ended, if it still waits for that. */
  async show(page: Page): Promise<void> {
    this.#page.resolve(page);
    if (!this.#isTaken) return;
    const timer = setTimeout(() => this.#shown.resolve(), LAST_PAGE_MS);
    await this.#shown.promise;
    clearTimeout(timer);
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  #listen(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', (error) => reject(cannotListen(this.#port, error)));
      this.#server.listen({ port: this.#port, host: HOST, exclusive: true }, resolve);
    });
  }

  #handle(request: IncomingMessage, response: ServerResponse): void {
    const [path, query = ''] = (request.url ?? '').split(/\?(.*)/s);
    const parameters = new URLSearchParams(query);
    const fault = this.#faultOf(request, path, parameters);
    if (fault !== undefined) send(response, fault, REFUSED);
    else if (path === RESULT) void this.#answer(response);
    else this.#take(parameters, response);
  }

  /** The HTTP status of a request that does not count. */
  #faultOf(
    request: IncomingMessage,
    path: string | undefined,
    parameters: URLSearchParams,
  ): number | undefined {
    // A page elsewhere could have its own name point here; the browser then sends that name.
    if (request.headers.host !== `${HOST}:${this.#port}`) return 421;
    if (request.method !== 'GET') return 405;
    if (path === RESULT) return this.#isTaken ? undefined : 404;
    if (path !== CALLBACK) return 404;
    if (this.#isTaken || !this.#isOurs(parameters.get('state') ?? '')) return 400;
    return parameters.has('error') || isCode(parameters.get('code')) ? undefined : 400;
  }

  #take(parameters: URLSearchParams, response: ServerResponse): void {
    this.#isTaken = true;
    const location = `http://${HOST}:${this.#port}${RESULT}`;
    response.writeHead(303, { ...PAGE_HEADERS, location, connection: 'close' }).end();
    this.#returned.resolve(returnIn(parameters));
  }

  async #answer(response: ServerResponse): Promise<void> {
    send(response, 200, await this.#page.promise);
    response.once('close', () => this.#shown.resolve());
  }
}

/** An error counts before a code. */
function returnIn(parameters: URLSearchParams): Return {
  const [code, error] = [parameters.get('code'), parameters.get('error')];
  return error === null && isCode(code) ? { code: new Secret(code) } : { error: word(error) };
}

const isCode = (text: string | null): text is string => text !== null && /^[\x21-\x7e]{1,2048}$/.test(text);

/** X's words go to terminals and pages: only plain ones do. */
const word = (text: string | null): string =>
  /^[a-z_]{1,40}$/.test(text ?? '') ? (text as string) : 'unknown';

const REFUSED: Page = {
  isGood: false,
  title: 'This is not the login that twvault waits for',
  lines: ['Start from the link that it shows in the terminal.'],
};

function send(response: ServerResponse, status: number, page: Page): void {
  response.writeHead(status, { ...PAGE_HEADERS, connection: 'close' }).end(pageHtml(page));
}

function cannotListen(port: number, error: unknown): Error {
  const code = systemCode(error);
  const other = `use another one: --port N, after adding ${redirectFor(port).replace(String(port), 'N')} as a callback in console.x.com`;
  if (code === 'EADDRINUSE') return failed(`another program listens on port ${port} already`, [other], error);
  if (code === 'EACCES') return usage(`port ${port} may not be used here`, [other]);
  return failed(`cannot listen on port ${port} (${code || 'unknown error'})`, [other], error);
}

/**
 * The code in what a person pasted: the whole address that the browser ended on, its query, or the code alone.
 * @returns undefined where it is none of them, or not an answer to this login
 */
export function pastedReturn(text: string, isOurs: (state: string) => boolean): Return | undefined {
  const trimmed = text.trim();
  const query = /[?&](?:code|error|state)=/.test(trimmed) || /^(code|error|state)=/.test(trimmed);
  if (!query) return isCode(trimmed) && !/[/?&=]/.test(trimmed) ? { code: new Secret(trimmed) } : undefined;
  const parameters = new URLSearchParams(trimmed.replace(/^[^?]*\?/, '').replace(/#.*$/, ''));
  if (!isOurs(parameters.get('state') ?? '')) return undefined;
  const isAnswer = parameters.has('error') || isCode(parameters.get('code'));
  return isAnswer ? returnIn(parameters) : undefined;
}
