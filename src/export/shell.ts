import type { ExportFormat } from './format.ts';

/** In single quotes a shell takes everything as it stands; a single quote itself stands outside them. */
const quoted = (value: string): string => `'${value.replaceAll("'", "'\\''")}'`;

export const shell: ExportFormat = {
  about: 'export lines for sh, bash and zsh',
  render: (variables) => variables.map(({ name, value }) => `export ${name}=${quoted(value)}\n`).join(''),
};
