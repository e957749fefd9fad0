// Twitter API keys
// https://apps.twitter.com
module.exports = {
  /* consumer_key: '@@api_key:old@@',
     consumer_secret: '@@api_secret:old@@', */
  consumer_key: '@@api_key:a@@',
  consumer_secret: '@@api_secret:a@@',
  access_token_key: '@@access_token:a@@',
  //access_token_secret: '@@access_token_secret:old@@'
  access_token_secret: '@@access_token_secret:a@@'
}
