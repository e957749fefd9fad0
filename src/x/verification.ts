import type { FieldName } from '../profile/fields.ts';
import type { Account, Grant } from '../profile/profile.ts';
import type { Secret } from '../profile/secret.ts';
import { lookOffline, type OfflineReport } from './offline.ts';
import { type Answer, type Probed, probe } from './probe.ts';
import {
  isSkewed,
  judge,
  judgeAccess,
  type Outcome,
  PROOF_FIELDS,
  type ProofKind,
  SET_CLOCK,
  skewText,
  type Verdict,
  worst,
} from './verdict.ts';

/** What is verified: a profile's own and inherited values, and what it records of them. */
export interface Subject {
  readonly name: string;
  readonly values: ReadonlyMap<FieldName, Secret>;
  readonly account?: Account | undefined;
  readonly grant?: Grant | undefined;
  /** Why the profile could not be opened, where it could not. */
  readonly unreadable?: string;
}

/** One kind of credential, and what X says of it. */
interface Check extends Verdict {
  readonly kind: ProofKind;
  readonly fields: readonly FieldName[];
}

/** What is known of one value: `present` where there is no question that would prove it. */
type FieldState = 'proven' | 'rejected' | 'untested' | 'present';

/** What `verify` tells of a profile. It holds no value. */
export interface Verification extends Pick<Answer, 'access' | 'usage' | 'rateLimit' | 'skew'> {
  readonly profile: string;
  readonly outcome: Outcome;
  /** As X told it now, else as the profile or its access token says. */
  readonly account: Account | null;
  /** Whether X told the account just now. */
  readonly isProven: boolean;
  /** False where the profile could not be opened; the warnings say why. */
  readonly isReadable: boolean;
  readonly credentials: Partial<Record<FieldName, FieldState>>;
  readonly checks: readonly Check[];
  readonly warnings: readonly string[];
  readonly issued: OfflineReport['issued'];
  readonly expires?: string;
}

const KINDS: readonly ProofKind[] = ['app', 'bearer', 'oauth1', 'oauth2'];

/** Verifies profiles; what they share, the app's credentials, is asked for once. */
export class Verifier {
  readonly #known: { kind: ProofKind; secrets: readonly Secret[]; probed: Promise<Probed> }[] = [];

  /** What the values tell by themselves. */
  offline(subject: Subject): Verification {
    const report = lookOffline(subject.values, subject);
    return this.#told(subject, report, []);
  }

  /** Asks X. Never writes there, and never refreshes a token. */
  async online(subject: Subject): Promise<Verification> {
    const report = lookOffline(subject.values, subject);
    const results = await Promise.all(KINDS.map((kind) => this.#ask(kind, subject, report)));
    return this.#told(
      subject,
      report,
      results.filter((result) => result !== undefined),
    );
  }

  async #ask(kind: ProofKind, subject: Subject, report: OfflineReport): Promise<Result | undefined> {
    if (kind === 'oauth2' && isExpired(report)) return { kind, verdict: expired(subject) };
    const probed = await this.#probe(kind, subject.values);
    return probed && { kind, probed };
  }

  #probe(kind: ProofKind, values: Subject['values']): Promise<Probed> | undefined {
    if (kind === 'oauth1' || kind === 'oauth2') return probe(kind, values);
    const secrets = PROOF_FIELDS[kind].flatMap((field) => values.get(field) ?? []);
    const known = this.#known.find((other) => other.kind === kind && areSame(other.secrets, secrets));
    if (known) return known.probed;
    const probed = probe(kind, values);
    if (probed) this.#known.push({ kind, secrets, probed });
    return probed;
  }

  #told(subject: Subject, report: OfflineReport, results: readonly Result[]): Verification {
    const checks = checksOf(results);
    const answers = new Map(results.flatMap(({ kind, probed }) => answerOf(kind, probed)));
    const proven = answers.get('oauth1')?.account ?? answers.get('oauth2')?.account;
    const { accountId, issued, expires } = report;
    const known = subject.account ?? (accountId === undefined ? null : { id: accountId });
    return {
      profile: subject.name,
      outcome: checks.length > 0 ? worst(checks.map(({ outcome }) => outcome)) : withoutChecks(report),
      account: proven ?? known,
      isProven: proven !== undefined,
      isReadable: subject.unreadable === undefined,
      credentials: statesOf(subject.values, checks),
      ...facts(answers, results),
      checks,
      warnings: [
        ...(subject.unreadable === undefined ? [] : [subject.unreadable]),
        ...report.warnings,
        ...untestable(subject.values),
        ...strangeAccounts(subject, report, answers),
      ],
      issued,
      ...(expires === undefined ? {} : { expires }),
    };
  }
}

type Result = { readonly kind: ProofKind } & (
  | { readonly probed: Probed }
  | { readonly probed?: never; readonly verdict: Verdict }
);

const areSame = (left: readonly Secret[], right: readonly Secret[]): boolean =>
  left.length === right.length && left.every((secret, at) => secret.equals(right[at] as Secret));

