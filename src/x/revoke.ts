import type { FieldName } from '../profile/fields.ts';
import type { Secret } from '../profile/secret.ts';
import { clientFor } from './client.ts';
import { type OAuth2Client, OAuth2Error, refreshTokens, revokeToken, type Tokens } from './oauth2.ts';
import { probe } from './probe.ts';
import { type Signal, signalOf } from './signal.ts';
import { judge, type ProofKind } from './verdict.ts';

/** What ends together. */
export type Revocable = 'oauth1' | 'oauth2_refresh_token' | 'oauth2_access_token' | 'bearer_token';

/** The fields of a profile that are removed with it. */
export const REVOKED_FIELDS: Readonly<Record<Revocable, readonly FieldName[]>> = {
  oauth1: ['access_token', 'access_token_secret'],
  // A refresh token makes new access tokens: it goes first.
  oauth2_refresh_token: ['oauth2_refresh_token'],
  oauth2_access_token: ['oauth2_access_token'],
  bearer_token: ['bearer_token'],
};

/** What came of it: X took no call with the token afterwards; still takes it; or did not say. */
export type Revocation =
  | { readonly outcome: 'ended' }
  | { readonly outcome: 'works'; readonly reason: string; readonly renewed?: Tokens }
  | { readonly outcome: 'untested'; readonly reason: string };

type Values = ReadonlyMap<FieldName, Secret>;

/**
 * Ends a token at X, and makes the call that must then fail. A token that had ended before counts as ended.
 * @param values the fields of the profile, its app's among them
 */
export async function revoke(what: Revocable, values: Values): Promise<Revocation> {
  switch (what) {
    case 'oauth1':
      return confirmed('oauth1', values, await attempt(() => endUserPair(values)));
    case 'bearer_token':
      return confirmed('bearer', values, await attempt(() => endBearer(values)));
    case 'oauth2_access_token':
      return confirmed('oauth2', values, await endOAuth2(what, values));
    case 'oauth2_refresh_token':
      return endRefreshToken(values);
  }
}

/** Why X did not do what it was asked for, or undefined where it says that it did. */
type Refusal = { readonly signal: Signal } | undefined;

async function attempt(work: () => Promise<unknown>): Promise<Refusal> {
  try {
    await work();
    return undefined;
  } catch (error) {
    return { signal: signalOf(error) };
  }
}

async function confirmed(kind: ProofKind, values: Values, refusal: Refusal): Promise<Revocation> {
  const probed = await probe(kind, values);
  if (!probed) return { outcome: 'untested', reason: 'the keys of its app are not at hand' };
  if ('answer' in probed) return { outcome: 'works', reason: reasonOf(kind, refusal) };
  const { signal } = probed;
  // 401 without 89 may also mean that something else is wrong: it counts where X said that it ended the token.
  const isEnded = signal.codes.includes(89) || (signal.status === 401 && (!refusal || kind !== 'oauth1'));
  if (isEnded) return { outcome: 'ended' };
  return { outcome: 'untested', reason: judge(signal, { kind }).message ?? 'X did not say' };
}

function reasonOf(kind: ProofKind, refusal: Refusal): string {
  if (!refusal) return 'X says that it was revoked, but still takes it';
  return `X did not revoke it: ${judge(refusal.signal, { kind }).message ?? 'no reason was given'}`;
}

async function endUserPair(values: Values): Promise<void> {
  const [key, secret, token, tokenSecret] = [
    values.get('api_key'),
    values.get('api_secret'),
    values.get('access_token'),
    values.get('access_token_secret'),
  ];
  if (!key || !secret || !token || !tokenSecret) return;
  await clientFor({ kind: 'oauth1', key, secret, token, tokenSecret }).v1.post('oauth/invalidate_token.json');
}

const INVALIDATE = 'https://api.x.com/oauth2/invalidate_token';

async function endBearer(values: Values): Promise<void> {
  const [key, secret, bearer] = [values.get('api_key'), values.get('api_secret'), values.get('bearer_token')];
  if (!key || !secret || !bearer) return;
  // X gives bearer tokens percent-encoded, and a form encodes once more.
  const form = { access_token: decoded(bearer.reveal()) };
  await clientFor({ kind: 'basic', key, secret }).post(INVALIDATE, form, { forceBodyMode: 'url' });
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const clientOf = (values: Values): OAuth2Client | undefined => {
  const id = values.get('client_id');
  return id && { id, secret: values.get('client_secret') };
};

async function endOAuth2(
  what: 'oauth2_access_token' | 'oauth2_refresh_token',
  values: Values,
): Promise<Refusal> {
  const [client, token] = [clientOf(values), values.get(what)];
  if (!client || !token) return { signal: { status: 0, codes: [], problem: 'no-client' } };
  try {
    await revokeToken(client, token, what === 'oauth2_access_token' ? 'access_token' : 'refresh_token');
    return undefined;
  } catch (error) {
    if (!(error instanceof OAuth2Error)) throw error;
    return { signal: ofOAuth2(error) };
  }
}

function ofOAuth2({ kind, status, code }: OAuth2Error): Signal {
  if (kind === 'refused') return { status, codes: [], problem: code };
  return { status: 0, codes: [], problem: '', network: 'other', networkCode: code };
}

/**
 * The only call that tells whether a refresh token works is a refresh. Where it should succeed after all, the new tokens
 * are handed back, so that the login is not lost.
 */
async function endRefreshToken(values: Values): Promise<Revocation> {
  const [client, token] = [clientOf(values), values.get('oauth2_refresh_token')];
  if (!client || !token) return { outcome: 'untested', reason: 'the client_id of its app is not at hand' };
  const refusal = await endOAuth2('oauth2_refresh_token', values);
  // Without X's word there is nothing to confirm, and a refresh would only make new tokens.
  if (refusal && refusal.signal.status !== 400) {
    const isKnown = refusal.signal.status > 0 && refusal.signal.status < 500;
    return { outcome: isKnown ? 'works' : 'untested', reason: reasonOf('oauth2', refusal) };
  }
  try {
    const renewed = await refreshTokens(client, token);
    return { outcome: 'works', reason: reasonOf('oauth2', refusal), renewed };
  } catch (error) {
    if (!(error instanceof OAuth2Error)) throw error;
    const isOver = error.kind === 'refused' && ['invalid_grant', 'invalid_request'].includes(error.code);
    if (isOver) return { outcome: 'ended' };
    return {
      outcome: 'untested',
      reason: judge(ofOAuth2(error), { kind: 'oauth2' }).message ?? 'X did not say',
    };
  }
}
