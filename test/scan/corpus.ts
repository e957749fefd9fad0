import { randomInt } from 'node:crypto';
import { alphanumeric, clientId } from '../support/credentials.ts';

/** A made-up OAuth 2.0 client id, token or refresh token, as X spells them. */
const oauth2Token = (kind: 'at' | 'rt'): string =>
  Buffer.from(`${alphanumeric(45)}:${Date.now()}:1:1:${kind}:1`).toString('base64url');
const bearer = (): string =>
  `${'A'.repeat(22)}${alphanumeric(8)}AAAAAAA${alphanumeric(26)}%3D${alphanumeric(45)}`;
const key = (): string => alphanumeric(25);
export const secret = (): string => alphanumeric(50);
const tokenSecret = (): string => alphanumeric(45);
/** An access token as X gives it out today: 50 characters. */
function accessToken(digits = 9): string {
  const id = String(randomInt(10 ** (digits - 1), 10 ** digits));
  return `${id}-${alphanumeric(49 - digits)}`;
}

export interface Planted {
  readonly name: string;
  readonly text: string;
  /** The values that have to be found, as they stand in the text. */
  readonly values: readonly string[];
}

/** Without the padding, which is no part of what is found. */
const inBase64 = (text: string): string => Buffer.from(text).toString('base64url');

const percent = (text: string): string => Buffer.from(text).toString('hex').replace(/../g, '%$&');
const unicode = (text: string): string => Buffer.from(text).toString('hex').replace(/../g, '\\u00$&');

/** A text with values in it; `{}` stands for each. */
function planted(name: string, text: string, ...values: readonly string[]): Planted {
  const parts = text.split('{}');
  return { name, text: parts.map((part, at) => part + (values[at] ?? '')).join(''), values };
}

