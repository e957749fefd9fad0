import type { FieldName } from '../profile/fields.ts';
import { oauth2Field } from '../profile/oauth2-value.ts';

/** How base64url of `:1:ci` and of `:1` ends, by how the length divides by three. */
const CLIENT_ID_END = /(?:MTpjaQ|OjE6Y2k|OmNp)$/;
const TOKEN_END = /(?:OjE|dDox|MQ)$/;

/** Which OAuth 2.0 value this is; undefined where it is none. What cannot be one is told without decoding it. */
export function oauth2Kind(value: string): FieldName | undefined {
  const { length } = value;
  const couldBeClientId = length >= 24 && length <= 64 && CLIENT_ID_END.test(value);
  const couldBeToken = length >= 72 && length <= 140 && TOKEN_END.test(value);
  return couldBeClientId || couldBeToken ? oauth2Field(value) : undefined;
}