const isExpired = ({ expires }: OfflineReport): boolean =>
  expires !== undefined && Date.parse(expires) <= Date.now();

/** An expired token is not sent: X's answer is known, and says nothing of the login that it came from. */
function expired({ name, values }: Subject): Verdict {
  const message = 'the OAuth 2.0 access token has expired';
  return values.has('oauth2_refresh_token')
    ? { outcome: 'untested', message, hint: `get a fresh one: twvault token ${name}` }
    : {
        outcome: 'invalid',
        message: `${message}, and there is no refresh token`,
        hint: `log in again: twvault login ${name} --oauth2`,
      };
}

function withoutChecks({ isWrong }: OfflineReport): Outcome {
  return isWrong ? 'invalid' : 'untested';
}

function answerOf(kind: ProofKind, probed: Probed | undefined): [ProofKind, Answer][] {
  return probed && 'answer' in probed ? [[kind, probed.answer]] : [];
}

function checksOf(results: readonly Result[]): Check[] {
  const asked = results.find(({ kind }) => kind === 'app');
  const app = asked && verdictOf(asked).outcome;
  return results.map((result) => {
    const { kind } = result;
    return { kind, fields: PROOF_FIELDS[kind], ...verdictOf(result, app) };
  });
}

function verdictOf(result: Result, app?: Outcome): Verdict {
  const { kind, probed } = result;
  if (!probed) return result.verdict;
  if ('signal' in probed) return judge(probed.signal, { kind, app });
  return kind === 'oauth1' ? judgeAccess(probed.answer.access) : { outcome: 'valid' };
}

/** A value is proven by any check that X let pass, though another that it is part of failed. */
function statesOf(values: Subject['values'], checks: readonly Check[]): Verification['credentials'] {
  return Object.fromEntries(
    [...values.keys()].map((field) => {
      const outcomes = checks.filter(({ fields }) => fields.includes(field)).map(({ outcome }) => outcome);
      return [field, stateOf(outcomes)];
    }),
  );
}

function stateOf(outcomes: readonly Outcome[]): FieldState {
  if (outcomes.length === 0) return 'present';
  if (outcomes.includes('valid') || outcomes.includes('limited')) return 'proven';
  return outcomes.includes('invalid') ? 'rejected' : 'untested';
}

function facts(
  answers: ReadonlyMap<ProofKind, Answer>,
  results: readonly Result[],
): Pick<Verification, 'access' | 'usage' | 'rateLimit' | 'skew'> {
  const access = answers.get('oauth1')?.access;
  const usage = answers.get('bearer')?.usage;
  const rateLimit = (answers.get('oauth1') ?? answers.get('oauth2') ?? answers.get('bearer'))?.rateLimit;
  const skews = results.flatMap(({ probed }) => {
    const skew = probed && ('answer' in probed ? probed.answer.skew : probed.signal.skew);
    return skew === undefined ? [] : [skew];
  });
  return {
    ...(access === undefined ? {} : { access }),
    ...(usage === undefined ? {} : { usage }),
    ...(rateLimit === undefined ? {} : { rateLimit }),
    ...(skews[0] === undefined ? {} : { skew: skews[0] }),
  };
}

/** Values that nothing can be asked about, since what they go with is missing. */
function untestable(values: Subject['values']): string[] {
  const lacking = (field: FieldName, others: readonly FieldName[]): string[] => {
    const missing = others.filter((other) => !values.has(other));
    if (!values.has(field) || missing.length === 0) return [];
    return [`${field} cannot be tested without ${missing.join(' and ')}`];
  };
  return [
    ...lacking('api_key', ['api_secret']),
    ...lacking('api_secret', ['api_key']),
    ...lacking('access_token', ['access_token_secret', 'api_key', 'api_secret']),
    ...lacking('access_token_secret', ['access_token']),
  ];
}

/** What X says of whose the credentials are, where it differs from what was believed. */
function strangeAccounts(
  { account, values }: Subject,
  { accountId }: OfflineReport,
  answers: ReadonlyMap<ProofKind, Answer>,
): string[] {
  const [first, second] = [answers.get('oauth1')?.account, answers.get('oauth2')?.account];
  const proven = first ?? second;
  const strange: string[] = [];
  if (first && second && first.id !== second.id)
    strange.push(
      `the OAuth 1.0a tokens are account ${first.id}'s, the OAuth 2.0 token is account ${second.id}'s`,
    );
  if (first && accountId !== undefined && first.id !== accountId)
    strange.push(`access_token begins with ${accountId}, but X says that it is account ${first.id}'s`);
  if (proven && account && account.id !== proven.id && values.size > 0)
    strange.push(
      `the profile was known as account ${account.id}, but X says that it is account ${proven.id}'s`,
    );
  return strange;
}

export { SET_CLOCK };

/** A clock that is off by more than a minute, in words; undefined where it is not. */
export function clockWarning({ skew }: Verification): string | undefined {
  return isSkewed(skew) ? `this machine's clock is ${skewText(skew)}` : undefined;
}
