import type { Account } from '../profile/profile.ts';
import { Secret } from '../profile/secret.ts';
import { clientFor } from './client.ts';
import { refusedBy } from './login-failure.ts';
import { type Signal, signalOf } from './signal.ts';

/** An app's API key and secret. */
export interface AppPair {
  readonly key: Secret;
  readonly secret: Secret;
}

/** What a login by OAuth 1.0a gives. */
export interface UserPair {
  readonly token: Secret;
  readonly tokenSecret: Secret;
  readonly account: Account;
}

/** A login that waits for the PIN that X shows in the browser. */
export interface PinLogin {
  /** Where the browser goes. It holds the request token, which is worth nothing without its secret and the PIN. */
  readonly link: string;
  /**
   * The tokens for the PIN, or undefined where X does not take it.
   * @throws Failure exit 5 where X refuses for another reason, 1 where it cannot be asked
   */
  complete(pin: Secret): Promise<UserPair | undefined>;
}

/**
 * Begins a login by PIN (OAuth 1.0a, out of band).
 * @throws Failure exit 5 where X refuses, 1 where it cannot be asked
 */
export async function beginPinLogin(app: AppPair, isReadOnly: boolean): Promise<PinLogin> {
  const client = clientFor({ kind: 'app', ...app });
  // Applications without a web site must use authorize; with authenticate X would not show a PIN.
  const options = {
    linkMode: 'authorize' as const,
    ...(isReadOnly ? { authAccessType: 'read' as const } : {}),
  };
  const begun = await client.generateAuthLink('oob', options).catch((error: unknown) => {
    throw refusedBy(ofAppAlone(signalOf(error)), 'the login did not begin', { kind: 'app' });
  });
  const token = new Secret(begun.oauth_token);
  const tokenSecret = new Secret(begun.oauth_token_secret);
  return {
    link: begun.url,
    complete: (pin) => exchange(app, token, tokenSecret, pin),
  };
}

/** Only the API key and secret signed: a rejected signature (32) says the same of them as 99 does elsewhere. */
function ofAppAlone(signal: Signal): Signal {
  return signal.codes.includes(32) ? { ...signal, codes: [99] } : signal;
}

async function exchange(
  app: AppPair,
  token: Secret,
  tokenSecret: Secret,
  pin: Secret,
): Promise<UserPair | undefined> {
  const client = clientFor({ kind: 'oauth1', ...app, token, tokenSecret });
  try {
    const { accessToken, accessSecret, userId, screenName } = await client.login(pin.reveal());
    if (!accessToken || !accessSecret || !/^\d{1,20}$/.test(userId)) return undefined;
    const name = /^\w{1,30}$/.test(screenName) ? { name: screenName } : {};
    return {
      token: new Secret(accessToken),
      tokenSecret: new Secret(accessSecret),
      account: { id: userId, ...name },
    };
  } catch (error) {
    const signal = signalOf(error);
    const isRefused = signal.status >= 400 && signal.status < 500 && signal.status !== 429;
    if (isRefused && !signal.codes.includes(135)) return undefined;
    throw refusedBy(signal, 'the login was not finished', { kind: 'oauth1' });
  }
}
