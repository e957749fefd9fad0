import { isatty } from 'node:tty';
import { EXIT, Failure, missing } from '../failure.ts';
import { effectiveFields } from '../profile/inherit.ts';
import type { Profile } from '../profile/profile.ts';
import { Editor } from '../vault/editor.ts';
import type { Vault } from '../vault/vault.ts';
import type { Outcome } from '../x/verdict.ts';
import type { Subject, Verification } from '../x/verification.ts';
import { columns } from './columns.ts';
import { inWords } from './field-words.ts';
import { accountText } from './profile-report.ts';
import { ProgressLine } from './progress.ts';
import { hint, print, warn } from './voice.ts';

/** How many profiles are asked about at the same time. */
const SIDE_BY_SIDE = 4;

/** Asks X about each of the profiles, and keeps in each the account that X told. */
export async function verifyProfiles(
  vault: Vault,
  profiles: readonly string[],
  { isOffline = false } = {},
): Promise<Verification[]> {
  const { Verifier } = await import('../x/verification.ts');
  const verifier = new Verifier();
  const subjects: Subject[] = [];
  // One after the other: opening the vault may ask for its passphrase.
  for (const name of profiles) {
    try {
      subjects.push(subjectOf(await vault.chain(name)));
    } catch (error) {
      if (profiles.length === 1 || !isOfOneProfile(error)) throw error;
      subjects.push({ name, values: new Map(), unreadable: error.message });
    }
  }
  if (isOffline) return subjects.map((subject) => verifier.offline(subject));
  const line = new ProgressLine(0, 0);
  let done = 0;
  const show = (): void => line.show(() => `verified ${done} of ${subjects.length} ...`);
  show();
  const verified = await sideBySide(subjects, async (subject) => {
    const verification = await verifier.online(subject);
    done += 1;
    show();
    return verification;
  }).finally(() => line.end());
  for (const [at, verification] of verified.entries())
    await keepAccount(vault, subjects[at] as Subject, verification);
  return verified;
}

/** Asks X about profiles and shows what it says. The exit code, by `leaveBy`, is for who asked. */
export async function verifyAloud(vault: Vault, profiles: readonly string[]): Promise<Verification[]> {
  const verifications = await verifyProfiles(vault, profiles);
  print(tableOf(verifications));
  for (const verification of verifications) await explain(verification);
  return verifications;
}

/** A damaged record is no reason to leave the others unverified; a locked vault concerns them all. */
function isOfOneProfile(error: unknown): error is Failure {
  return error instanceof Failure && error.exitCode === EXIT.failed;
}

function subjectOf(chain: readonly Profile[]): Subject {
  const [profile] = chain as [Profile];
  const values = new Map([...effectiveFields(chain)].map(([field, { secret }]) => [field, secret]));
  return { name: profile.name, values, account: profile.account, grant: profile.grant };
}

async function sideBySide<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results = new Array<R>(items.length);
  const queue = items.entries();
  const worker = async (): Promise<void> => {
    for (const [at, item] of queue) results[at] = await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(SIDE_BY_SIDE, items.length) }, worker));
  return results;
}

/** What X told is worth keeping, but not worth failing for. */
async function keepAccount(
  vault: Vault,
  { name, values, account: known }: Subject,
  { account, isProven }: Verification,
): Promise<void> {
  if (!isProven || !account || (known?.id === account.id && known.name === account.name)) return;
  try {
    const { fields } = await vault.read(name);
    for (const field of ['access_token', 'oauth2_access_token'] as const) {
      const [then, now] = [values.get(field), fields.get(field)?.secret];
      if (then ? !now?.equals(then) : now) return; // changed meanwhile: the answer was about another token
    }
    await new Editor(vault).update(name, { account });
  } catch (error) {
    warn(
      `${name}: the account was not stored: ${error instanceof Failure ? error.message : 'internal error'}`,
    );
  }
}

