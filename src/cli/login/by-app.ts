import type { FieldName } from '../../profile/fields.ts';
import type { Secret } from '../../profile/secret.ts';
import { Editor } from '../../vault/editor.ts';
import { bearerFor } from '../../x/login-app.ts';
import { say, warn } from '../voice.ts';
import type { Target } from './target.ts';

/** Gets the app's bearer token and stores it where the app's keys are. */
export async function logInApp(target: Target, isInheriting: boolean): Promise<void> {
  await target.need(['api_key', 'api_secret']);
  const [key, secret] = [target.value('api_key'), target.value('api_secret')] as [Secret, Secret];
  const bearer = await bearerFor({ key, secret });
  const owner = target.ownerOf('api_key');
  const fields = new Map<FieldName, Secret>([['bearer_token', bearer]]);
  if (owner === target.name) await target.keep({ fields });
  else {
    await new Editor(target.vault).update(owner, { fields });
    if (isInheriting) await target.keep({ fields: new Map() });
  }
  const where = owner === target.name ? owner : `${owner}, whose app ${target.name} uses`;
  say(`stored the app's bearer_token in ${where}`);
  const used = target.ownerOf('bearer_token');
  if (target.value('bearer_token') && used !== owner)
    warn(`${target.name} goes on using the bearer_token of ${used}: twvault unset ${used} bearer_token`);
}
