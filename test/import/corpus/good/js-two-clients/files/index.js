const { TwitterApi } = require('twitter-api-v2')

const main = new TwitterApi({
  appKey: '@@api_key:app@@', appSecret: '@@api_secret:app@@',
  accessToken: '@@access_token:a@@', accessSecret: '@@access_token_secret:a@@',
})
const backup = new TwitterApi({
  appKey: '@@api_key:app@@', appSecret: '@@api_secret:app@@',
  accessToken: '@@access_token:b@@', accessSecret: '@@access_token_secret:b@@',
})

module.exports = { main, backup }
