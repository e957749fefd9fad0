import { EXIT, Failure } from '../failure.ts';
import { Secret } from '../profile/secret.ts';
import { clientFor } from './client.ts';
import { refusedBy } from './login-failure.ts';
import type { AppPair } from './login-pin.ts';
import { type Signal, signalOf } from './signal.ts';

/**
 * The app's bearer token, which X gives for its API key and secret; the same one each time.
 * @throws Failure exit 5 where X refuses, 1 where it cannot be asked
 */
export async function bearerFor(app: AppPair): Promise<Secret> {
  const client = await clientFor({ kind: 'app', ...app })
    .appLogin()
    .catch((error: unknown) => {
      throw refused(signalOf(error));
    });
  const tokens = client.getActiveTokens();
  if (tokens.type === 'oauth2') return new Secret(tokens.bearerToken);
  throw new Failure(EXIT.failed, 'X answered the login of the app without a token', ['try again later']);
}

const refused = (signal: Signal): Failure => refusedBy(signal, 'X gave no bearer token', { kind: 'app' });
