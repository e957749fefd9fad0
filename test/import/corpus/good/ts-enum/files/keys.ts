// The app
export enum Keys {
  ConsumerKey = '@@api_key:a@@', // "}"
  'consumer-secret' = "@@api_secret:a@@",
  Callback = 'https://bot.example.org/callback',
}

const enum Account { AccessToken = `@@access_token:a@@`, ['AccessTokenSecret'] = '@@access_token_secret:a@@' }

export const client = new TwitterApi({
  appKey: Keys.ConsumerKey,
  appSecret: Keys['consumer-secret'],
  accessToken: Account.AccessToken,
  accessSecret: Account.AccessTokenSecret,
});
