import { projectOf } from '../../project/project-file.ts';
import { noSuchProfile, type Vault } from '../../vault/vault.ts';
import { bindHere } from '../bind-here.ts';
import type { Context } from '../context.ts';
import { hint, say } from '../voice.ts';
import type { Answers } from './answers.ts';
import type { Origin } from './keys.ts';

/** Whether this folder says already that it uses a profile, or any where none is named. */
export function isBound({ cwd }: Context, name: string | undefined): boolean {
  const project = projectOf(cwd());
  const bound = project?.profiles ?? (project?.profile === undefined ? [] : [project.profile]);
  return name === undefined ? bound.length > 0 : bound.includes(name);
}

/** @throws Failure exit 4 where the profile that is named for this folder neither is there nor is about to be */
export async function checkBinding(vault: Vault | null, origin: Origin, answers: Answers): Promise<void> {
  const { bind: name, profile } = answers.options;
  if (typeof name !== 'string' || answers.canAsk) return;
  const coming = origin.kind === 'found' ? origin.found.candidates.map((each) => each.name) : [profile];
  const names = [...((await vault?.names()) ?? []), ...coming];
  if (!names.includes(name))
    throw noSuchProfile(
      name,
      names.filter((each) => each !== undefined),
    );
}

/** Chooses one of the accounts for this folder. */
export async function bind(
  context: Context,
  vault: Vault,
  accounts: readonly [string, ...string[]],
  answers: Answers,
): Promise<void> {
  const { bind: said } = answers.options;
  const name = typeof said === 'string' ? said : accounts.find((each) => isBound(context, each));
  if (name !== undefined && isBound(context, name)) say(`${name} is used in this folder already`);
  else if (name !== undefined) await bindHere(context, vault, name);
  else if (accounts.length > 1) await bindOneOf(context, vault, accounts, answers);
  else if (await answers.yes('bind', `use ${accounts[0]} in this folder? (writes .twvault.json: names only)`))
    await bindHere(context, vault, accounts[0]);
}

const NONE = '';

async function bindOneOf(
  context: Context,
  vault: Vault,
  accounts: readonly string[],
  answers: Answers,
): Promise<void> {
  if (answers.given('bind') === false) return;
  if (!answers.canAsk || answers.given('bind')) {
    hint(`choose one for this folder: twvault use NAME --here (${accounts.join(', ')})`);
    return;
  }
  const { askChoice } = await import('../prompt.ts');
  const name = await askChoice('which account is for this folder? (writes .twvault.json: names only)', [
    ...accounts.map((value) => ({ value, label: value })),
    { value: NONE, label: 'none of them' },
  ]);
  if (name !== NONE) await bindHere(context, vault, name);
}
