import { usage } from '../../failure.ts';
import type { Replacements } from '../../mask/replacements.ts';
import { Secret } from '../../profile/secret.ts';
import type { Vault } from '../../vault/vault.ts';
import type { Served } from '../../x/serve.ts';
import { warn } from '../voice.ts';

interface Serving {
  readonly vault: Vault;
  /** The profile that the run is for, if there is one. */
  readonly profile: string | undefined;
  readonly minLife: number;
  /** What is masked in the command's output, if it is masked. */
  readonly mask: Replacements | undefined;
}

/** Offers the profile's token to the command; what is handed out so is masked as well. */
export async function serve({ vault, profile, minLife, mask }: Serving): Promise<Served> {
  if (profile === undefined) throw usage('--serve offers the token of one profile', ['name it with -p']);
  const { maskedForms, maskingOf } = await import('../../mask/secrets.ts');
  const { serveToken } = await import('../../x/serve.ts');
  const served = await serveToken({
    ...{ vault, name: profile, minLife, warn },
    onToken: (fresh) => mask?.add(maskingOf([fresh]).forms),
  });
  const secret = new Secret(served.TWVAULT_TOKEN_SECRET);
  mask?.add(maskedForms({ profile, name: 'TWVAULT_TOKEN_SECRET', secret }));
  return served;
}
