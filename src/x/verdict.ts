import type { FieldName } from '../profile/fields.ts';
import type { Signal } from './signal.ts';

/** What is known of a credential: X took it; took it and refuses some use; refused it; was not asked or said nothing. */
export type Outcome = 'valid' | 'limited' | 'invalid' | 'untested';

/** An outcome, why, and what to do about it. Neither text holds a value. */
export interface Verdict {
  readonly outcome: Outcome;
  readonly message?: string;
  readonly hint?: string;
}

/** What is proven together: the fields of one kind of authentication. */
export type ProofKind = 'app' | 'bearer' | 'oauth1' | 'oauth2';

export const PROOF_FIELDS: Readonly<Record<ProofKind, readonly FieldName[]>> = {
  app: ['api_key', 'api_secret'],
  bearer: ['bearer_token'],
  oauth1: ['api_key', 'api_secret', 'access_token', 'access_token_secret'],
  oauth2: ['oauth2_access_token'],
};

/** What else counts for a verdict. */
export interface Circumstances {
  readonly kind: ProofKind;
  /** What X said of the API key and secret by themselves; undefined where it was not asked. */
  readonly app?: Outcome | undefined;
}

interface Row {
  readonly when: (signal: Signal, circumstances: Circumstances) => boolean;
  readonly outcome: Outcome;
  readonly message: string | ((signal: Signal, circumstances: Circumstances) => string);
  readonly hint: string | ((signal: Signal, circumstances: Circumstances) => string);
}

/** More than any honest difference between two clocks that are kept right. */
const MOST_SKEW_SECONDS = 60;
const CONSOLE = 'console.x.com';

export const SET_CLOCK =
  'set the clock (timedatectl set-ntp true, or the settings of the system) and verify again';

/** Whether this machine's clock is so far off that signatures may be refused for it. */
export const isSkewed = (skew: number | undefined): skew is number =>
  skew !== undefined && Math.abs(skew) > MOST_SKEW_SECONDS;

/** `5 s ahead of X's`, `90 s behind X's` */
export const skewText = (skew: number): string =>
  `${Math.abs(skew)} s ${skew > 0 ? 'ahead of' : 'behind'} X's`;

const has =
  (...codes: number[]) =>
  (signal: Signal): boolean =>
    signal.codes.some((code) => codes.includes(code));
const isProblem =
  (pattern: RegExp) =>
  ({ problem }: Signal): boolean =>
    pattern.test(problem);
const hasStatus =
  (status: number) =>
  (signal: Signal): boolean =>
    signal.status === status;

