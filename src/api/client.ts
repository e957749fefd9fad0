import type { ITwitterApiClientPlugin, TwitterApi } from 'twitter-api-v2';
import { failed, missing, systemCode } from '../failure.ts';
import { DEFAULT_MIN_LIFE_MS, isRenewable } from '../profile/grant.ts';
import type { Chosen, StoredCredentials } from './credentials.ts';

export type Auth = 'oauth2' | 'oauth1' | 'bearer';

/** The client of a profile, with the installation of twitter-api-v2 that the program brings. @throws Failure */
export async function clientFor(
  chosen: Chosen,
  credentials: StoredCredentials,
  auth: Auth | undefined,
  minLife: number = DEFAULT_MIN_LIFE_MS,
): Promise<TwitterApi> {
  const { TwitterApi } = await library();
  const value = (name: Parameters<StoredCredentials['field']>[0]) => credentials.field(name) ?? '';
  switch (auth ?? (await bestOf(chosen, credentials))) {
    case 'oauth2': {
      const plugins = [await refreshing(chosen, minLife)];
      return new TwitterApi(value('oauth2_access_token') || absent(chosen, 'OAuth 2.0 login'), { plugins });
    }
    case 'oauth1': {
      const keys = {
        appKey: value('api_key'),
        appSecret: value('api_secret'),
        accessToken: value('access_token'),
        accessSecret: value('access_token_secret'),
      };
      if (Object.values(keys).includes('')) absent(chosen, 'complete set of OAuth 1.0a keys');
      return new TwitterApi(keys);
    }
    case 'bearer':
      return new TwitterApi(value('bearer_token') || absent(chosen, 'bearer token'));
  }
}

async function library(): Promise<typeof import('twitter-api-v2')> {
  try {
    return await import('twitter-api-v2');
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
