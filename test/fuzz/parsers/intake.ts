import { Failure } from '../../../src/failure.ts';
import type { Format } from '../../../src/intake/assignment.ts';
import { bare } from '../../../src/intake/bare.ts';
import { collectFields } from '../../../src/intake/collect.ts';
import { dotenv } from '../../../src/intake/dotenv.ts';
import { understand } from '../../../src/intake/formats.ts';
import { ini } from '../../../src/intake/ini.ts';
import { javascript } from '../../../src/intake/javascript.ts';
import { json } from '../../../src/intake/json.ts';
import { notebook } from '../../../src/intake/notebook.ts';
import { php } from '../../../src/intake/php.ts';
import { properties } from '../../../src/intake/properties.ts';
import { python } from '../../../src/intake/python.ts';
import { readText } from '../../../src/intake/read.ts';
import { ruby } from '../../../src/intake/ruby.ts';
import { shell } from '../../../src/intake/shell.ts';
import { toml } from '../../../src/intake/toml.ts';
import { yaml } from '../../../src/intake/yaml.ts';
import { caseNames, readCase, template } from '../../import/case.ts';
import { Tokens } from '../../import/tokens.ts';
import type { Parser } from '../law.ts';

const FORMATS: readonly Format[] = [
  ...[python, javascript, php, ruby, notebook, dotenv, json, yaml, toml, ini, properties, shell, bare],
];

const tokens = new Tokens('fuzz');

/** The files that `import` is tested with, by their format. */
const files = caseNames('good')
  .flatMap((name) =>
    readCase('good', name).args.map((path) => ({ path, text: template('good', name, path) })),
  )
  .filter((file): file is { path: string; text: string } => file.text !== undefined)
  .map(({ path, text }) => {
    const bytes = Buffer.from(tokens.fill(text), 'latin1');
    return { bytes, format: understand(path, bytes.toString()).format };
  });
const secrets = tokens.secrets().map(([, secret]) => secret);

const shared = { refusals: [Failure], secrets };

export const INTAKE: readonly Parser[] = [
  ...FORMATS.map((format) => ({
    ...shared,
    name: `import-${format.name.toLowerCase().replace(/\W+/g, '-')}`,
    seeds: files.filter((file) => file.format === format).map(({ bytes }) => bytes),
    read: (bytes: Buffer) => format.read(bytes.toString()),
  })),
  {
    ...shared,
    name: 'import-any',
    seeds: files.map(({ bytes }) => bytes),
    read: (bytes) => understand('no-ending', bytes.toString()),
  },
  {
    ...shared,
    name: 'add-stdin',
    seeds: files.filter(({ format }) => [json, dotenv].includes(format)).map(({ bytes }) => bytes),
    read: (bytes) => collectFields(readText(bytes.toString())),
  },
];
