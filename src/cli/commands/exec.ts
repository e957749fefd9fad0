import { Command } from 'commander';
import { usage } from '../../failure.ts';
import type { Context } from '../context.ts';
import { parseExec } from '../exec/arguments.ts';
import { exec } from '../exec/exec.ts';
import { addExecOptions } from '../exec/options.ts';

/**
 * The help of exec, and the errors of a command line that its own parser does not understand. What can be run is run
 * by src/main.ts without ever loading this.
 */
export function command(context: Context): Command {
  const definition = new Command('exec')
    .description("run a command with a profile's keys in its environment")
    .argument('<command...>', 'the command and its arguments')
    .usage('[options] -- COMMAND [ARGUMENT...]')
    .passThroughOptions()
    .addHelpText('after', EXAMPLES);
  return addExecOptions(definition).action(async () => {
    const args = parseExec(process.argv.slice(3));
    if (!args) throw usage('no command given', ['twvault exec -- COMMAND...']);
    await exec(args, context);
  });
}

const EXAMPLES = `
The command's exit status is twvault's; 125 means that it was not started, 126 that it could not be,
127 that it was not found.

A command that gets an OAuth 2.0 access token gets one that lives for --min-life at least; its refresh token
stays here. With --serve it asks for a fresh one whenever it needs one, at the address in TWVAULT_TOKEN_URL:
a GET with the header 'Authorization: Bearer ' and the content of TWVAULT_TOKEN_SECRET answers
{"access_token": ..., "expires_at": ...}.

A file given with -f holds references in place of values (NAME=twvault://PROFILE/FIELD) and may be committed.
docs/exec.md says what wins over what.

With --mask, or "mask": true in .twvault.json, or where CI is set, both outputs show [PROFILE/FIELD] where a secret
of the profile would stand, also percent-encoded, in base64, in JSON or quoted for a shell. On a terminal the command
keeps one. twvault then stays beside it. It is no fence: a program can always write a value in another way.

Examples:
  twvault exec -- node bot.js
  twvault exec -p brand --as tutorial -- python3 bot.py
  twvault exec --only bearer_token --env X_TOKEN=bearer_token -- ./search.sh
  twvault exec --without access_token,access_token_secret -- ./read-only.sh
  twvault exec -f .env -- node bot.js
  twvault exec -p personal -p brand --prefix -- node both.js
  twvault exec -p brand --serve -- python3 daemon.py
  twvault exec --mask -- npm test
  CI=true twvault exec --no-mask -- ./raw.sh`;
