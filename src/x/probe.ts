import type { FieldName } from '../profile/fields.ts';
import type { Account } from '../profile/profile.ts';
import type { Secret } from '../profile/secret.ts';
import { type Credentials, clientFor } from './client.ts';
import { type Signal, signalOf, skewOf } from './signal.ts';
import type { Headers } from './transport.ts';
import type { ProofKind } from './verdict.ts';

/** How much of the plan's posts for this month is used. */
interface Usage {
  readonly cap?: number;
  readonly used?: number;
  readonly resetDay?: number;
}

/** How many more requests X takes from the endpoint that was asked. */
interface RateLimit {
  readonly limit: number;
  readonly remaining: number;
}

/** What X answered to one probe. */
export interface Answer {
  readonly account?: Account;
  /** `read`, `read-write` or `read-write-directmessages` */
  readonly access?: string;
  readonly usage?: Usage;
  readonly rateLimit?: RateLimit;
  /** How far this machine's clock is ahead of X's, in seconds. */
  readonly skew?: number;
}

export type Probed = { readonly answer: Answer } | { readonly signal: Signal };

type Probe = (values: ReadonlyMap<FieldName, Secret>) => Promise<Answer> | undefined;

/**
 * The question that proves each kind of credential: none writes to X or refreshes a token. Undefined where a value for it
 * is missing.
 */
const PROBES: Readonly<Record<ProofKind, Probe>> = {
  app: (values) => {
    const [key, secret] = [values.get('api_key'), values.get('api_secret')];
    return key && secret && logInApp({ kind: 'app', key, secret });
  },
  bearer: (values) => {
    const token = values.get('bearer_token');
    return token && readUsage({ kind: 'bearer', token });
  },
  oauth1: (values) => {
    const [key, secret] = [values.get('api_key'), values.get('api_secret')];
    const [token, tokenSecret] = [values.get('access_token'), values.get('access_token_secret')];
    return key && secret && token && tokenSecret
      ? verifyUser({ kind: 'oauth1', key, secret, token, tokenSecret })
      : undefined;
  },
  oauth2: (values) => {
    const token = values.get('oauth2_access_token');
    return token && readUser({ kind: 'bearer', token });
  },
};

/** Asks X about one kind of credential; undefined where the profile lacks a value for it. */
export function probe(kind: ProofKind, values: ReadonlyMap<FieldName, Secret>): Promise<Probed> | undefined {
  return PROBES[kind](values)?.then(
    (answer) => ({ answer }),
    (error: unknown) => ({ signal: error instanceof Unproven ? error.signal : signalOf(error) }),
  );
}

/** X said yes, but not what was asked. */
class Unproven extends Error {
  readonly signal: Signal;

  constructor(problem: string) {
    super(problem);
    this.signal = { status: 200, codes: [], problem };
  }
}

async function logInApp(credentials: Credentials): Promise<Answer> {
  let headers: Headers | undefined;
  const client = clientFor(credentials, {
    observe: (seen) => {
      headers = seen;
    },
  });
  const app = await client.appLogin();
  if (app.getActiveTokens().type !== 'oauth2') throw new Unproven('no-token');
  return fromHeaders(headers);
}

async function readUsage(credentials: Credentials): Promise<Answer> {
  const { data, headers, rateLimit } = await clientFor(credentials).v2.get<UsageBody>(
    'usage/tweets',
    { 'usage.fields': 'cap_reset_day,project_cap,project_usage' },
    { fullResponse: true },
  );
  const { project_cap: cap, project_usage: used, cap_reset_day: resetDay } = data?.data ?? {};
  const usage = { ...number('cap', cap), ...number('used', used), ...number('resetDay', resetDay) };
  return { ...fromHeaders(headers, rateLimit), ...(Object.keys(usage).length > 0 ? { usage } : {}) };
}

interface UsageBody {
  readonly data?: {
    readonly project_cap?: unknown;
    readonly project_usage?: unknown;
    readonly cap_reset_day?: unknown;
  };
}

/** v1.1 tells the permission too, but not every plan has it: then v2 is asked. */
async function verifyUser(credentials: Credentials): Promise<Answer> {
  try {
    const { data, headers, rateLimit } = await clientFor(credentials).v1.get<V1User>(
      'account/verify_credentials.json',
      {},
      { fullResponse: true },
    );
    return { account: accountOf(data?.id_str, data?.screen_name), ...fromHeaders(headers, rateLimit) };
  } catch (error) {
    if (error instanceof Unproven || !isElsewhere(signalOf(error))) throw error;
    return readUser(credentials);
  }
}

/** Whether v1.1 lacks the endpoint for this app, and says nothing of account or app that v2 would say again. */
function isElsewhere({ status, codes, problem }: Signal): boolean {
  if (status !== 403 && status !== 404) return false;
  return codes.every((code) => code === 453 || code === 34) && /^(about:blank)?$/.test(problem);
}

interface V1User {
  readonly id_str?: unknown;
  readonly screen_name?: unknown;
}

async function readUser(credentials: Credentials): Promise<Answer> {
  const { data, headers, rateLimit } = await clientFor(credentials).v2.get<V2User>(
    'users/me',
    {},
    { fullResponse: true },
  );
  return { account: accountOf(data?.data?.id, data?.data?.username), ...fromHeaders(headers, rateLimit) };
}

interface V2User {
  readonly data?: { readonly id?: unknown; readonly username?: unknown };
}

/** v2 may answer 200 with errors and no user. What is no id or name of X is not taken for one. */
function accountOf(id: unknown, name: unknown): Account {
  if (typeof id !== 'string' || !/^\d{1,20}$/.test(id)) throw new Unproven('no-account');
  return { id, ...(typeof name === 'string' && /^\w{1,50}$/.test(name) ? { name } : {}) };
}

const LEVELS = new Set(['read', 'read-write', 'read-write-directmessages']);

function fromHeaders(headers: Headers | undefined, rateLimit?: RateLimit): Answer {
  const access = String(headers?.['x-access-level'] ?? '');
  const skew = skewOf(headers);
  return {
    ...(LEVELS.has(access) ? { access } : {}),
    ...(skew === undefined ? {} : { skew }),
    ...(rateLimit ? { rateLimit: { limit: rateLimit.limit, remaining: rateLimit.remaining } } : {}),
  };
}

/** X gives numbers as texts. */
function number<Name extends string>(name: Name, value: unknown): Partial<Record<Name, number>> {
  const read = value === undefined || value === '' ? Number.NaN : Number(value);
  return Number.isFinite(read) ? ({ [name]: read } as Partial<Record<Name, number>>) : {};
}
