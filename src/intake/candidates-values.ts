import { cleanField } from '../profile/clean.ts';
import { type FieldName, fieldOf } from '../profile/fields.ts';
import { oauth2Field } from '../profile/oauth2-value.ts';
import { Secret } from '../profile/secret.ts';
import { isPlausible, isUnguessable } from '../profile/shape.ts';

/** A value as a profile will hold it, or why none can. */
export type Judged =
  | { readonly secret: Secret; readonly removed: readonly string[] }
  | { readonly secret?: undefined; readonly reason: string };

/** Cleans a value for a field; a placeholder or a cookie becomes a reason that quotes nothing of it. */
export function judge(field: FieldName, found: Secret): Judged {
  try {
    return cleanField(field, found.reveal());
  } catch (error) {
    return { reason: (error as Error).message.replace(`${field} `, '') };
  }
}

/** The one field whose values nothing but X issues in this shape, if a value has such a shape. */
export function unmistakableField(secret: Secret): FieldName | undefined {
  const value = secret.reveal().trim();
  if (/^\d{5,20}-[A-Za-z0-9]{20,45}$/.test(value) && isPlausible('access_token', value))
    return 'access_token';
  if (/^A{12}[A-Za-z0-9%+/=_-]{56,}$/.test(value) && isPlausible('bearer_token', value))
    return 'bearer_token';
  return oauth2Field(value);
}

/** The field that a value without a name is for, by its shape alone. */
export function fieldByShape(secret: Secret): FieldName | undefined {
  const known = unmistakableField(secret);
  if (known) return known;
  const value = secret.reveal().trim();
  if (isPlausible('api_key', value)) return 'api_key';
  if (isPlausible('access_token_secret', value)) return 'access_token_secret';
  if (isPlausible('api_secret', value)) return 'api_secret';
  return isPlausible('client_secret', value) ? 'client_secret' : undefined;
}

/** Whether a cleaned value looks like what X issues for a field. */
export function fits(field: FieldName, secret: Secret): boolean {
  return isPlausible(field, secret.reveal());
}

/** Whether two values have the lengths that X gives an API key and its secret today: 25 and 50. */
export function isExactPair(key: Secret, secret: Secret): boolean {
  return key.length === 25 && secret.length === 50 && fits('api_key', key) && fits('api_secret', secret);
}

/** Whose key a value is where it carries the mark of another service, in words. */
export function foreignMark(secret: Secret): string | undefined {
  const value = secret.reveal().trim();
  if (/^c[ks]_[0-9a-f]{20,}$/i.test(value)) return "WooCommerce's keys look like this";
  if (/^3MVG9/.test(value)) return "Salesforce's consumer keys look like this";
  return undefined;
}

/** Tumblr's consumer keys have 50 letters and digits, twice as many as X's. */
export const isTumblrKey = (secret: Secret): boolean => /^[A-Za-z0-9]{50}$/.test(secret.reveal());

/** A user's @name, if a value can be one. */
export function userNameIn(secret: Secret): string | undefined {
  const [, name] = /^@?(\w{1,30})$/.exec(secret.reveal().trim()) ?? [];
  return name;
}

/** Whether what is not for X is a secret all the same, by its name or its value. */
export function isSecretOfOthers(name: string, secret: Secret): boolean {
  const value = secret.reveal();
  if (value.trim() === '' || /^https?:\/\/[^@]*$/.test(value)) return false;
  if (/secret|passw|pwd|token|credential|cookie|api.?key|private|auth_|ct0|dsn/i.test(name)) return true;
  return isUnguessable(value) && !/[/\\ ]/.test(value);
}

/** Whether a secret holds this text: the key under which another value was filed. */
export const holds = (secret: Secret, text: string): boolean => secret.equals(new Secret(text));

/** Another field whose shape a value has and its own has not, in words for a warning. */
export function misplaced(field: FieldName, secret: Secret): FieldName | undefined {
  const other = unmistakableField(secret);
  return other !== undefined && other !== field && !fieldOf(field).shape.test(secret.reveal())
    ? other
    : undefined;
}
