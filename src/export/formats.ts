import { dockerEnv } from './docker-env.ts';
import { dotenv } from './dotenv.ts';
import type { ExportFormat } from './format.ts';
import { github } from './github.ts';
import { json } from './json.ts';
import { python } from './python.ts';
import { shell } from './shell.ts';

/** Every format that `export` writes. A new one is a file beside this and a line here. */
export const EXPORT_FORMATS = {
  dotenv,
  json,
  shell,
  python,
  github,
  'docker-env': dockerEnv,
} as const satisfies Record<string, ExportFormat>;

export type ExportFormatName = keyof typeof EXPORT_FORMATS;
