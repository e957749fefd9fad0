import { advising } from '../../failure.ts';
import type { FieldName } from '../../profile/fields.ts';
import { isExpiring, isRenewable } from '../../profile/grant.ts';
import { effectiveFields } from '../../profile/inherit.ts';
import type { Profile } from '../../profile/profile.ts';
import type { Project } from '../../project/project-file.ts';
import { checkAccount } from '../../project/resolve.ts';
import { isWanted, type Share } from '../../run/environment.ts';
import type { Vault } from '../../vault/vault.ts';
import { warn } from '../voice.ts';
import type { Request } from './request.ts';

/** Where shares are taken from: the vault, and the project whose pin they have to meet. */
export interface Source {
  readonly vault: Vault;
  readonly project: Project | undefined;
  /** Every chain of profiles that a share was taken from: their values are those to be masked. */
  readonly opened: (readonly Profile[])[];
}

/** A profile's part in a run, its OAuth 2.0 token renewed where it is asked for and about to end. */
export async function shareOf(source: Source, name: string, request: Request): Promise<Share> {
  const { vault, project, opened } = source;
  const wantsToken = isHandedOver('oauth2_access_token', request);
  const chain = await withFreshToken(vault, await vault.chain(name), wantsToken ? request.minLife : 0);
  const [profile] = chain;
  opened.push(chain);
  checkAccount(project, name, profile?.account?.id);
  return { ...request, profile: name, fields: effectiveFields(chain), extras: profile?.extras ?? new Map() };
}

/** The chain, its first profile with a renewed login where its token is about to end. Nothing is loaded otherwise. */
async function withFreshToken(vault: Vault, chain: Profile[], minLife: number): Promise<Profile[]> {
  const [profile, ...parents] = chain;
  if (!profile || minLife === 0 || !isRenewable(profile) || !isExpiring(profile, minLife)) return chain;
  const { freshProfile } = await import('../../x/authority.ts');
  const fresh = await advising(
    () => WITHOUT,
    () => freshProfile(vault, profile.name, minLife),
  );
  if (fresh.warning !== undefined) warn(fresh.warning);
  return [fresh.profile, ...parents];
}

const WITHOUT = 'a command that does without this token can be run with --min-life 0';

function isHandedOver(field: FieldName, request: Request): boolean {
  if ([...request.mapping.values()].includes(field)) return true;
  return isWanted(field, request) && request.names.has(field);
}
