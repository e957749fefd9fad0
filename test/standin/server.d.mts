import type { Logins } from './logins.mjs';
import type { OAuth2Server } from './oauth2.mjs';

/** An account that the stand-in knows, with the keys of the app that serves it. */
export interface Account {
  readonly id: string;
  readonly username: string;
  readonly api_key: string;
  readonly api_secret: string;
  readonly access_token: string;
  readonly access_token_secret: string;
  /** The app's bearer token, where it has one. */
  readonly bearer_token?: string;
  /** A user's OAuth 2.0 access token, where there is one. */
  readonly oauth2_access_token?: string;
  /** What the access token allows; `read-write` where it is not given. */
  readonly access_level?: string;
}

export interface Post {
  readonly id: string;
  readonly text: string;
  /** Who posted: the owner of the access token that signed. */
  readonly account: Account;
}

/** What a request brings, and what a route may use. */
export interface Call {
  readonly account: Account;
  readonly posts: Post[];
  readonly logins: Logins;
  /** Query and form parameters, in that order. */
  readonly parameters: readonly (readonly [string, string])[];
  /** The parsed body, where it is JSON. */
  readonly json: unknown;
}

export interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Record<string, string>;
}

/** A request as a fault sees it. */
export interface Asked {
  /** Method and path: `GET /2/users/me`. */
  readonly endpoint: string;
  readonly authorization: string | undefined;
}

/** What happens instead of an answer: the connection breaks, or nothing ever comes. */
export type Fault = Answer | 'drop' | 'hang';

/** A request as its sender signed it. */
export interface SignedRequest {
  readonly method: string;
  /** Scheme, host and path as the client believes them, without the query. */
  readonly url: string;
  readonly parameters: readonly (readonly [string, string])[];
  readonly authorization: string | undefined;
}

export interface StandIn {
  readonly port: number;
  /** Everything posted so far, oldest first. */
  readonly posts: readonly Post[];
  /** Logins, and what was ended. */
  readonly logins: Logins;
  close(): Promise<void>;
}

export interface StandInOptions {
  /** The logins that the stand-in knows. */
  readonly oauth2?: OAuth2Server;
  readonly accounts: readonly Account[];
  /** Any free port where it is not given. */
  readonly port?: number;
  readonly onPost?: (post: Post) => void;
  /** Answers in place of the stand-in where it gives something; asked before anything is checked. */
  readonly fault?: (asked: Asked) => Fault | undefined | Promise<undefined>;
}

/** Starts a stand-in for api.x.com on 127.0.0.1. */
export function startStandIn(options: StandInOptions): Promise<StandIn>;
