import type { ExportFormat } from './format.ts';

export const json: ExportFormat = {
  about: 'one object of names and values',
  render: (variables) =>
    `${JSON.stringify(Object.fromEntries(variables.map(({ name, value }) => [name, value])), null, 2)}\n`,
};
