import type * as Api from '../../types/index.d.ts';
import { choose, readCredentials } from './credentials.ts';

// What the npm package exports; types/index.d.ts describes it. Importing it does nothing else.

export const credentials: typeof Api.credentials = async (profile, options = {}) => {
  const found = await readCredentials(await choose(profile), milliseconds(options.minLife));
  return found as typeof found & Api.Credentials;
};

export const xClient: typeof Api.xClient = async (profile, options = {}) => {
  const chosen = await choose(profile);
  const minLife = milliseconds(options.minLife);
  const [{ clientFor }, found] = await Promise.all([
    import('./client.ts'),
    readCredentials(chosen, options.auth === undefined || options.auth === 'oauth2' ? minLife : 0),
  ]);
  return clientFor(chosen, found, options.auth, minLife);
};

const milliseconds = (seconds: number | undefined): number | undefined =>
  seconds === undefined ? undefined : seconds * 1000;
