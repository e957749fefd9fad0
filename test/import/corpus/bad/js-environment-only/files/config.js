require('dotenv').config();
module.exports = {
  consumer_key: process.env.CONSUMER_KEY,
  consumer_secret: process.env['CONSUMER_SECRET'],
  access_token: `${process.env.USER_ID}-${process.env.TOKEN_TAIL}`,
  access_token_secret: process.env.ACCESS_TOKEN_SECRET || undefined,
};
