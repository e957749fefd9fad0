var Twit = require('twit')

var T = new Twit({
  consumer_key:         '@@api_key:a@@',
  consumer_secret:      '@@api_secret:a@@',
  access_token:         '@@access_token:a@@',
  access_token_secret:  '@@access_token_secret:a@@',
  timeout_ms:           60*1000,  // optional HTTP request timeout to apply to all requests.
  strictSSL:            true,     // optional - requires SSL certificates to be valid.
})

const clean = (text) => text.replace(/["'`]\/\//g, '')
T.post('statuses/update', { status: `hello ${clean("it's")} // not a comment` }, function (err, data) {
  console.log(err || data.id_str)
})
