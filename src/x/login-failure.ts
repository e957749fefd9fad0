import { EXIT, Failure, failed } from '../failure.ts';
import { OAuth2Error } from './oauth2.ts';
import type { Signal } from './signal.ts';
import { type Circumstances, judge } from './verdict.ts';

/**
 * A failure for what X answered: exit 5 where it refused, 1 where it could not be asked.
 * @param what what did not come about: `the login did not begin`
 */
export function refusedBy(signal: Signal, what: string, circumstances: Circumstances): Failure {
  const { outcome, message, hint } = judge(signal, circumstances);
  const code = outcome === 'untested' ? EXIT.failed : EXIT.no;
  return new Failure(code, `${what}: ${message ?? 'X refused'}`, hint === undefined ? [] : [hint]);
}

/** A failure for what the token endpoint of OAuth 2.0 answered to a code. */
export function codeRefused(error: unknown, isConfidential: boolean): unknown {
  if (!(error instanceof OAuth2Error)) return error;
  const { kind, code, status } = error;
  if (kind !== 'refused') {
    return failed(`the login was not finished: X could not be reached (${code})`, [
      'nothing was stored; run the command again',
    ]);
  }
  if (code === 'unauthorized_client' || code === 'invalid_client') {
    const text = isConfidential
      ? 'X did not accept the client id and secret'
      : 'X did not accept the app: a confidential one (Web App, Bot) needs its client_secret';
    return new Failure(EXIT.no, text, ['copy both from console.x.com: twvault set PROFILE client_secret']);
  }
  const hints = ['a code works once and for 30 seconds: run the command again'];
  return new Failure(EXIT.no, `X did not accept the code of the login (${code || `HTTP ${status}`})`, hints);
}
