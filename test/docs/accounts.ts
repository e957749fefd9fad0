import { randomInt } from 'node:crypto';
import type { Account as AtX } from '../standin/server.mjs';
import { alphanumeric, generatedKeys } from '../support/credentials.ts';

export type Account = AtX & { readonly bearer_token: string; readonly oauth2_access_token: string };

/** The accounts that pages speak of, with generated keys: three of one app, and one of another. */
export function accountsAtX(): Account[] {
  const [own, other] = [app(), app()];
  return [account('personal', own), account('brand', own), account('shop', own), account('client', other)];
}

function app() {
  const { api_key, api_secret } = generatedKeys();
  return { api_key, api_secret, bearer_token: `${'A'.repeat(22)}${alphanumeric(90)}` };
}

function account(username: string, ofApp: ReturnType<typeof app>): Account {
  const id = String(randomInt(1e8, 1e9));
  const { access_token, access_token_secret } = generatedKeys(id);
  return { id, username, ...ofApp, access_token, access_token_secret, oauth2_access_token: userToken() };
}

/** As X's OAuth 2.0 tokens are: what kind it is and when it was made can be read from it. */
function userToken(): string {
  return Buffer.from(`${alphanumeric(45)}:${Date.now()}:1:1:at:1`).toString('base64url');
}
