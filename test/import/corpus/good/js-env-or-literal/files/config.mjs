import 'dotenv/config'

export default {
  port: process.env.PORT || 3000,
  twitter: {
    consumerKey: process.env.TWITTER_CONSUMER_KEY || '@@api_key:a@@',
    consumerSecret: process.env.TWITTER_CONSUMER_SECRET ?? "@@api_secret:a@@",
    accessToken: process.env['TWITTER_ACCESS_TOKEN'] || `@@access_token:a@@`,
    accessTokenSecret: process.env.TWITTER_ACCESS_TOKEN_SECRET || ('@@access_token_secret:a@@'),
  },
  mongo: process.env.MONGO_URL || 'mongodb://bot:@@other_secret:mongo@@@localhost/bot',
}
