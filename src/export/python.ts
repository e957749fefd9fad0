import type { ExportFormat } from './format.ts';

export const python: ExportFormat = {
  about: 'assignments, as in twitter_credentials.py',
  // JSON's escapes mean the same in a Python string.
  render: (variables) => variables.map(({ name, value }) => `${name} = ${JSON.stringify(value)}\n`).join(''),
};
