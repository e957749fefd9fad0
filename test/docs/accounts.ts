import { randomInt } from 'node:crypto';
import { OAuth2Server } from '../standin/oauth2.mjs';
import type { Account } from '../standin/server.mjs';
import { alphanumeric, generatedKeys } from '../support/credentials.ts';

export interface AtX {
  readonly oauth2: OAuth2Server;
  readonly accounts: readonly Account[];
  /** Everything that `fill` can put into a file, by a name and a field. */
  readonly values: Readonly<Record<string, object>>;
}

/**
 * The accounts that pages speak of, with generated keys: `personal`, `brand` and `shop` of one app, `client` of another;
 * and `renewed`, which is `brand` after its app was given new keys.
 */
export function accountsAtX(): AtX {
  const oauth2 = new OAuth2Server();
  const [own, other, renewed] = [app(), app(), app()];
  const personal = account('personal', own);
  const brand = account('brand', own);
  const accounts = [personal, brand, account('shop', own), account('client', other)];
  const after = { ...account('brand', renewed), id: brand.id };

  const client = { id: base64url(`${alphanumeric(20)}:1:ci`), secret: alphanumeric(50) };
  const tokens = oauth2.issue({ client, account: personal, scopes: ['tweet.read', 'users.read'] });
  const login = {
    client_id: client.id,
    client_secret: client.secret,
    oauth2_access_token: tokens.access,
    oauth2_refresh_token: tokens.refresh,
  };
  const byName = Object.fromEntries(accounts.map((each) => [each.username, each]));
  return { oauth2, accounts: [...accounts, after], values: { ...byName, login, renewed: after } };
}

function app() {
  const { api_key, api_secret } = generatedKeys();
  return { api_key, api_secret, bearer_token: `${'A'.repeat(22)}${alphanumeric(90)}` };
}

function account(username: string, ofApp: ReturnType<typeof app>): Account {
  const id = String(randomInt(1e8, 1e9));
  const { access_token, access_token_secret } = generatedKeys(id);
  return { id, username, ...ofApp, access_token, access_token_secret };
}

const base64url = (text: string): string => Buffer.from(text).toString('base64url');
