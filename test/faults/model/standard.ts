import type * as fs from 'node:fs';

/** Standard input, output and error of commands that run in this process. */
export const standard = { input: '', output: '', error: '' };

type Fs = typeof fs;

/** `node:fs` with descriptors 0, 1 and 2 in memory. All others are the real ones. */
export function withStandard(real: Fs): Fs {
  const readFileSync = ((path: number | string, ...rest: []) =>
    path === 0 ? Buffer.from(standard.input) : real.readFileSync(path, ...rest)) as Fs['readFileSync'];
  const writeSync = ((fd: number, bytes: Uint8Array, ...rest: [number]) => {
    if (fd !== 1 && fd !== 2) return real.writeSync(fd, bytes, ...rest);
    const text = Buffer.from(bytes).toString('utf8', rest[0]);
    standard[fd === 1 ? 'output' : 'error'] += text;
    return bytes.length - (rest[0] ?? 0);
  }) as Fs['writeSync'];
  return { ...real, readFileSync, writeSync };
}
