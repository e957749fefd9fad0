import { type ExportFormat, unwritable } from './format.ts';
import type { Variable } from './variable.ts';

/** Docker takes everything after the first `=` to the end of the line; there is no quoting. */
function line(variable: Variable): string {
  const { name, value } = variable;
  if (/[\r\n]/.test(value)) throw unwritable(variable, 'holds a line end, which a docker env file cannot');
  return `${name}=${value}\n`;
}

export const dockerEnv: ExportFormat = {
  about: 'for docker run --env-file: no quoting, so no value of several lines',
  render: (variables) => variables.map(line).join(''),
};
