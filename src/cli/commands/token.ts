import { Command } from 'commander';
import { DEFAULT_MIN_LIFE_MS } from '../../profile/grant.ts';
import { profileName } from '../../profile/names.ts';
import { freshProfile } from '../../x/authority.ts';
import { type Context, vaultOf } from '../context.ts';
import { duration } from '../duration.ts';
import { allowReveal } from '../reveal.ts';
import { print, warn } from '../voice.ts';

interface Options {
  readonly minLife?: string;
}

export function command(context: Context): Command {
  return new Command('token')
    .description("print a profile's OAuth 2.0 access token, renewed where it is about to end")
    .argument('<profile>')
    .option(
      '--min-life <TIME>',
      'how long it has to live at least: 90s, 10m (default), 2h; 0 takes any that has not ended',
    )
    .addHelpText('after', EXAMPLES)
    .action((profile: string, options: Options) => token(context, profileName(profile), options));
}

async function token(context: Context, name: string, { minLife }: Options): Promise<void> {
  const least = minLife === undefined ? DEFAULT_MIN_LIFE_MS : duration(minLife, '--min-life');
  await allowReveal(context, `the access token of ${name}`);
  const vault = await vaultOf(context);
  const { profile, warning } = await freshProfile(vault, name, least);
  if (warning !== undefined) warn(warning);
  print(`${profile.fields.get('oauth2_access_token')?.secret.reveal()}\n`);
}

const EXAMPLES = `
However many programs ask at once, one renews the token and all get the new one.

Examples:
  twvault token personal
  twvault token personal --min-life 1h
  curl -H @<(printf 'Authorization: Bearer '; twvault token personal) https://api.x.com/2/users/me`;
