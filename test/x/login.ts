import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { expiryOf } from '../../src/profile/grant.ts';
import { vaultIn } from '../faults/writers.ts';
import { diverted } from '../standin/divert.mjs';
import { OAuth2Server } from '../standin/oauth2.mjs';
import { type StandInOptions, startStandIn } from '../standin/server.mjs';
import { User } from '../support/cli.ts';
import { alphanumeric, clientId, generatedKeys } from '../support/credentials.ts';

const CLOCK = join(import.meta.dirname, 'clock.cjs');

/** Puts the clock of the user's programs to when their token, that lives for two hours, has this many seconds left. */
export async function endsIn(user: User, seconds: number): Promise<void> {
  const expires = (await granted(user)) ?? 0;
  user.env = { ...user.env, CLOCK_AHEAD: String(Math.round((expires - Date.now()) / 1000 - seconds)) };
}

/** When the stored token ends; the index tells for every store, but not of a token without a grant. */
async function granted(user: User): Promise<number | undefined> {
  const vault = await vaultIn(user);
  const entry = vault.entry('personal');
  if (entry?.grant) return Date.parse(entry.grant.expires);
  if (vault.config.store === 'keychain') return Date.parse(entry?.updated ?? '') + 7_200_000;
  return expiryOf(await vault.read('personal'));
}

/** A user with an OAuth 2.0 login at a stand-in. */
export async function loggedIn(
  options: { user?: User; isPublic?: boolean; fault?: StandInOptions['fault'] } = {},
) {
  const user = options.user ?? new User().withFileVault();
  const oauth2 = new OAuth2Server();
  const account = { id: '12345', username: 'someone', ...generatedKeys('12345') };
  const id = clientId();
  const secret = options.isPublic ? undefined : alphanumeric(50);
  const client = { id, ...(secret === undefined ? {} : { secret }) };
  const issued = oauth2.issue({ client, account, scopes: ['tweet.read', 'tweet.write', 'offline.access'] });
  const { fault } = options;
  const standIn = await startStandIn({ accounts: [account], oauth2, ...(fault && { fault }) });
  onTestFinished(() => standIn.close());
  const divert = diverted(standIn.port);
  const NODE_OPTIONS = `${divert.NODE_OPTIONS} --require ${JSON.stringify(CLOCK)}`;
  const BUN_OPTIONS = `${divert.BUN_OPTIONS} --preload ${CLOCK}`;
  user.env = { ...user.env, ...divert, NODE_OPTIONS, BUN_OPTIONS };
  const lines = [
    `client_id=${id}`,
    ...(secret === undefined ? [] : [`client_secret=${secret}`]),
    `oauth2_access_token=${issued.access}`,
    `oauth2_refresh_token=${issued.refresh}`,
  ];
  user.must(['add', 'personal', '--stdin'], { input: `${lines.join('\n')}\n` });
  await endsIn(user, 7200);
  return { user, oauth2, standIn, issued, account, client };
}
