import { EXIT, Failure, failed, missing } from '../failure.ts';
import type { Profile } from '../profile/profile.ts';
import type { OAuth2Client, OAuth2Error } from './oauth2.ts';

/** X says `invalid_grant`, or `invalid_request` (status 400), of a refresh token that it does not know any more. */
export function isOver(error: OAuth2Error): boolean {
  return error.kind === 'refused' && ['invalid_grant', 'invalid_request'].includes(error.code);
}

export interface Circumstances {
  readonly name: string;
  readonly client: OAuth2Client;
  /** Whether an earlier request got no answer, so that X may have done what it asked for. */
  readonly wasUnanswered: boolean;
}

/** What to say where a login could not be renewed: which of the known causes it was, and whether anything is lost. */
export function refreshFailure(error: OAuth2Error, { name, client, wasUnanswered }: Circumstances): Failure {
  const again = `log in again: twvault login ${name} --oauth2`;
  if (isOver(error) && wasUnanswered) {
    return new Failure(EXIT.no, `the login of ${name} was renewed at X, but X's answer was lost on the way`, [
      again,
    ]);
  }
  if (isOver(error)) {
    return new Failure(EXIT.no, `X no longer accepts the login of ${name}`, [
      'a refresh token works once: another program with a copy of it (xurl, a second vault, an old backup) may have used it',
      'or twvault itself, where the answer of X was lost on the way or a kill came before it was stored',
      'or the login was revoked at X, or the client_id is not of the app that it was made with',
      again,
    ]);
  }
  if (['unauthorized_client', 'invalid_client'].includes(error.code)) {
    const text = client.secret
      ? `X did not accept client_id and client_secret of ${name}`
      : `X did not accept the app of ${name}: a confidential app needs its client_secret`;
    return new Failure(EXIT.no, text, [
      `nothing was lost; correct it: twvault set ${name} client_secret`,
      'an app whose console says Native App or Single page App has none: twvault unset it',
    ]);
  }
  return trouble(error, name, wasUnanswered);
}

function trouble({ kind, status, code }: OAuth2Error, name: string, wasUnanswered: boolean): Failure {
  const reason = {
    refused: `X answered ${status}`,
    unsent: `X could not be reached: ${code}`,
    unanswered: `the request was sent, but X's answer did not arrive: ${code}`,
  }[kind];
  const hints = wasUnanswered
    ? [
        'X may have renewed it or not: what is stored is kept, so try again',
        `if X then no longer accepts it, its answer is lost: twvault login ${name} --oauth2`,
      ]
    : ['nothing was lost: try again'];
  return failed(`the login of ${name} could not be renewed (${reason})`, hints);
}

/** What to say of a profile whose login cannot be renewed because it has none. */
export function noLogin({ name, fields }: Profile): Failure {
  const text = fields.has('oauth2_access_token')
    ? `${name} has an OAuth 2.0 access token but no refresh token`
    : `${name} has no OAuth 2.0 login`;
  return missing(text, [`log in: twvault login ${name} --oauth2`]);
}
