import { randomBytes } from 'node:crypto';
import { createPrivate, readPrivate } from '../system/files.ts';
import { TOKEN_SIZE } from './channel.ts';

/** What an agent leaves beside its socket for its clients, in a file that only its user can read. */
export interface TokenFile {
  /** The secret that both sides share, base64. */
  readonly token: string;
  readonly pid: number;
  /** Whose agent it is: the vault's home and id, and its writers, the newest first. */
  readonly home: string;
  readonly vault: string;
  readonly writers: readonly string[];
}

/** Whether two lists of writers are of the same vault at the same time. */
export const areSameWriters = (some: readonly unknown[], others: readonly unknown[]): boolean =>
  some.length === others.length && some.every((writer, at) => writer === others[at]);

const LIMIT = 8192;
const TEXTS = ['token', 'home', 'vault'] as const;

export const newToken = (): string => randomBytes(TOKEN_SIZE).toString('base64');

export function writeTokenFile(path: string, content: TokenFile): void {
  createPrivate(path, Buffer.from(`${JSON.stringify(content)}\n`));
}

/** The content, or undefined where there is no such file or it is not one. @throws Failure where it is not safe to read */
export function readTokenFile(path: string): TokenFile | undefined {
  const bytes = readPrivate(path, LIMIT);
  return bytes ? parse(bytes.toString('utf8')) : undefined;
}

function parse(text: string): TokenFile | undefined {
  try {
    const content = JSON.parse(text) as TokenFile;
    const isWhole =
      TEXTS.every((name) => typeof content[name] === 'string') && Array.isArray(content.writers);
    const isLong = Buffer.from(content.token, 'base64').length === TOKEN_SIZE;
    return isWhole && isLong && Number.isSafeInteger(content.pid) ? content : undefined;
  } catch {
    return undefined;
  }
}
