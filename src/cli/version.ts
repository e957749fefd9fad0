import { version } from '../../package.json';
import { FORMAT as backup } from '../backup/document.ts';
import { FORMAT as baseline } from '../scan/baseline.ts';
import { FORMAT as record } from '../store/file.ts';
import { FORMAT as item } from '../store/keychain.ts';
import { FORMAT as vault } from '../vault/config.ts';

/** What `--version --json` prints: which twvault this is, what it runs on, and the forms in which it keeps things. */
export function versionReport(): object {
  const { bun, node, v8 } = process.versions;
  return {
    version,
    build: bun === undefined ? 'npm' : 'binary',
    runtime: bun === undefined ? { name: 'node', version: node, v8 } : { name: 'bun', version: bun },
    platform: process.platform,
    arch: process.arch,
    formats: { vault, record, item, backup, baseline },
  };
}
