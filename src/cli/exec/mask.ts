import type { Replacements } from '../../mask/replacements.ts';
import type { Profile } from '../../profile/profile.ts';
import type { Project } from '../../project/project-file.ts';
import type { Command } from '../../run/command.ts';
import type { Variables } from '../../system/paths.ts';
import type { Context } from '../context.ts';
import { warn } from '../voice.ts';
import { recognisedAgent } from './agent.ts';

/**
 * Whether the child's output is masked: the option decides; without it, the project or CI turns the mask on, and
 * neither turns off what the other asks for, since the project may be a foreign one. For an AI agent it is, unless
 * someone at the terminal allows otherwise.
 * @throws Failure exit 1 where nobody allows what an agent asks for
 */
export async function isMasked(
  option: boolean | undefined,
  project: Project | undefined,
  context: Context,
): Promise<boolean> {
  if (recognisedAgent(context.env) === undefined)
    return option ?? (project?.mask === true || isContinuousIntegration(context.env));
  if (option !== false) return true;
  const { allowReveal } = await import('../reveal.ts');
  await allowReveal(context, 'output without a mask');
  return false;
}

/** CI services set CI; people take it back with CI=false. */
function isContinuousIntegration({ CI }: Variables): boolean {
  return CI !== undefined && !['', '0', 'false'].includes(CI.toLowerCase());
}

/** What to replace in the output of a child that gets values of these profiles. What cannot be masked is named. */
export async function replacementsFor(chains: readonly (readonly Profile[])[]): Promise<Replacements> {
  const { maskingOf } = await import('../../mask/secrets.ts');
  const { Replacements } = await import('../../mask/replacements.ts');
  const maskings = chains.map(maskingOf);
  const unmasked = new Set(maskings.flatMap((masking) => masking.unmasked));
  if (unmasked.size > 0) warn(`too short or too common to be masked: ${[...unmasked].join(', ')}`);
  return new Replacements(maskings.flatMap(({ forms }) => forms));
}

/** Runs the command under a mask. None of this is loaded for a command that has none. */
export async function execMasked(command: Command, replacements: Replacements): Promise<number> {
  const { runMasked } = await import('../../run/masked.ts');
  return runMasked(command, { replacements, warn });
}
