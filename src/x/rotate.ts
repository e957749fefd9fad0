import type { FieldName } from '../profile/fields.ts';
import type { Account } from '../profile/profile.ts';
import type { Secret } from '../profile/secret.ts';
import { bearerFor } from './login-app.ts';
import { type Probed, probe } from './probe.ts';
import { judge, type Outcome, type ProofKind, type Verdict } from './verdict.ts';

type Values = ReadonlyMap<FieldName, Secret>;

/** What X says of one kind of credential, and whose it is. */
export interface Proof extends Verdict {
  readonly account?: Account;
}

/** Whether X takes the credentials, if not for every use. */
export const isProven = ({ outcome }: Verdict): boolean => outcome === 'valid' || outcome === 'limited';

/** What X says of an API key and its secret. */
export const proveApp = (values: Values): Promise<Proof> => prove('app', values);

/** What X says of the four together, once it took the API key and secret by themselves. */
export const proveUser = (values: Values): Promise<Proof> => prove('oauth1', values, 'valid');

async function prove(kind: ProofKind, values: Values, app?: Outcome): Promise<Proof> {
  const probed: Probed | undefined = await probe(kind, values);
  if (!probed) return { outcome: 'untested', message: 'a value is missing' };
  if ('signal' in probed) return judge(probed.signal, { kind, app });
  const { account } = probed.answer;
  return { outcome: 'valid', ...(account ? { account } : {}) };
}

/**
 * The bearer token of a new API key and secret.
 * @throws Failure like `bearerFor`
 */
export async function newBearer(values: Values): Promise<Secret | undefined> {
  const [key, secret] = [values.get('api_key'), values.get('api_secret')];
  return key && secret && bearerFor({ key, secret });
}
