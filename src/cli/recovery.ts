import { resolve } from 'node:path';
import { X25519Identity } from '../age/x25519.ts';
import { usage } from '../failure.ts';
import { createPrivate } from '../system/files.ts';
import type { Context } from './context.ts';
import { patiently } from './setup.ts';
import { say } from './voice.ts';

/** How many characters of the key are typed in, to be sure that it was written down to its end. */
const PROOF = 6;

/**
 * Makes an age identity for recovery that twvault does not keep: shown once on the terminal, or written to a new file.
 * @returns its recipient
 */
export async function newRecovery(context: Context, out?: string): Promise<string> {
  const identity = X25519Identity.generate();
  if (out === undefined) await show(context, identity);
  else {
    const path = resolve(context.cwd(), out);
    createPrivate(path, Buffer.from(recoveryText(identity)));
    say(`the recovery key is in ${path}: move it to a safe place away from this machine`);
  }
  return identity.recipient().encode();
}

async function show({ terminal }: Context, identity: X25519Identity): Promise<void> {
  const ask = await terminal();
  if (!ask)
    throw usage('there is no terminal to show the recovery key on', [
      '--recovery-out FILE writes it to a new file',
    ]);
  const { keepTerminal, tell } = await import('./prompt.ts');
  await keepTerminal(async () => {
    tell(`\nThe recovery key opens every profile without twvault:\n\n  ${identity.encode()}\n`);
    tell('Write it down and keep it away from this machine: it is shown only once, and kept nowhere.\n');
    const confirm = async () => {
      const typed = await ask(`type its last ${PROOF} characters, to be sure`);
      const isRight = typed.reveal().trim().toUpperCase() === identity.encode().slice(-PROOF);
      return isRight ? typed : 'those are others: look again';
    };
    await patiently(tell, confirm, 'the recovery key was not confirmed; nothing was done');
  });
}

function recoveryText(identity: X25519Identity): string {
  return `# a recovery key of a twvault: age -d -i THIS_FILE profiles/NAME.age
# public key: ${identity.recipient().encode()}
${identity.encode()}
`;
}
