import type { OAuth2Server } from './oauth2.mjs';
import type { Account, Answer, SignedRequest } from './server.mjs';

/** How accounts are logged in at X, and how what they were given ends. */
export class Logins {
  constructor(accounts: readonly Account[], oauth2: OAuth2Server);
  /** Who is logged in to x.com in the browser: a name; the first account where it is empty. */
  browserUser: string;
  /** The callbacks that the app's settings list; any where it is empty. */
  callbacks: string[];
  /** Tokens that do not work any more. */
  readonly revoked: Set<string>;
  /** What each login by PIN asked for: `read` or `write`. */
  readonly accessTypes: readonly string[];
  /** Whether X says that it ended a token, and does not. */
  isForgetful: boolean;
  end(token: string): void;
  answer(request: SignedRequest & { readonly endpoint: string; readonly host: string }): Answer | undefined;
}
