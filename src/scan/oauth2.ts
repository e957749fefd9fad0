import type { FieldName } from '../profile/fields.ts';

/** What X's OAuth 2.0 values say when decoded: `<id>:1:ci`, `<id>:<milliseconds>:1:1:at:1`. */
const CLIENT_ID = /^[\x21-\x7e]{8,40}:1:ci$/;
const TOKEN = /^[\x21-\x7e]{8,80}:\d{12,14}:\d+:\d+:(at|rt):1$/;
/** How base64url of `:1:ci` and of `:1` ends, by how the length divides by three. */
const CLIENT_ID_END = /(?:MTpjaQ|OjE6Y2k|OmNp)$/;
const TOKEN_END = /(?:OjE|dDox|MQ)$/;

/** Which OAuth 2.0 value this is, told by what it decodes to; undefined where it is none. */
export function oauth2Kind(value: string): FieldName | undefined {
  const { length } = value;
  if (length >= 24 && length <= 64) return isClientId(value) ? 'client_id' : undefined;
  if (length < 72 || length > 140 || !TOKEN_END.test(value)) return undefined;
  const [, kind] = TOKEN.exec(decoded(value)) ?? [];
  if (kind === undefined) return undefined;
  return kind === 'at' ? 'oauth2_access_token' : 'oauth2_refresh_token';
}

const isClientId = (value: string): boolean => CLIENT_ID_END.test(value) && CLIENT_ID.test(decoded(value));
const decoded = (value: string): string => Buffer.from(value, 'base64url').toString('latin1');
