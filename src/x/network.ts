import { HttpsProxyAgent } from 'https-proxy-agent';
import { getProxyForUrl } from 'proxy-from-env';
import { failed } from '../failure.ts';

/** How long one attempt may take, from looking up the name to the last byte of the answer. */
export const ATTEMPT_MS = 10_000;

const X_ADDRESS = 'https://api.x.com';

/**
 * The agent for requests to X where HTTPS_PROXY (or ALL_PROXY) names a proxy that NO_PROXY does not except; undefined
 * where they go directly, with Node's own agent.
 * @param signal ends connecting to the proxy; Node does not tell an agent that its request was given up
 * @throws Failure exit 1 where the proxy's address cannot be used
 */
export function proxyAgent(signal?: AbortSignal): HttpsProxyAgent<string> | undefined {
  const address = getProxyForUrl(X_ADDRESS);
  if (address === '') return undefined;
  const { url, headers } = proxyOf(address);
  return new HttpsProxyAgent(url, { headers, rejectUnauthorized: true, ...(signal && { signal }) });
}

/** Whether requests to X go through a proxy. */
export const hasProxy = (): boolean => getProxyForUrl(X_ADDRESS) !== '';

/** Takes name and password out of the address, since the agent writes addresses to its debug log. */
function proxyOf(address: string): { url: string; headers: Record<string, string> } {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw failed('the proxy that HTTPS_PROXY or ALL_PROXY names cannot be used', [
      'its form is http://HOST:PORT or https://HOST:PORT',
    ]);
  }
  const login = [url.username, url.password].map(decoded).join(':');
  url.username = '';
  url.password = '';
  const headers: Record<string, string> =
    login === ':' ? {} : { 'Proxy-Authorization': `Basic ${Buffer.from(login).toString('base64')}` };
  return { url: url.href, headers };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