/** The first row that fits speaks. Codes come before problems, and those before bare statuses. */
const ROWS: readonly Row[] = [
  {
    when: ({ network }) => network !== undefined,
    outcome: 'untested',
    message: networkText,
    hint: networkHint,
  },
  {
    when: ({ status }) => status >= 500,
    outcome: 'untested',
    message: ({ status }) => `X is in trouble (HTTP ${status}): the credentials were not tested`,
    hint: 'try again later',
  },
  {
    when: (signal) => signal.status === 429 || signal.status === 420 || has(88)(signal),
    outcome: 'untested',
    message: ({ reset }) =>
      reset === undefined
        ? 'not checked: X has answered too many requests of this app or account for now'
        : `not checked: the rate limit resets at ${clockTime(reset)}`,
    hint: 'try again after that; the credentials were not refused',
  },
  {
    when: (signal) => has(135)(signal) || (signal.status === 401 && isSkewed(signal.skew)),
    outcome: 'untested',
    message: ({ skew }) =>
      isSkewed(skew)
        ? `this machine's clock is ${skewText(skew)}, so X takes no signature from it`
        : "X says that this machine's clock is off, and takes no signature from it",
    hint: SET_CLOCK,
  },
  {
    when: has(64),
    outcome: 'limited',
    message: 'the account is suspended',
    hint: 'the person whose account it is can appeal at help.x.com',
  },
  {
    when: has(326),
    outcome: 'limited',
    message: 'the account is locked for now',
    hint: 'log in to x.com with that account and do what it asks for',
  },
  {
    when: has(416),
    outcome: 'limited',
    message: 'the developer app is suspended',
    hint: `look for the reason in ${CONSOLE}`,
  },
  {
    when: has(415),
    outcome: 'limited',
    message: 'the callback address is not registered for the app',
    hint: `add it, letter for letter, under the app's authentication settings in ${CONSOLE}`,
  },
  {
    when: has(417),
    outcome: 'limited',
    message: 'the app does not allow logins by PIN (oob)',
    hint: `set any callback address under the app's authentication settings in ${CONSOLE}`,
  },
  {
    when: has(89),
    outcome: 'invalid',
    message: (_, { kind }) =>
      kind === 'bearer'
        ? 'the bearer token was revoked or regenerated'
        : 'the access token was revoked or regenerated',
    hint: (_, { kind }) =>
      kind === 'bearer'
        ? `copy the present one from ${CONSOLE}`
        : `authorise the app again, or generate a new access token and secret in ${CONSOLE}`,
  },
  {
    when: (signal, { kind }) =>
      has(99)(signal) || (kind === 'app' && [401, 403].includes(signal.status) && signal.problem === ''),
    outcome: 'invalid',
    message: 'the API key or its secret is wrong',
    hint: `copy both anew from ${CONSOLE}; showing them again needs regenerating`,
  },
  {
    when: (signal, { app }) => has(32)(signal) && app === 'invalid',
    outcome: 'untested',
    message: 'it cannot be tested with a wrong API key or secret',
    hint: 'verify again once those are right',
  },
  {
    when: has(32),
    outcome: 'invalid',
    message: (_, { app }) =>
      app === 'valid'
        ? 'the signature was rejected, although X takes the API key and secret: the access token or its secret is wrong or from another app'
        : 'the signature was rejected: one of the four is wrong or from another app',
    hint: (_, { app }) =>
      app === 'valid'
        ? `regenerate the access token and secret in ${CONSOLE}`
        : `copy all four anew from one app in ${CONSOLE}`,
  },
  {
    when: has(261),
    outcome: 'limited',
    message: 'read-only: the app may not write',
    hint: readWriteHint(),
  },
  {
    when: isProblem(/oauth1-permissions/),
    outcome: 'limited',
    message: "read-only: the app's permissions do not allow this",
    hint: readWriteHint(),
  },
  {
    when: has(215),
    outcome: 'invalid',
    message: 'the authentication data is missing or malformed',
    hint: 'compare the shapes: twvault verify --offline',
  },
  {
    when: isProblem(/client-not-enrolled/),
    outcome: 'limited',
    message: 'the keys are valid, but the app is not attached to a project or package',
    hint: `attach it in ${CONSOLE}`,
  },
  {
    when: has(453),
    outcome: 'limited',
    message: "X knows the credentials, but the app's plan lacks this endpoint",
    hint: `the plan is shown in ${CONSOLE}`,
  },
  {
    when: isProblem(/unsupported-authentication/),
    outcome: 'limited',
    message: "this is an app's bearer token where a user's token is needed",
    hint: 'log the user in for a token: twvault login PROFILE --oauth2',
  },
  {
    when: hasStatus(402),
    outcome: 'limited',
    message: 'X took the credentials, but the developer account is out of credits',
    hint: `add credits in ${CONSOLE}`,
  },
  {
    when: isProblem(/^(unauthorized|invalid)_client$/),
    outcome: 'invalid',
    message:
      'X does not know this OAuth 2.0 client: for a confidential app the client secret is missing or wrong',
    hint: `copy client id and secret from ${CONSOLE}: twvault set PROFILE client_secret`,
  },
  {
    when: isProblem(/^invalid-character$/),
    outcome: 'invalid',
    message: 'the value has characters in it that no token has',
    hint: `copy it anew from ${CONSOLE}`,
  },
  {
    when: hasStatus(401),
    outcome: 'invalid',
    message: (_, { kind }) =>
      kind === 'oauth1'
        ? 'X does not accept the authentication: something is missing, malformed or no longer valid'
        : 'X does not accept the token: it is malformed, expired or revoked',
    hint: (_, { kind }) =>
      kind === 'oauth2' ? 'get a fresh one: twvault token PROFILE' : `copy it anew from ${CONSOLE}`,
  },
  {
    when: hasStatus(403),
    outcome: 'limited',
    message: 'X seems to know the credentials, but forbids this request (HTTP 403)',
    hint: `look at the app's permissions and plan in ${CONSOLE}`,
  },
  {
    when: isProblem(/^no-account$/),
    outcome: 'untested',
    message: 'X answered without saying whose credentials they are',
    hint: 'try again later',
  },
  {
    when: isProblem(/^no-token$/),
    outcome: 'untested',
    message: 'X answered the login of the app without a token',
    hint: 'try again later',
  },
];

