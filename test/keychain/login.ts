import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { type Result, User } from '../support/cli.ts';
import type { Keys } from '../support/credentials.ts';
import { type Keyring, SecretService } from './secret-service.ts';

export const PRINT_KEY = ['exec', '--', 'printenv', 'TWITTER_API_KEY'] as const;

/** A user whose environment leads to the service. */
export function userOf(service: SecretService): User {
  const user = new User();
  user.env = { ...user.env, ...service.env, HOME: user.root };
  return user;
}

/** The user logs in, for as long as the test takes. */
export async function login(user: User, keyring: Keyring): Promise<SecretService> {
  const service = await SecretService.start(user.root, keyring);
  onTestFinished(() => service.stop());
  user.env = { ...user.env, ...service.env };
  return service;
}

/** A user who stored a profile in the keychain, and whose session has ended since. */
export async function formerUser(): Promise<{ user: User; keys: Keys }> {
  const user = new User();
  const service = await login(user, 'unlocked');
  const keys = user.add('personal');
  await service.stop();
  return { user, keys };
}

/** Exit code (or signal) and message, without hints. */
export function outcome({ status, signal, stderr }: Result): [number | string | null, string] {
  const lines = stderr.split('\n').filter((line) => line.startsWith('twvault: '));
  const message = lines.find((line) => !line.includes('waiting for the keychain')) ?? stderr;
  return [signal ?? status, message.replace('twvault: ', '')];
}

/** Runs a command that has to end soon, whatever the keychain does. */
export function quickly(
  user: User,
  args: readonly string[],
  options: Parameters<User['run']>[1] = {},
  limit = 3000,
): Result {
  const started = performance.now();
  const result = user.run(args, options);
  expect(performance.now() - started).toBeLessThan(limit);
  return result;
}

/** The files under a folder, with what is in them. */
export function filesOf(folder: string): Record<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  return Object.fromEntries(paths.map((path) => [path, readFileSync(path, 'latin1')]));
}
