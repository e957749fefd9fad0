/** Do not commit!! */
export const TWITTER_API_KEY: string = '@@api_key:a@@';
export const TWITTER_API_SECRET = '@@api_secret:a@@' as const;
export const TWITTER_ACCESS_TOKEN = '@@access_token:a@@' as string, TWITTER_ACCESS_TOKEN_SECRET = '@@access_token_secret:a@@';
export const SENTRY_DSN = 'https://@@other_secret:sentry@@@o1.ingest.example.org/2';
export const ANTHROPIC_API_KEY = '@@other_secret:anthropic@@';
