import type { MaskedForm } from '../../mask/forms.ts';
import type { Profile } from '../../profile/profile.ts';
import type { Project } from '../../project/project-file.ts';
import type { Command } from '../../run/command.ts';
import type { Variables } from '../../system/paths.ts';
import { warn } from '../voice.ts';

/** Whether the child's output is masked: the option, then the project, then whether this is CI. */
export function isMasked(option: boolean | undefined, project: Project | undefined, env: Variables): boolean {
  return option ?? project?.mask ?? isContinuousIntegration(env);
}

/** CI services set CI; people take it back with CI=false. */
function isContinuousIntegration({ CI }: Variables): boolean {
  return CI !== undefined && !['', '0', 'false'].includes(CI.toLowerCase());
}

/** What to replace in the output of a child of this profile. Values that cannot be masked are named. */
export async function maskedForms(chain: readonly Profile[]): Promise<readonly MaskedForm[]> {
  const { maskingOf } = await import('../../mask/secrets.ts');
  const { forms, unmasked } = maskingOf(chain);
  if (unmasked.length > 0) warn(`too short or too common to be masked: ${unmasked.join(', ')}`);
  return forms;
}

/** Runs the command under a mask. None of this is loaded for a command that has none. */
export async function execMasked(command: Command, forms: readonly MaskedForm[]): Promise<number> {
  const { runMasked } = await import('../../run/masked.ts');
  return runMasked(command, { forms, warn });
}
