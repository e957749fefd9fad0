import { randomInt } from 'node:crypto';

const ALPHANUMERIC = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

const alphanumeric = (length) =>
  Array.from({ length }, () => ALPHANUMERIC[randomInt(ALPHANUMERIC.length)]).join('');

/** Made-up keys of an app, shaped like X's. */
export function generatedApp() {
  return { api_key: alphanumeric(25), api_secret: alphanumeric(50) };
}

/** A made-up account, and the keys that let the app post for it. */
export function generatedAccount(username, app) {
  const id = String(randomInt(1e8, 1e9));
  const access = { access_token: `${id}-${alphanumeric(40)}`, access_token_secret: alphanumeric(45) };
  return { id, username, ...app, ...access };
}

/** The file that every tutorial has people make. */
export function tutorialFile(keys) {
  const names = {
    api_key: 'CONSUMER_KEY',
    api_secret: 'CONSUMER_SECRET',
    access_token: 'ACCESS_TOKEN',
    access_token_secret: 'ACCESS_TOKEN_SECRET',
  };
  const lines = Object.entries(names)
    .filter(([field]) => field in keys)
    .map(([field, name]) => `${name} = "${keys[field]}"\n`);
  return `# Twitter API credentials\n${lines.join('')}`;
}

/** The values of an account that nobody else may see. */
export function secretsOf({ api_key, api_secret, access_token, access_token_secret }) {
  return [api_key, api_secret, access_token, access_token_secret];
}
