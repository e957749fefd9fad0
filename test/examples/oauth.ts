import { createHmac, randomBytes } from 'node:crypto';
import { request } from 'node:http';
import type { Keys } from '../support/credentials.ts';

type Pairs = readonly (readonly [string, string])[];

export interface Sent {
  readonly port: number;
  readonly method: string;
  readonly path: string;
  readonly host?: string;
  readonly authorization?: string;
  readonly form?: Pairs;
  readonly json?: unknown;
}

export interface Received {
  readonly status: number | undefined;
  readonly body: unknown;
  readonly code: number | undefined;
}

interface Signing {
  readonly method: string;
  readonly url: string;
  readonly keys: Keys;
  readonly parameters?: Pairs;
  readonly nonce?: string;
  readonly timestamp?: number;
}

/** RFC 5849, 3.4 and 3.6, from the text of the standard: neither oauth-1.0a's nor a bot library's reading of it. */
export function signed({ method, url, keys, parameters = [], ...given }: Signing): string {
  const oauth: Pairs = [
    ['oauth_consumer_key', keys.api_key],
    ['oauth_nonce', given.nonce ?? randomBytes(16).toString('hex')],
    ['oauth_signature_method', 'HMAC-SHA1'],
    ['oauth_timestamp', String(given.timestamp ?? Math.floor(Date.now() / 1000))],
    ['oauth_token', keys.access_token],
    ['oauth_version', '1.0'],
  ];
  const normalized = [...oauth, ...parameters]
    .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
    .sort()
    .join('&');
  const base = [method, url, normalized].map(encoded).join('&');
  const key = `${encoded(keys.api_secret)}&${encoded(keys.access_token_secret)}`;
  const signature = createHmac('sha1', key).update(base).digest('base64');
  const header = [...oauth, ['oauth_signature', signature] as const];
  return `OAuth ${header.map(([name, value]) => `${encoded(name)}="${encoded(value)}"`).join(', ')}`;
}

/** Everything but RFC 3986's unreserved characters. */
function encoded(text: string): string {
  return [...Buffer.from(text)]
    .map((byte) => {
      const character = String.fromCharCode(byte);
      return /[\w.~-]/.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    })
    .join('');
}

/** Sends a request to the stand-in, and gives its answer and X's error code in it. */
export function send({ port, method, path, host = 'api.x.com', ...rest }: Sent): Promise<Received> {
  const headers: Record<string, string> = { host };
  if (rest.authorization) headers.authorization = rest.authorization;
  if (rest.form) headers['content-type'] = 'application/x-www-form-urlencoded';
  if (rest.json !== undefined) headers['content-type'] = 'application/json';
  const content = rest.form?.map(([name, value]) => `${encoded(name)}=${encoded(value)}`).join('&');
  return new Promise((resolve, reject) => {
    const call = request({ host: '127.0.0.1', port, method, path, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      response.on('end', () => {
        const body = JSON.parse(text);
        resolve({ status: response.statusCode, body, code: body.errors?.[0]?.code });
      });
    });
    call.on('error', reject);
    call.end(content ?? (rest.json === undefined ? undefined : JSON.stringify(rest.json)));
  });
}
