import type { Variables } from '../../system/paths.ts';
import { hint, say } from '../voice.ts';
import { installCompletion } from './install.ts';
import type { Shell } from './scripts.ts';

/** Puts the script where new shells find it, and says where that is. */
export async function completeIn(shell: Shell, env: Variables): Promise<void> {
  const { changed } = await installCompletion(shell, env);
  for (const file of changed) say(`put it into ${file}`);
  if (changed.length === 0) say(`${shell} completes twvault already`);
  else hint(`${shell} completes twvault from its next start on`);
}
