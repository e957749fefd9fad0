import { type ExportFormat, unwritable } from './format.ts';
import type { Variable } from './variable.ts';

/** Values go over standard input: in arguments they would show in the process list. */
function line(variable: Variable, profile: string): string {
  const { name, source, value } = variable;
  if (/^GITHUB_/i.test(name)) throw unwritable(variable, 'cannot be the name of a GitHub secret');
  if (/[\r\n]$/.test(value)) throw unwritable(variable, 'ends in a line end, which gh takes away');
  return `twvault get ${profile} ${source} | gh secret set ${name}\n`;
}

export const github: ExportFormat = {
  about: 'commands that set GitHub Actions secrets; they hold no value',
  isFreeOfValues: true,
  render: (variables, profile) => variables.map((variable) => line(variable, profile)).join(''),
};