/** One line a profile; where that is too wide, what it has and its limits on lines of their own. */
export function tableOf(verifications: readonly Verification[], width = widthOfOutput()): string {
  const table = columns([HEAD, ...verifications.map((each) => [...headOf(each), ...detailsOf(each)])]);
  if (table.split('\n').every((line) => line.length <= width)) return table;
  const [head, ...lines] = columns([HEAD.slice(0, -2), ...verifications.map(headOf)]).split('\n');
  const detailed = verifications.map((each, at) => {
    const details = detailsOf(each).filter((text) => text !== '-');
    return [lines[at], ...details.map((text) => `    ${text}`)];
  });
  return `${[head, ...detailed.flat()].join('\n')}\n`;
}

/** What is read by a program, or kept in a file, is not cut. */
const widthOfOutput = (): number => (isatty(1) ? process.stdout.columns : Number.POSITIVE_INFINITY);

const HEAD = ['PROFILE', 'OUTCOME', 'ACCOUNT', 'ACCESS', 'CLOCK', 'CREDENTIALS', 'LIMITS'];

function headOf({ profile, outcome, account, access, skew }: Verification): string[] {
  const clock = skew === undefined || Math.abs(skew) <= 60 ? '-' : `${skew > 0 ? '+' : ''}${skew} s`;
  return [profile, outcome, accountText(account), access ?? '-', clock];
}

function detailsOf({ credentials, usage, rateLimit }: Verification): string[] {
  const posts = usage?.cap === undefined ? [] : [`${usage.used ?? '?'}/${usage.cap} posts`];
  const requests = rateLimit ? [`${rateLimit.remaining}/${rateLimit.limit} requests`] : [];
  return [statesText(credentials), [...posts, ...requests].join(', ') || '-'];
}

/** `api access bearer proven, client present` */
function statesText(credentials: Verification['credentials']): string {
  const fields = Object.entries(credentials);
  const states = [...new Set(fields.map(([, state]) => state))];
  const texts = states.map((state) => {
    const words = inWords(fields.filter(([, other]) => other === state).map(([field]) => field));
    return `${words.join(' ')} ${state}`;
  });
  return texts.join(', ') || '-';
}

/** Says what is odd and what went wrong, each with what to do about it. */
export async function explain(verification: Verification, isOffline = false): Promise<void> {
  const { profile, checks, warnings, credentials, outcome } = verification;
  for (const text of warnings) warn(`${profile}: ${text}`);
  const { clockWarning, SET_CLOCK } = await import('../x/verification.ts');
  const clock = clockWarning(verification);
  if (clock !== undefined) warn(`${profile}: ${clock}`);
  if (clock !== undefined && !checks.some((check) => check.hint === SET_CLOCK)) hint(SET_CLOCK);
  for (const { kind, message, hint: what } of checks) {
    if (message === undefined) continue;
    warn(`${profile}: ${NAMES[kind]}: ${message}`);
    if (what !== undefined) hint(what.replace('PROFILE', profile));
  }
  if (isOffline || checks.length > 0 || outcome === 'invalid' || !verification.isReadable) return;
  const held = Object.keys(credentials);
  warn(
    `${profile}: there is nothing to test${held.length === 0 ? '' : `: X has no question for ${held.join(', ')} alone`}`,
  );
  hint(`twvault show ${profile} lists what it has; twvault set ${profile} FIELD adds a value`);
}

const NAMES = {
  app: 'API key and secret',
  bearer: 'bearer token',
  oauth1: 'access token (OAuth 1.0a)',
  oauth2: 'OAuth 2.0 access token',
} as const;

const CODES: Readonly<Record<Outcome, number>> = {
  valid: EXIT.done,
  limited: EXIT.done,
  untested: EXIT.failed,
  invalid: EXIT.no,
};

/**
 * @throws Failure without a message, for the exit code alone: 5 where X rejects a credential or one is certainly wrong,
 * else 1 where one was not tested (which is no failure where nobody wanted to test: `isOffline`)
 */
export function leaveBy(verifications: readonly Verification[], isOffline = false): void {
  const codes = verifications.map(({ outcome, isReadable }) =>
    isOffline && isReadable && outcome === 'untested' ? EXIT.done : CODES[outcome],
  );
  const code = Math.max(0, ...codes);
  if (code !== EXIT.done) throw new Failure(code, '');
}

/** @throws Failure exit 4 where there is no profile at all */
export function checkSome(names: readonly string[]): void {
  if (names.length === 0) throw missing('there is no profile yet', ['add one: twvault add personal']);
}
