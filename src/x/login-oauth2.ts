import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { Account } from '../profile/profile.ts';
import type { Secret } from '../profile/secret.ts';
import { codeRefused } from './login-failure.ts';
import { authorizeUrl, exchangeCode, newPkce, type OAuth2Client, type Tokens } from './oauth2.ts';
import { probe } from './probe.ts';
import { judge } from './verdict.ts';

/** A login by OAuth 2.0 that waits for the code which the browser brings back. */
export interface OAuth2Login {
  /** Where the browser goes. Nothing in it is secret. */
  readonly link: string;
  /** Whether a state is the one that was sent along; compared without telling by time how much of it fits. */
  isOurs(state: string): boolean;
  /**
   * The tokens for a code.
   * @throws Failure exit 5 where X refuses, 1 where it cannot be asked
   */
  complete(code: Secret): Promise<Tokens>;
}

/** Begins a login by OAuth 2.0 with PKCE. @param redirect letter for letter as it is registered in X's console */
export function beginOAuth2Login(
  client: OAuth2Client,
  redirect: string,
  scopes: readonly string[],
): OAuth2Login {
  const { verifier, challenge } = newPkce();
  const state = randomBytes(24).toString('base64url');
  return {
    link: authorizeUrl({ client, redirect, scopes, state, challenge }),
    isOurs: (other) => isSame(state, other),
    complete: (code) =>
      exchangeCode(client, { code, redirect, verifier }).catch((error: unknown) => {
        throw codeRefused(error, client.secret !== undefined);
      }),
  };
}

/** Whose token it is, or why that is not known. */
export async function ownerOf(
  access: Secret,
): Promise<{ readonly account: Account } | { readonly trouble: string }> {
  const probed = await probe('oauth2', new Map([['oauth2_access_token', access]]));
  if (probed && 'answer' in probed && probed.answer.account) return { account: probed.answer.account };
  const signal = probed && 'signal' in probed ? probed.signal : undefined;
  return { trouble: (signal && judge(signal, { kind: 'oauth2' }).message) ?? 'X did not say' };
}

function isSame(left: string, right: string): boolean {
  const [a, b] = [Buffer.from(left), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}
