import { cleanField } from '../../profile/clean.ts';
import { type FieldName, fieldOf } from '../../profile/fields.ts';
import type { Secret } from '../../profile/secret.ts';
import { askSecret, tell } from '../prompt.ts';

/**
 * Asks for a field until the answer is usable.
 * @param isOptional whether Enter alone leaves it out
 */
export async function askField(field: FieldName, isOptional = false): Promise<Secret | undefined> {
  const end = isOptional ? ', Enter alone if there is none' : '';
  for (;;) {
    const answer = await askSecret(`${fieldOf(field).label} (${field}${end})`);
    if (isOptional && answer.reveal().trim() === '') return undefined;
    try {
      const { secret } = cleanField(field, answer.reveal());
      tell(`  took ${secret.length} characters`);
      return secret;
    } catch (error) {
      tell(`  ${(error as Error).message}: paste it again`);
    }
  }
}
