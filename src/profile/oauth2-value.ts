import type { FieldName } from './fields.ts';

// X's OAuth 2.0 values say what they are: base64url of `<id>:1:ci`, or of `<random>:<ms since 1970>:1:1:<kind>:1`.

/** What an OAuth 2.0 token says of itself. */
export interface OAuth2Token {
  readonly kind: 'at' | 'rt' | 'ac';
  /** When it was issued, in ms since 1970. */
  readonly issued: number;
}

const CLIENT_ID = /^[\x21-\x7e]{8,60}:1:ci$/;
const TOKEN = /^[\x21-\x7e]{8,90}:(\d{13}):\d+:\d+:(at|rt|ac):\d+$/;

/** The field that each kind belongs into; a code belongs into none. */
const FIELDS: Partial<Record<OAuth2Token['kind'], FieldName>> = {
  at: 'oauth2_access_token',
  rt: 'oauth2_refresh_token',
};

export function isClientId(value: string): boolean {
  return /^[\w-]{24,90}$/.test(value) && CLIENT_ID.test(decoded(value));
}

/** What a token says of itself, or undefined where it is none of X's. */
export function oauth2Token(value: string): OAuth2Token | undefined {
  if (!/^[\w-]{40,160}$/.test(value)) return undefined;
  const [, issued, kind] = TOKEN.exec(decoded(value)) ?? [];
  return kind === undefined ? undefined : { kind: kind as OAuth2Token['kind'], issued: Number(issued) };
}

/** The field that an OAuth 2.0 value is for, by what it says of itself. */
export function oauth2Field(value: string): FieldName | undefined {
  if (isClientId(value)) return 'client_id';
  const token = oauth2Token(value);
  return token && FIELDS[token.kind];
}

const decoded = (value: string): string => Buffer.from(value, 'base64url').toString('latin1');