/** Texts as people write them, with one or more credentials each. */
export function plantedCorpus(): Planted[] {
  const four = (): [string, string, string, string] => [key(), secret(), accessToken(), tokenSecret()];
  return [
    planted(
      'python assignments',
      'CONSUMER_KEY = "{}"\nCONSUMER_SECRET = "{}"\nACCESS_TOKEN = "{}"\nACCESS_SECRET = "{}"\n',
      ...four(),
    ),
    planted(
      'python, small letters and no spaces',
      "consumer_key='{}'\nconsumer_secret='{}'\n",
      key(),
      secret(),
    ),
    planted('short names of tutorials', 'ckey="{}"\ncsecret="{}"\natoken="{}"\nasecret="{}"\n', ...four()),
    planted('shorter names', "CK = '{}'\nCS = '{}'\nAT = '{}'\nATS = '{}'\n", ...four()),
    planted(
      'python dict',
      'my_keys = {\'consumer_key\': "{}", \'consumer_secret\': "{}", \'access_token_key\': "{}"}\n'.replace(
        '{}',
        '{}',
      ),
      key(),
      secret(),
      accessToken(),
    ),
    planted('python getenv or literal', 'key = os.getenv("TWITTER_API_KEY") or \'{}\'\n', key()),
    planted('python default argument', 'key = os.environ.get("CONSUMER_SECRET", "{}")\n', secret()),
    planted('python annotation', 'consumer_key: str = "{}"\n', key()),
    planted('one key alone, of the old length', 'consumer_key = "{}"', alphanumeric(21)),
    planted('old secret alone', 'consumer_secret = "{}"', alphanumeric(41)),
    planted(
      'dotenv',
      'TWITTER_API_KEY={}\nexport TWITTER_API_SECRET="{}"\nTWITTER_ACCESS_TOKEN = {}\n',
      key(),
      secret(),
      accessToken(),
    ),
    planted(
      'dotenv with general names',
      'API_KEY={}\nAPI_SECRET_KEY={}\nACCESS_TOKEN={}\nACCESS_TOKEN_SECRET={}\n',
      ...four(),
    ),
    planted('numbered names', 'CONSUMER_KEY_2={}\nTWITTER_API_SECRET_PROD={}\n', key(), secret()),
    planted('prefixed name', 'HUBOT_TWITTER_CONSUMER_KEY={}\n', key()),
    planted('yaml', 'twitter:\n  api_key: {}\n  api_secret: {}\n', key(), secret()),
    planted('yaml of Rails', 'production:\n  consumer_key: "{}"\n  consumer_secret: "{}"\n', key(), secret()),
    planted(
      'twurlrc',
      '---\nprofiles:\n  someone:\n    {}:\n      username: someone\n      consumer_key: {}\n      consumer_secret: {}\n      token: {}\n      secret: {}\n',
      alphanumeric(25),
      ...four(),
    ),
    planted(
      'xurl',
      'apps:\n  default:\n    client_id: {}\n    client_secret: {}\n    oauth2_tokens:\n      me:\n        oauth2:\n          access_token: {}\n          refresh_token: {}\n',
      clientId(),
      alphanumeric(50),
      oauth2Token('at'),
      oauth2Token('rt'),
    ),
    planted('ini', '[twitter]\nconsumer_key = {}\napi_key_secret = {}\n', key(), secret()),
    planted(
      'properties',
      'oauth.consumerKey={}\noauth.consumerSecret={}\noauth.accessToken={}\noauth.accessTokenSecret={}\n',
      ...four(),
    ),
    planted(
      'json',
      '{"twitter": {"consumer_key": "{}", "consumer_secret": "{}"}}'.replace(
        '{"twitter": {',
        '{"twitter": {',
      ),
      key(),
      secret(),
    ),
    planted('json, value on the next line', '"consumerKey":\n    "{}"', key()),
    planted('json, minified', '{"a":1,"consumerKey":"{}","consumerSecret":"{}","z":[]}', key(), secret()),
    planted(
      'javascript object',
      'new TwitterApi({ appKey: \'{}\', appSecret: "{}", accessToken: `{}` })',
      key(),
      secret(),
      accessToken(),
    ),
    planted('javascript fallback', "const k = process.env.TWITTER_CONSUMER_KEY || '{}';", key()),
    planted('php define', "define('CONSUMER_KEY', '{}');\ndefine('CONSUMER_SECRET', '{}');", key(), secret()),
    planted(
      'php array',
      "'consumer_key' => '{}',\n'oauth_access_token_secret' => '{}',",
      key(),
      tokenSecret(),
    ),
    planted(
      'ruby block',
      'config.consumer_key        = "{}"\nconfig.consumer_secret     = "{}"',
      key(),
      secret(),
    ),
    planted('java setters', '.setOAuthConsumerKey("{}")\n.setOAuthConsumerSecret("{}")', key(), secret()),
    planted('c#', 'public const string ConsumerKey = "{}";', key()),
    planted('go', 'consumerKey := "{}"\nvar consumerSecret string = "{}"', key(), secret()),
    planted('rust', 'let consumer_key: &str = "{}";', key()),
    planted('xml element', '<string name="twitter_consumer_key">{}</string>', key()),
    planted('xml attribute', '<add key="ConsumerSecret" value="{}"/>', secret()),
    planted('property list', '<key>ConsumerKey</key>\n\t<string>{}</string>', key()),
    planted('prose', 'Twitter\nAPI Key: {}\nAPI Key Secret: {}\n', key(), secret()),
    planted(
      'markdown table',
      '| Twitter API key | `{}` |\n| Twitter API secret key | `{}` |\n',
      key(),
      secret(),
    ),
    planted('command line', 'twurl authorize --consumer-key {} --consumer-secret {}', key(), secret()),
    planted(
      'tweepy handler',
      'auth = tweepy.OAuthHandler("{}", "{}")\nauth.set_access_token("{}", "{}")',
      ...four(),
    ),
    planted(
      'positional over lines',
      "OAuth1UserHandler(\n    '{}',\n    '{}',\n    '{}',\n    '{}',\n)",
      ...four(),
    ),
    planted('php library', "new TwitterOAuth('{}', '{}', '{}', '{}')", ...four()),
    planted('python oauth1', 'OAuth1("{}", "{}", "{}", "{}")', ...four()),
    planted('r', 'setup_twitter_oauth("{}", "{}")', key(), secret()),
    planted(
      'notebook',
      '{"source": ["consumer_key = \\"{}\\"\\n",\n "consumer_secret = \'{}\'\\n"]}',
      key(),
      secret(),
    ),
    planted(
      'notebook, one string',
      '{"source": "A=1\\nCONSUMER_KEY={}\\nCONSUMER_SECRET={}\\n"}',
      key(),
      secret(),
    ),
    planted(
      'oauth header in a log',
      'Authorization: OAuth oauth_consumer_key="{}", oauth_nonce="x", oauth_token="{}"',
      key(),
      accessToken(),
    ),
    planted('query', 'GET /1.1/a.json?oauth_consumer_key={}&oauth_token={}&b=1', key(), accessToken()),
    planted(
      'signature base string',
      'POST&https%3A%2F%2Fapi.twitter.com%2F&oauth_consumer_key%3D{}%26oauth_token%3D{}%26',
      key(),
      accessToken(),
    ),
    planted('bearer header', "curl -H 'Authorization: Bearer {}'", bearer()),
    planted('bearer alone', '{}\n', bearer()),
    planted('curl user', "curl -u '{}' https://api.x.com/oauth2/token", `${key()}:${secret()}`),
    planted(
      'curl user of the old lengths',
      "curl -u '{}' https://api.twitter.com",
      `${alphanumeric(21)}:${alphanumeric(41)}`,
    ),
    planted('dockerfile', 'ENV TWITTER_API_KEY {}\nENV TWITTER_API_SECRET={}\n', key(), secret()),
    planted('compose', 'environment:\n  - CONSUMER_KEY={}\n  - CONSUMER_SECRET={}\n', key(), secret()),
    planted('terraform', 'variable "twitter_consumer_key" {\n  default = "{}"\n}\n', key()),
    planted('perl', "Net::Twitter->new(consumer_key => '{}', consumer_secret => q{{}});", key(), secret()),
    planted('sql', "INSERT INTO t (consumer_key, consumer_secret) VALUES ('{}','{}');", key(), secret()),
    planted('html entities', '<a data-x="{&quot;consumer_key&quot;:&quot;{}&quot;}">', key()),
    planted(
      'collection of requests',
      '{"auth": {"oauth1": [{"key": "consumerKey", "value": "{}"}, {"key": "consumerSecret", "value": "{}"}]}}',
      key(),
      secret(),
    ),
    planted('gradle', 'buildConfigField "String", "TWITTER_CONSUMER_SECRET", "\\"{}\\""', secret()),
    planted('removed line of a diff', "-consumer_key = '{}'\n+consumer_key = os.environ['K']\n", key()),
    planted(
      'log with bytes of python',
      'header b\'OAuth oauth_consumer_key="{}", oauth_token="{}"\'',
      key(),
      accessToken(),
    ),
    planted(
      'percent-encoded throughout',
      'https://x.com/?consumer_key={}&consumer_secret={}',
      percent(key()),
      percent(secret()),
    ),
    planted(
      'JSON escapes',
      '{"consumer_key":"{}","consumer_secret":"{}"}',
      unicode(key()),
      unicode(secret()),
    ),
    planted('signing key', 'signing key: {}&{}\n', secret(), tokenSecret()),
    planted('signing key, encoded', 'key=%22{}%26{}%22\n', secret(), tokenSecret()),
    planted(
      'base64 in a secret of Kubernetes',
      'data:\n  TWITTER_CONSUMER_KEY: {}\n  TWITTER_CONSUMER_SECRET: {}\n',
      inBase64(key()),
      inBase64(secret()),
    ),
    planted(
      'comma-separated',
      'consumer_key,consumer_secret,access_token,access_token_secret\n{},{},{},{}\n',
      ...four(),
    ),
    planted('access token alone', '{}', accessToken()),
    planted('access token, short id', 'access_token = "{}"', `12-${alphanumeric(40)}`),
    planted('access token beside X', '# my tweet bot\nt = "{}"', `123456-${alphanumeric(36)}`),
    planted('four values, one a line', '{}\n{}\n{}\n{}\n', ...four()),
    planted('four values, tabs', '{}\t{}\t{}\t{}\n', ...four()),
    planted('token file of two lines', '{}\n{}\n', accessToken(), tokenSecret()),
    planted('client id', 'url += "&client_id={}&scope=x"', clientId()),
    planted('client secret', 'TWITTER_CLIENT_SECRET={}\n', `${alphanumeric(24)}_${alphanumeric(25)}`),
    planted(
      'oauth 2.0 tokens',
      '{"access_token":"{}","refresh_token":"{}"}',
      oauth2Token('at'),
      oauth2Token('rt'),
    ),
  ];
}

