import { commandPath } from '../import/report.ts';
import type { Standing } from './standing.ts';

/** A command to type, and what it does. */
export interface NextStep {
  readonly command: string;
  readonly why: string;
}

/** The one thing to do next. */
export function nextStep(standing: Standing): NextStep {
  const { troubles, store, profiles, here, isIdentityMissing, plaintext, guard, run } = standing;
  if (troubles.length > 0) return { command: 'twvault doctor', why: 'says what is wrong and how to mend it' };
  if (store === null || profiles.length === 0)
    return { command: 'twvault setup', why: 'from nothing to a running bot, step by step' };
  if (!here)
    return { command: 'twvault use NAME --here', why: `chooses for this folder: ${profiles.join(', ')}` };
  const absent = here.profiles.find((name) => !profiles.includes(name));
  if (absent !== undefined)
    return { command: `twvault add ${absent}`, why: 'stores the profile that is used here and is not there' };
  if (isIdentityMissing)
    return {
      command: 'export TWVAULT_IDENTITY_FILE=FILE',
      why: 'names the file that init --identity-out wrote, which opens the vault',
    };
  if (plaintext.here.length > 0)
    return {
      command: `twvault import ${plaintext.here.map(commandPath).join(' ')} --scrub`,
      why: 'takes keys that lie in the open out of their files',
    };
  if (guard === 'missing')
    return { command: 'twvault guard install', why: 'stops commits that contain a credential' };
  return { command: run, why: 'runs the bot with its keys' };
}
