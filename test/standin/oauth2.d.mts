import type { Account, Answer } from './server.mjs';

export interface Client {
  readonly id: string;
  /** A public client has none. */
  readonly secret?: string;
}

export interface Login {
  readonly client: Client;
  readonly account: Account;
  readonly scopes: readonly string[];
}

/**
 * X's OAuth 2.0 endpoints (RFC 6749, 7636, 7009) as X keeps them: codes and refresh tokens work once, a confidential
 * client shows its secret by HTTP Basic, a public one names itself in the form, and only forms are read.
 */
export class OAuth2Server {
  /** How long access tokens live, in seconds. */
  expiresIn: number;
  /** How long the token endpoint takes, in ms. */
  delay: number;
  /** How many requests have come, answered or not. */
  readonly asked: number;
  /** The stand-in's clock. */
  now: () => number;
  /** Every call of the endpoints: what it was for and what came of it. */
  readonly calls: readonly { readonly grant: string; readonly status: number }[];
  /** Replaces an answer once it was made: X has done what it was asked for by then. */
  after: (answer: Answer) => Answer | 'drop';
  /** How many refreshes were done. */
  readonly refreshes: number;
  /** A developer app. */
  register(client: Client): void;
  /** The app with this id. */
  clientOf(id: string): Client | undefined;
  /** A code as the browser brings it back. */
  code(login: Login & { readonly redirect: string; readonly challenge: string }): string;
  /** Tokens as a finished login has them. */
  issue(login: Login): { access: string; refresh: string };
  /** Makes a refresh token good again, as if it had never been used. */
  reissue(refresh: string, login: Login): void;
  /** Whose access token it is, where it is one of ours that lives. */
  holderOf(authorization: string | undefined): Account | undefined;
  answer(request: {
    endpoint: string;
    type: string;
    form: [string, string][];
    authorization: string | undefined;
  }): Promise<Answer | 'drop'>;
}
