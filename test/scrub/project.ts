import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Format } from '../../src/intake/assignment.ts';
import { candidatesOf, type Findings } from '../../src/intake/candidates.ts';
import { dotenv } from '../../src/intake/dotenv.ts';
import { javascript } from '../../src/intake/javascript.ts';
import { python } from '../../src/intake/python.ts';
import type { Scrubbable } from '../../src/scrub/moves.ts';
import { type ScrubOptions, type ScrubReport, scrubFiles } from '../../src/scrub/scrub.ts';
import { Editor } from '../../src/vault/editor.ts';
import { openVault } from '../../src/vault/open.ts';
import type { Vault } from '../../src/vault/vault.ts';
import { User } from '../support/cli.ts';
import { repository } from './repository.ts';

/** A user with a vault, and a repository with files that hold keys. */
export class ScrubbedProject {
  readonly user = new User().withFileVault();
  readonly repository = repository();
  readonly root = this.repository.root;
  readonly shown: string[] = [];
  readonly questions: string[] = [];

  path(name: string): string {
    return join(this.root, name);
  }

  bytes(name: string): Buffer {
    return readFileSync(this.path(name));
  }

  text(name: string): string {
    return this.bytes(name).toString();
  }

  write(name: string, content: string | Uint8Array): void {
    writeFileSync(this.path(name), content);
  }

  async vault(): Promise<Vault> {
    const vault = await openVault({
      env: this.user.env,
      home: this.user.home,
      terminal: async () => undefined,
    });
    if (!vault) throw new Error('no vault');
    return vault;
  }

  /** What the files hold. */
  read(names: readonly string[]): { readings: Scrubbable[]; findings: Findings } {
    const readings = names.map((name) => ({ path: this.path(name), format: formatOf(name) }));
    const sources = readings.map(({ path, format }) => ({
      path,
      assignments: format.read(plainText(readFileSync(path))),
    }));
    return { readings, findings: candidatesOf(sources) };
  }

  /** Stores what was found, as an import does. */
  async store({ candidates }: Findings): Promise<void> {
    const editor = new Editor(await this.vault());
    for (const { name, inherit, fields } of candidates) {
      const values = [...fields].flatMap(([field, [place]]) =>
        place ? [[field, place.secret] as const] : [],
      );
      await editor.create(name, { fields: new Map(values), inherit: inherit ?? null }, true);
    }
  }

  /** Imports the files and scrubs them. */
  async scrub(names: readonly string[], options: Partial<ScrubOptions> = {}): Promise<ScrubReport> {
    const { readings, findings } = this.read(names);
    if (findings.candidates.length === 0) throw new Error('nothing found');
    if (!options.isDryRun) await this.store(findings);
    return this.scrubAgain(readings, findings, options);
  }

  async scrubAgain(
    readings: readonly Scrubbable[],
    findings: Findings,
    options: Partial<ScrubOptions> = {},
  ): Promise<ScrubReport> {
    return scrubFiles(readings, findings, await this.vault(), {
      env: { PATH: process.env.PATH },
      show: (diff) => this.shown.push(diff),
      confirm: async (question) => {
        this.questions.push(question);
        return true;
      },
      ...options,
    });
  }
}

function formatOf(name: string): Format {
  if (/\.py$/.test(name)) return python;
  if (/\.[cm]?[jt]sx?$/.test(name)) return javascript;
  if (/^\.?env/.test(basename(name))) return dotenv;
  throw new Error(`no reader for ${name}`);
}

function plainText(bytes: Buffer): string {
  return (bytes[0] === 0xff ? bytes.toString('utf16le') : bytes.toString()).replace(/^\ufeff/, '');
}
