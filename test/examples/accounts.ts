import { randomInt } from 'node:crypto';
import type { Account } from '../standin/server.mjs';
import { generatedKeys } from '../support/credentials.ts';

/** An account of the stand-in, with generated keys. */
export function account(username: string): Account & ReturnType<typeof generatedKeys> {
  const id = String(randomInt(1e6, 1e9));
  return { id, username, ...generatedKeys(id) };
}
