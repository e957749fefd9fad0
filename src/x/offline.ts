import { FIELDS, type FieldName } from '../profile/fields.ts';
import { TOKEN_LIFE_MS } from '../profile/grant.ts';
import { isClientId, type OAuth2Token, oauth2Token } from '../profile/oauth2-value.ts';
import { type Account, type Grant, timestampAt } from '../profile/profile.ts';
import type { Secret } from '../profile/secret.ts';
import { accountIdOf, isSwapped, shapeWarnings } from '../profile/shape.ts';

/** What the values tell without asking X. */
export interface OfflineReport {
  /** Oddities, in words. */
  readonly warnings: readonly string[];
  /** Whether one of them is a mistake for certain, where the others are only unusual. */
  readonly isWrong: boolean;
  /** The numeric user id that the access token begins with. */
  readonly accountId?: string;
  /** When each OAuth 2.0 token was issued (ISO 8601, UTC). */
  readonly issued: Partial<Record<FieldName, string>>;
  /** When the OAuth 2.0 access token ends or ended (ISO 8601, UTC). */
  readonly expires?: string;
}

interface Known {
  readonly account?: Account | undefined;
  readonly grant?: Grant | undefined;
}

/** Looks at the shapes of the values, and at what some of them say about themselves. */
export function lookOffline(
  values: ReadonlyMap<FieldName, Secret>,
  { account, grant }: Known,
): OfflineReport {
  const tokens = oauth2Tokens(values);
  const token = values.get('access_token');
  const accountId = token && accountIdOf(token);
  const wrongKinds = tokens.flatMap(({ field, kind }) => wrongKind(field, kind));
  const otherAccount =
    account !== undefined && accountId !== undefined && account.id !== accountId
      ? [`access_token belongs to account ${accountId}, but the profile is known as account ${account.id}`]
      : [];
  const expires = grant?.expires ?? expiryOf(tokens);
  return {
    warnings: [...shapeWarnings(values), ...wrongKinds, ...otherAccount],
    isWrong: wrongKinds.length + otherAccount.length > 0 || isMisplaced(values),
    ...(accountId === undefined ? {} : { accountId }),
    issued: Object.fromEntries(tokens.map(({ field, issued }) => [field, timestampAt(issued)])),
    ...(expires === undefined ? {} : { expires }),
  };
}

/** A value that stands where another belongs. */
function isMisplaced(values: ReadonlyMap<FieldName, Secret>): boolean {
  return FIELDS.some(({ name, partner }) => {
    const value = values.get(name);
    if (value && name !== 'client_id' && isClientId(value.reveal())) return true;
    return partner !== undefined && isSwapped(name, partner, values);
  });
}

/** A token and the field that it stands in. */
type Held = OAuth2Token & { readonly field: FieldName };

const KINDS = { at: 'access token', rt: 'refresh token', ac: 'authorization code' } as const;
const EXPECTED: Partial<Record<FieldName, OAuth2Token['kind']>> = {
  oauth2_access_token: 'at',
  oauth2_refresh_token: 'rt',
};

function oauth2Tokens(values: ReadonlyMap<FieldName, Secret>): Held[] {
  return [...values].flatMap(([field, secret]) => {
    const token = oauth2Token(secret.reveal());
    return token ? [{ field, ...token }] : [];
  });
}

function wrongKind(field: FieldName, kind: OAuth2Token['kind']): string[] {
  return EXPECTED[field] === kind ? [] : [`${field} holds an OAuth 2.0 ${KINDS[kind]}`];
}

function expiryOf(tokens: readonly Held[]): string | undefined {
  const access = tokens.find(({ field, kind }) => field === 'oauth2_access_token' && kind === 'at');
  return access && timestampAt(access.issued + TOKEN_LIFE_MS);
}
