import { locked } from '../failure.ts';
import { Secret } from '../profile/secret.ts';
import type { Variables } from '../system/paths.ts';
import { givenText } from './unattended.ts';

/** The passphrase that the environment gives, if any: the first line of what it names. */
export function passphraseFrom(env: Variables): Secret | undefined {
  const given = givenText('passphrase', env);
  if (!given) return undefined;
  const [line] = given.text.split(/\r?\n/, 1);
  if (!line) throw locked(`${given.where} begins with an empty line`);
  return new Secret(line);
}
