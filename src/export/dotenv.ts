import { type ExportFormat, unwritable } from './format.ts';
import type { Variable } from './variable.ts';

/** What neither dotenv nor a shell gives a meaning to. */
const PLAIN = /^[A-Za-z0-9_%+=:,./@-]+$/;

/**
 * A line that the dotenv libraries and a shell (`set -a; . ./.env`) read the same. They have few quotings in common:
 * dotenv knows no escaped quote, a shell expands `$` and backticks between double quotes, and both stop at the next
 * quote of the same kind.
 */
function line(variable: Variable): string {
  const { name, value } = variable;
  if (PLAIN.test(value)) return `${name}=${value}\n`;
  if (value.includes('\r'))
    throw unwritable(variable, 'holds a carriage return, which dotenv takes for a line end');
  // dotenv takes a backslash before the closing quote for an escape.
  if (!value.includes("'") && !value.endsWith('\\')) return `${name}='${value}'\n`;
  if (!/["$`\\]/.test(value)) return `${name}="${value}"\n`;
  throw unwritable(variable, 'mixes quotes in a way that dotenv and a shell would read differently');
}

export const dotenv: ExportFormat = {
  about: 'a .env file that dotenv libraries and a shell read the same',
  render: (variables) => variables.map(line).join(''),
};
