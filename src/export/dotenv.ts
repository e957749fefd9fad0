import { type ExportFormat, unwritable } from './format.ts';
import type { Variable } from './variable.ts';

/** What neither dotenv nor a shell gives a meaning to: zsh puts a program's path for `=NAME`, also behind a colon. */
const PLAIN = /^(?!=|.*:=)[A-Za-z0-9_%+=:,./@-]+$/;

/**
 * A line that dotenv, python-dotenv, Node and a shell (`set -a; . ./.env`) read the same. They have few quotings in
 * common: dotenv knows no escaped quote, a shell expands `$` and backticks between double quotes, python-dotenv takes
 * two backslashes for one and expands `${NAME}` in any quotes, and all stop at the next quote of the same kind.
 */
function line(variable: Variable): string {
  const { name, value } = variable;
  if (PLAIN.test(value)) return `${name}=${value}\n`;
  if (value.includes('\r'))
    throw unwritable(variable, 'holds a carriage return, which dotenv takes for a line end');
  if (value.includes('${')) throw unwritable(variable, 'holds ${, which python-dotenv expands');
  // dotenv takes a backslash before the closing quote for an escape.
  if (!/'|\\\\|\\$/.test(value)) return `${name}='${value}'\n`;
  if (!/["$`\\]/.test(value)) return `${name}="${value}"\n`;
  throw unwritable(
    variable,
    'mixes quotes or backslashes in a way that dotenv libraries and a shell read differently',
  );
}

export const dotenv: ExportFormat = {
  about: 'a .env file that dotenv libraries and a shell read the same',
  render: (variables) => variables.map(line).join(''),
};
