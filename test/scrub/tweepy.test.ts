import { spawnSync } from 'node:child_process';
import { expect, onTestFinished, test } from 'vitest';
import { account } from '../examples/accounts.ts';
import { diverted } from '../standin/divert.mjs';
import { startStandIn } from '../standin/server.mjs';
import { has } from '../support/tools.ts';
import { ScrubbedProject } from './project.ts';

const PYTHON = '/usr/bin/python3'; // the system's: where distributions put tweepy
const hasTweepy =
  has(PYTHON, 'tweepy after a scrub') && spawnSync(PYTHON, ['-c', 'import tweepy']).status === 0;

const SCRIPT = `import tweepy
import twitter_credentials as keys
auth = tweepy.OAuth1UserHandler(keys.CONSUMER_KEY, keys.CONSUMER_SECRET)
auth.set_access_token(keys.ACCESS_TOKEN, keys.ACCESS_TOKEN_SECRET)
print(tweepy.API(auth).verify_credentials().screen_name)
`;

test.runIf(hasTweepy)("the tutorial's script authenticates after its file was scrubbed", async () => {
  const ada = account('ada');
  const { port, close } = await startStandIn({ accounts: [ada] });
  onTestFinished(close);
  const project = new ScrubbedProject();
  project.write('script.py', SCRIPT);
  project.write(
    'twitter_credentials.py',
    `CONSUMER_KEY = "${ada.api_key}"\nCONSUMER_SECRET = "${ada.api_secret}"\nACCESS_TOKEN = "${ada.access_token}"\nACCESS_TOKEN_SECRET = "${ada.access_token_secret}"\n`,
  );

  await project.scrub(['twitter_credentials.py']);

  project.user.env = { ...project.user.env, ...diverted(port) };
  const [profile] = (await (await project.vault()).names()) as [string];
  for (const options of [[], ['-p', profile, '--as', 'tutorial']]) {
    const command = ['exec', ...options, '--', PYTHON, '-B', 'script.py'];
    expect(await project.user.start(command, { cwd: project.root })).toMatchObject({
      status: 0,
      stdout: 'ada\n',
    });
  }
});
