import type { Keys } from '../support/credentials.ts';

/** The text of a case with generated values: `<A>` is the API key, `<B>` its secret, `<C>` and `<D>` the access token's. */
export function filled(template: string, keys: Keys): string {
  const values: Record<string, string> = {
    A: keys.api_key,
    B: keys.api_secret,
    C: keys.access_token,
    D: keys.access_token_secret,
  };
  return template.replace(/<([ABCD])>/g, (_, letter: string) => values[letter] as string);
}

/** Data without every text, in a mapping or a list, that holds one of the values. */
export function without(data: unknown, values: readonly string[]): unknown {
  const stays = (item: unknown) => typeof item !== 'string' || !values.some((value) => item.includes(value));
  if (Array.isArray(data)) return data.filter(stays).map((item) => without(item, values));
  if (data === null || typeof data !== 'object') return data;
  return Object.fromEntries(
    Object.entries(data)
      .filter(([, item]) => stays(item))
      .map(([name, item]) => [name, without(item, values)]),
  );
}