/** What a refused or failed probe says of the credential. */
export function judge(signal: Signal, circumstances: Circumstances): Verdict {
  const row = ROWS.find(({ when }) => when(signal, circumstances));
  if (!row) {
    return {
      outcome: 'untested',
      message: `X answered in an unexpected way (HTTP ${signal.status}), which says nothing of the credentials`,
      hint: 'try again later',
    };
  }
  const told = (text: Row['message']): string =>
    typeof text === 'string' ? text : text(signal, circumstances);
  return { outcome: row.outcome, message: told(row.message), hint: told(row.hint) };
}

/** What an access level by itself says of a user's OAuth 1.0a tokens. */
export function judgeAccess(access: string | undefined): Verdict {
  if (access !== 'read') return { outcome: 'valid' };
  return { outcome: 'limited', message: 'read-only: these tokens cannot post', hint: readWriteHint() };
}

/** From the worst to the best, as exit codes rank them. */
const RANKS: readonly Outcome[] = ['invalid', 'untested', 'limited', 'valid'];

/** The worst of several outcomes: invalid, then untested, then limited. */
export function worst(outcomes: readonly Outcome[]): Outcome {
  return RANKS.find((rank) => outcomes.includes(rank)) ?? 'untested';
}

function readWriteHint(): string {
  return `set the app's permissions to Read and write in ${CONSOLE}, then regenerate the access token and secret`;
}

function networkText({ network, networkCode, isProxied }: Signal): string {
  const end = 'the credentials were not tested';
  switch (network) {
    case 'timeout':
      return `X${isProxied ? ' or the proxy' : ''} did not answer in time: ${end}`;
    case 'tls':
      return `the certificate of api.x.com cannot be trusted here (${networkCode}): ${end}`;
    case 'name':
      return `the network does not find ${isProxied ? 'the proxy' : 'api.x.com'} (${networkCode}): ${end}`;
    case 'refused':
      return `the connection to ${isProxied ? 'the proxy' : 'api.x.com'} was refused (${networkCode}): ${end}`;
    default:
      return `the connection${isProxied ? ' through the proxy' : ''} failed${networkCode ? ` (${networkCode})` : ''}: ${end}`;
  }
}

function networkHint({ network, isProxied }: Signal): string {
  return network === 'tls'
    ? 'something reads along or the clock is off; if it is a proxy of yours, set NODE_EXTRA_CA_CERTS to its certificate'
    : isProxied
      ? 'check HTTPS_PROXY and the network; NO_PROXY=api.x.com goes round the proxy'
      : 'check the network; behind a proxy set HTTPS_PROXY';
}

/** HH:MM in this machine's time zone. */
function clockTime(time: number): string {
  const date = new Date(time);
  return [date.getHours(), date.getMinutes()].map((part) => String(part).padStart(2, '0')).join(':');
}
