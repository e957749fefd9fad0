// Posts a text on X. The keys come from the environment, and twvault puts them there:
//   twvault exec -- node examples/bot.mjs 'Hello, world'
import { TwitterApi } from 'twitter-api-v2';

const client = new TwitterApi({
  appKey: variable('TWITTER_API_KEY'),
  appSecret: variable('TWITTER_API_SECRET'),
  accessToken: variable('TWITTER_ACCESS_TOKEN'),
  accessSecret: variable('TWITTER_ACCESS_TOKEN_SECRET'),
});

const text = process.argv[2];
if (!text) leave('nothing to post', "usage: twvault exec -- node examples/bot.mjs 'Hello, world'");

try {
  const { data: account } = await client.v2.me();
  await client.v2.tweet(text);
  console.log(`posted as @${account.username}: ${text}`);
} catch (error) {
  leave(`X did not take it: ${error.message}`, 'which keys were these? see: twvault list');
}

function variable(name) {
  return process.env[name] || leave(`${name} is not set`, 'run: twvault exec -- node examples/bot.mjs');
}

function leave(problem, hint) {
  console.error(`bot: ${problem}\nbot: ${hint}`);
  process.exit(1);
}
