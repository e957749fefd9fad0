import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';
import { vaultIn } from '../faults/writers.ts';
import { diverted } from '../standin/divert.mjs';
import { OAuth2Server } from '../standin/oauth2.mjs';
import { type Account, type StandIn, type StandInOptions, startStandIn } from '../standin/server.mjs';
import { User } from '../support/cli.ts';
import { alphanumeric, bearerToken, clientId, generatedKeys } from '../support/credentials.ts';

/** Two accounts, served by one app. */
export function accountsOfOneApp(): [Account, Account] {
  const ada = { id: '1234567', username: 'ada', ...generatedKeys('1234567'), bearer_token: bearerToken() };
  const { api_key, api_secret, bearer_token } = ada;
  const bob = { id: '7654321', username: 'bob', ...generatedKeys('7654321') };
  return [ada, { ...bob, api_key, api_secret, bearer_token }];
}

/** A person at a machine, and X as the stand-in plays it. */
export class AtX {
  readonly user = new User().withFileVault();
  readonly oauth2 = new OAuth2Server();
  readonly client: { readonly id: string; readonly secret?: string };
  readonly accounts: Account[];
  readonly secrets: string[] = [];
  #standIn: StandIn | undefined;

  constructor(options: { isPublic?: boolean; accounts?: Account[] } = {}) {
    this.accounts = options.accounts ?? accountsOfOneApp();
    const id = clientId();
    this.client = options.isPublic ? { id } : { id, secret: alphanumeric(50) };
    this.oauth2.register(this.client);
    for (const { id: _, username, ...values } of this.accounts) this.secrets.push(...Object.values(values));
    if (this.client.secret) this.secrets.push(this.client.secret);
  }

  get x(): StandIn {
    if (!this.#standIn) throw new Error('X has not started');
    return this.#standIn;
  }

  async start(fault?: StandInOptions['fault']): Promise<this> {
    this.#standIn = await startStandIn({
      accounts: this.accounts,
      oauth2: this.oauth2,
      ...(fault && { fault }),
    });
    onTestFinished(() => this.x.close());
    const folder = join(this.user.root, 'bin');
    mkdirSync(folder);
    const opener = join(folder, 'xdg-open');
    writeFileSync(
      opener,
      `#!/bin/sh\nprintf '%s' "$1" > "${this.user.root}/opened"\nenv > "${this.user.root}/browser-env"\n`,
    );
    chmodSync(opener, 0o755);
    const PATH = `${folder}:${this.user.env.PATH}`;
    this.user.env = { ...this.user.env, ...diverted(this.x.port), PATH, DISPLAY: ':0', TWVAULT_DEBUG: '1' };
    return this;
  }

  /** The app's keys under a name. */
  addApp(name = 'personal'): void {
    const { api_key, api_secret } = this.accounts[0] as Account;
    const { id, secret } = this.client;
    this.store(name, { api_key, api_secret, client_id: id, ...(secret ? { client_secret: secret } : {}) });
  }

  store(name: string, values: Record<string, string>, ...options: string[]): void {
    this.user.must(['add', name, '--stdin', ...options], { input: JSON.stringify(values) });
  }

  /** What the browser was opened with, if it was. */
  get opened(): string | undefined {
    const path = join(this.user.root, 'opened');
    return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
  }

  get browserEnvironment(): string {
    return readFileSync(join(this.user.root, 'browser-env'), 'utf8');
  }

  /** The fields of a profile in plain, with all that is not a field. */
  async stored(name: string) {
    const { fields, account, grant, inherit, staged } = await (await vaultIn(this.user)).read(name);
    const plain = Object.fromEntries([...fields].map(([field, { secret }]) => [field, secret.reveal()]));
    for (const [field, value] of Object.entries(plain)) if (field !== 'client_id') this.secrets.push(value);
    return { fields: plain as Record<string, string>, account, grant, inherit, staged };
  }

  /** Throws where a text holds a value in any usual form. */
  checkSilence(...texts: string[]): void {
    for (const secret of this.secrets) {
      const base64 = Buffer.from(secret).toString('base64').replace(/=+$/, '');
      for (const form of [secret, encodeURIComponent(secret), base64]) {
        if (texts.some((each) => each.includes(form))) throw new Error('an output holds a value');
      }
    }
  }

  /** A page of X, as a browser gets it. */
  async page(address: string): Promise<{ status: number; body: string }> {
    const { host, pathname, search } = new URL(address);
    return visit(this.x.port, `${pathname}${search}`, { host });
  }

  /** The PIN that X shows at a link. */
  async pinAt(link: string): Promise<string> {
    return /<code>(\d+)<\/code>/.exec((await this.page(link)).body)?.[1] ?? '';
  }

  /** Where X's page at a link leads. */
  async way(link: string, id: 'allow' | 'deny' = 'allow'): Promise<string> {
    const { body } = await this.page(link);
    const href = new RegExp(`id="${id}" href="([^"]*)"`).exec(body)?.[1] ?? '';
    return href.replaceAll('&amp;', '&');
  }
}

/** One request to 127.0.0.1, without following anything. */
export async function visit(
  port: number,
  path: string,
  headers: Record<string, string> = {},
  method = 'GET',
): Promise<{ status: number; body: string; headers: Record<string, string | string[] | undefined> }> {
  return new Promise((resolve, reject) => {
    const sent = request(
      { host: '127.0.0.1', port, path, method, headers, agent: false },
      async (response) => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: await text(response) });
      },
    );
    sent.on('error', reject).end();
  });
}

/** A port that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => {
    server.close(resolve);
  });
  return port;
}

/** The link to X's page in what twvault said. */
export const linkIn = (said: string): string => /https:\/\/x\.com\S+method=S256/.exec(said)?.[0] ?? '';
