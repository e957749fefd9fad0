import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, connect, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { onTestFinished } from 'vitest';
import { temporaryFolder } from '../support/cli.ts';

/** A certificate for api.x.com that only whoever is told to trusts, with its key. */
function selfSigned(): { certificate: string; key: Buffer; cert: Buffer } {
  const folder = temporaryFolder();
  const [certificate, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  const args = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=api.x.com'];
  const { status, stderr } = spawnSync(
    'openssl',
    [...args, '-addext', 'subjectAltName=DNS:api.x.com', '-keyout', key, '-out', certificate],
    { encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`openssl: ${stderr}`);
  return { certificate, key: readFileSync(key), cert: readFileSync(certificate) };
}

async function listening(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

function joined(left: Socket, right: Socket): void {
  for (const [socket, other] of [
    [left, right],
    [right, left],
  ] as const) {
    socket.on('error', () => other.destroy());
    socket.pipe(other);
  }
}

/** TLS in front of a plain server, with a certificate of its own. */
export async function tlsFront(port: number): Promise<{ port: number; certificate: string }> {
  const { certificate, key, cert } = selfSigned();
  const server = createTlsServer({ key, cert }, (socket) => joined(socket, connect(port, '127.0.0.1')));
  server.on('tlsClientError', () => {});
  return { port: await listening(server), certificate };
}

export interface Tunnel {
  readonly target: string | undefined;
  readonly login: string | undefined;
}

/**
 * A proxy that takes CONNECT and leads every tunnel to one port.
 * @param status what it answers; 0 for nothing ever
 */
export async function connectProxy(port: number, status = 200): Promise<{ port: number; tunnels: Tunnel[] }> {
  const tunnels: Tunnel[] = [];
  const server = createServer();
  server.on('connect', (request, socket: Socket) => {
    tunnels.push({ target: request.url, login: request.headers['proxy-authorization'] });
    socket.on('error', () => {});
    if (status === 0) return;
    socket.write(`HTTP/1.1 ${status} Told\r\n\r\n`);
    if (status === 200) joined(socket, connect(port, '127.0.0.1'));
    else socket.end();
  });
  return { port: await listening(server), tunnels };
}
