import { randomBytes, randomInt } from 'node:crypto';

const ALPHANUMERIC = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** Random letters and digits with at least one of each kind, as X's keys have. */
export function alphanumeric(length: number): string {
  const drawn = Array.from({ length: length - 3 }, () => ALPHANUMERIC[randomInt(ALPHANUMERIC.length)]);
  return ['Q', 'z', '7', ...drawn].join('');
}

/** A made-up set of OAuth 1.0a credentials, shaped like X's. Nothing here was ever issued by X. */
export function generatedKeys(accountId = String(randomInt(1e6, 1e9))) {
  return {
    api_key: alphanumeric(25),
    api_secret: alphanumeric(50),
    access_token: `${accountId}-${alphanumeric(40)}`,
    access_token_secret: alphanumeric(45),
  };
}

/** An OAuth 2.0 token in X's form, which tells its kind and when it was issued. */
export function oauth2Token(kind: 'at' | 'rt' | 'ac' = 'at', issued = Date.now()): string {
  return Buffer.from(`${alphanumeric(45)}:${issued}:1:1:${kind}:1`).toString('base64url');
}

/** An OAuth 2.0 client id in X's form. */
export const clientId = (): string => Buffer.from(`${alphanumeric(20)}:1:ci`).toString('base64url');

export const bearerToken = (): string => `${'A'.repeat(22)}${alphanumeric(88)}`;

export type Keys = ReturnType<typeof generatedKeys>;

/** The tutorial's names for the four keys, as dotenv lines. */
export function tutorialLines(keys: Keys): string {
  return [
    `CONSUMER_KEY=${keys.api_key}`,
    `CONSUMER_SECRET=${keys.api_secret}`,
    `ACCESS_TOKEN=${keys.access_token}`,
    `ACCESS_TOKEN_SECRET=${keys.access_token_secret}`,
    '',
  ].join('\n');
}

/** A word that no output may contain unless it was asked for. */
export const sentinel = (): string => `S3ntinel${randomBytes(12).toString('hex')}Qz`;
