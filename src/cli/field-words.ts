import type { FieldName } from '../profile/fields.ts';

/** What tables of profiles call the fields that go together. A half of a pair goes by its own name. */
const WORDS: Readonly<Record<string, readonly FieldName[]>> = {
  api: ['api_key', 'api_secret'],
  access: ['access_token', 'access_token_secret'],
  bearer: ['bearer_token'],
  client: ['client_id', 'client_secret'],
  oauth2: ['oauth2_access_token'],
  refresh: ['oauth2_refresh_token'],
};

/** Fields in as few words as name them all. */
export function inWords(fields: readonly string[]): string[] {
  const words = fields.map((field) => {
    const isWhole = (whole: readonly string[]): boolean =>
      whole.includes(field) && whole.every((other) => fields.includes(other));
    return Object.keys(WORDS).find((word) => isWhole(WORDS[word] ?? [])) ?? field;
  });
  return [...new Set(words)];
}
