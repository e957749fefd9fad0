import { createHash } from 'node:crypto';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Releases on this machine, at the paths that a forge has them. */
export interface Releases {
  readonly url: string;
  /** By path; what is not here is not found. */
  readonly files: Map<string, string | ((response: ServerResponse) => void)>;
  readonly asked: string[];
}

export async function releases(): Promise<Releases> {
  const files: Releases['files'] = new Map();
  const asked: string[] = [];
  const server = createServer(({ url = '' }, response) => {
    asked.push(url);
    const file = files.get(url);
    if (typeof file === 'function') file(response);
    else response.writeHead(file === undefined ? 404 : 200).end(file);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, files, asked };
}

/** A program in place of the binary: says its version, keeps what it was asked, and waits where it is told to. */
export const standIn = (version: string): string => `#!/bin/sh
case $1 in
  --version) echo ${version} ;;
  wait) echo waiting; read -r line; echo "${version} $line" ;;
  *) echo "$@" >>"$HOME/asked" ;;
esac
`;

/** Publishes a release with this program for some platforms; `latest` is the last one. */
export function publish({ files }: Releases, version: string, names: readonly string[]): void {
  const text = standIn(version);
  const sums = names.map((name) => `${sha256(text)}  ${name}\n`).join('');
  for (const folder of [`/download/v${version}`, '/latest/download']) {
    for (const name of names) files.set(`${folder}/${name}`, text);
    files.set(`${folder}/SHA256SUMS`, sums);
  }
}
