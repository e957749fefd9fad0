import { basename } from 'node:path';
import type { Format } from './assignment.ts';
import { bare, isBare } from './bare.ts';
import { dotenv } from './dotenv.ts';
import { ini } from './ini.ts';
import { javascript } from './javascript.ts';
import { json } from './json.ts';
import { notebook } from './notebook.ts';
import { properties } from './properties.ts';
import { python } from './python.ts';
import { shell } from './shell.ts';
import { toml } from './toml.ts';
import { yaml } from './yaml.ts';

/** JSON5 is an object of JavaScript; it is read as one, and not rewritten. */
const json5: Format = { name: 'JSON5', kind: 'data', read: (text) => javascript.read(text) };

/** Every format by the names of its files, in this order. A new one is a file beside this and a line here. */
const BY_NAME: readonly (readonly [RegExp, Format])[] = [
  [/^\.env(\..*)?$|\.env$|^env$|\.env\.\w+$/, dotenv],
  [/\.pyw?$|\.pyi$/, python],
  [/\.([mc]?[jt]s|[jt]sx)$/, javascript],
  [/\.(json|jsonc|jsonl|ndjson)$|^\.\w+\.json$/, json],
  [/\.json5$/, json5],
  [/\.ipynb$/, notebook],
  [/\.toml$/, toml],
  [/\.properties$/, properties],
  [/\.(sh|bash|zsh|ksh)$|^\.(envrc|profile|bashrc|bash_profile|zshrc|zshenv|zprofile)$/, shell],
];

/** Files that hold YAML, or JSON where an older version of their program wrote them. */
const YAML = /\.ya?ml$|^\.(twurlrc|trc|xrc|xurl)$/;
const INI = /\.(ini|cfg|conf|cnf)$|^\.twarc$/;

/**
 * The format of a file, by its name where that says it and by its content otherwise.
 * @param text the file's text, without a byte order mark
 */
export function formatOf(path: string, text: string): Format {
  const name = basename(path).toLowerCase();
  const named = BY_NAME.find(([pattern]) => pattern.test(name))?.[1];
  if (named) return named;
  if (YAML.test(name)) return /^\s*\{/.test(text) && isJson(text) ? json : yaml;
  if (INI.test(name) && !isJson(text)) return INI_PAIR.test(text) ? ini : byContent(text);
  return byContent(text);
}

const INI_PAIR = /^[ \t]*[^\s;#[=:][^=:\r\n]*[=:]/m;
const isJson = (text: string): boolean => /^\s*(\{\s*(["}]|\/[/*])|\[\s*[{"[\]])/.test(text);

/** What only one format looks like, the plainer ones last. */
const BY_CONTENT: readonly (readonly [(text: string) => boolean, Format])[] = [
  [isJson, json],
  [(text) => /^#!.*\bpython/.test(text), python],
  [(text) => /^#!.*\b(node|deno|bun)\b/.test(text), javascript],
  [(text) => /^#!.*sh\b/.test(text), shell],
  [(text) => /^[ \t]*\[[^\]\r\n]+\][ \t]*$/m.test(text), ini],
  [(text) => /^(from \w[\w.]* import |import \w[\w.]*[ \t]*$|def \w+\(|class \w+.*:)/m.test(text), python],
  [
    (text) => /^[ \t]*(const|let|var|module\.exports|exports\.\w+|export (const|default))\b/m.test(text),
    javascript,
  ],
  [
    (text) =>
      /^(export )?[A-Za-z_]\w*=("[^"\r\n]*"|'[^'\r\n]*'|[^\s'"]+)[ \t;]+(export )?[A-Za-z_]\w*=/m.test(text),
    shell,
  ],
  [(text) => /^---|^[ \t]*["']?[\w .@-]+["']?:[ \t]*$/m.test(text), yaml],
  [(text) => /^[ \t]*(export[ \t]+)?[\w.-]+[ \t]*=/m.test(text), dotenv],
  [(text) => /^[ \t]*["']?[\w .-]+["']?[ \t]*[:=][ \t]*\S/m.test(text), ini],
  [isBare, bare],
];

function byContent(text: string): Format {
  return BY_CONTENT.find(([looksLike]) => looksLike(text))?.[1] ?? dotenv;
}
