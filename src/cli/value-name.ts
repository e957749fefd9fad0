import { usage } from '../failure.ts';
import { FIELDS } from '../profile/fields.ts';
import { isExtraName, printable } from '../profile/names.ts';
import { fieldNamed } from '../profile/spelling.ts';

/** Environment names that a preset gives to a field. */
const PRESET_VARIABLES = new Map(
  FIELDS.flatMap(({ name, env }) => Object.values(env).map((variable) => [variable, name])),
);

/**
 * What a value's name on the command line means: a field by its canonical name, its name in a preset or another
 * lower-case spelling; otherwise an extra under its own upper-case name.
 * @throws Failure exit 2
 */
export function namedValue(text: string): string {
  const field = PRESET_VARIABLES.get(text);
  if (field) return field;
  if (isExtraName(text)) return text;
  const spelled = fieldNamed(text);
  if (spelled) return spelled;
  throw usage(`${printable(text)} is neither a field nor a usable variable name`, [
    `fields: ${FIELDS.map(({ name }) => name).join(', ')}`,
    'extras are upper case, as in OPENAI_API_KEY, and none of the names that change how programs are run',
  ]);
}
