import type { ITwitterApiClientPlugin, TwitterApi } from 'twitter-api-v2';
import { failed, missing, systemCode } from '../failure.ts';
import type { FieldName } from '../profile/fields.ts';
import { DEFAULT_MIN_LIFE_MS, isRenewable } from '../profile/grant.ts';
import { Secret } from '../profile/secret.ts';
import type { Chosen, StoredCredentials } from './credentials.ts';

export type Auth = 'oauth2' | 'oauth1' | 'bearer';

/** How long a request may take: commands ask for little, a program may send pictures. */
const LIMIT_MS = 30_000;

/** The client of a profile, with the installation of twitter-api-v2 that the program brings. @throws Failure */
export async function clientFor(
  chosen: Chosen,
  credentials: StoredCredentials,
  auth: Auth | undefined,
  minLife: number = DEFAULT_MIN_LIFE_MS,
): Promise<TwitterApi> {
  const x = await clients();
  const secret = (field: FieldName, what: string): Secret =>
    new Secret(credentials.field(field) ?? absent(chosen, what));
  switch (auth ?? (await bestOf(chosen, credentials))) {
    case 'oauth2': {
      const token = secret('oauth2_access_token', 'OAuth 2.0 login');
      const plugins = [await refreshing(chosen, minLife)];
      return x.clientFor({ kind: 'bearer', token }, { limit: LIMIT_MS, plugins });
    }
    case 'oauth1': {
      const what = 'complete set of OAuth 1.0a keys';
      const [key, keySecret] = [secret('api_key', what), secret('api_secret', what)];
      const [token, tokenSecret] = [secret('access_token', what), secret('access_token_secret', what)];
      return x.clientFor({ kind: 'oauth1', key, secret: keySecret, token, tokenSecret }, { limit: LIMIT_MS });
    }
    case 'bearer':
      return x.clientFor(
        { kind: 'bearer', token: secret('bearer_token', 'bearer token') },
        { limit: LIMIT_MS },
      );
  }
}

async function clients(): Promise<typeof import('../x/client.ts')> {
  try {
    return await import('../x/client.ts');
  } catch (error) {
    if (!['MODULE_NOT_FOUND', 'ERR_MODULE_NOT_FOUND'].includes(systemCode(error))) throw error;
    throw failed('xClient needs the package twitter-api-v2', ['install it: npm install twitter-api-v2']);
  }
}

async function bestOf({ vault, name }: Chosen, credentials: StoredCredentials): Promise<Auth> {
  if (isRenewable(await vault.read(name)) || credentials.field('oauth2_access_token') !== undefined)
    return 'oauth2';
  return credentials.field('access_token') === undefined ? 'bearer' : 'oauth1';
}

/** Gives each request a token that lives. A stream keeps the one that it began with. */
async function refreshing({ vault, name }: Chosen, minLife: number): Promise<ITwitterApiClientPlugin> {
  const { freshProfile } = await import('../x/authority.ts');
  const token = async () => {
    const profile = await vault.read(name);
    const fresh = isRenewable(profile) ? (await freshProfile(vault, name, minLife)).profile : profile;
    return fresh.fields.get('oauth2_access_token')?.secret.reveal();
  };
  let running: Promise<string | undefined> | undefined;
  return {
    async onBeforeRequest({ requestOptions }) {
      running ??= token().finally(() => {
        running = undefined;
      });
      Object.assign(requestOptions.headers ?? {}, { Authorization: `Bearer ${await running}` });
    },
  };
}

function absent({ name }: Chosen, what: string): never {
  throw missing(`${name} has no ${what}`, [`twvault show ${name} lists what it has`]);
}