/** Texts that look a little like credentials, and are none. */
export function quietCorpus(): { name: string; text: string }[] {
  const hex = (length: number): string => Array.from({ length }, () => randomInt(16).toString(16)).join('');
  const base64 = (size: number): string => Buffer.from(alphanumeric(size)).toString('base64');
  const quiet = (name: string, text: string) => ({ name, text });
  return [
    quiet('hashes', `consumer_key = "${hex(40)}"\ncommit ${hex(40)}\nsha256:${hex(64)}`),
    quiet('uuid', 'TWITTER_API_KEY=123e4567-e89b-12d3-a456-426614174000'),
    quiet(
      'lock file',
      `"integrity": "sha512-${base64(66)}==",\n"resolved": "twitter/-/twitter-1.7.1.tgz#${hex(40)}"`,
    ),
    quiet('snowflakes', 'tweet_id = 1234567890123456789\nhttps://twitter.com/a/status/1234567890123456789'),
    quiet('jwt', `ACCESS_TOKEN=${base64(24)}.${base64(60)}.${base64(30)}`),
    quiet('image', `<img alt="twitter" src="data:image/png;base64,iVBORw0KGgo${base64(900)}">`),
    quiet(
      'placeholders',
      'consumer_key = "YOUR_CONSUMER_KEY"\nconsumer_secret="xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"\nAPI_KEY=<your key>\nTWITTER_BEARER_TOKEN=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
    ),
    quiet(
      'placeholder words',
      'consumer_key = "yourConsumerKeyGoesHere1"\naccess_token="1234567890-YourAccessTokenExample1234567890abcdefgh"',
    ),
    quiet('alphabet', 'consumer_key: "aBcDeFgHiJkLmNoPqRsTuVw12"'),
    quiet(
      'identifiers',
      'const consumerKey = getTwitterConsumerKeyFromStore2;\ntwitter.apiKey = readKeyFromEnvironment1();',
    ),
    quiet(
      'other service',
      `TUMBLR_CONSUMER_KEY=${alphanumeric(50)}\nSTRIPE_SECRET=sk_live_${alphanumeric(24)}`,
    ),
    quiet('keys of another service', `# trello\nAPI_KEY=${alphanumeric(32)}`),
    quiet('general name, no surroundings', `API_KEY=${alphanumeric(25)}`),
    quiet('google client', `client_id: 123456789012-${hex(32)}.apps.googleusercontent.com`),
    quiet('ethereum address', 'access_token_secret = "0x52908400098527886E0F7030069857D2E4169EE7"'),
    quiet(
      'names of classes, of the lengths of a key and a secret',
      '// twitter\nAttributes?: AwsRdsDbClusterSnapshotDbClusterSnapshotAttributes;\n}\ninterface AwsRdsDbDomainMemberships {',
    ),
    quiet(
      'data with colons',
      `7,${alphanumeric(21)}:${alphanumeric(41)}:${alphanumeric(21)}:${alphanumeric(50)}`,
    ),
    quiet(
      'an id that begins with A',
      `"sub": "${Buffer.from(`${'A'.repeat(20)}${alphanumeric(22)}`).toString('base64')}"`,
    ),
    quiet('random identifiers', `id: ${alphanumeric(21)}\nsession=${alphanumeric(45)}`),
    quiet('nonce', `twitter oauth_nonce="${alphanumeric(42)}" oauth_signature="${base64(20)}"`),
  ];
}
