import { randomBytes } from 'node:crypto';
import { expect, it, onTestFinished } from 'vitest';
import { open, seal } from '../../src/age/age.ts';
import { X25519Identity } from '../../src/age/x25519.ts';
import { keyFromAgent } from '../../src/agent/key.ts';
import { Limits } from '../../src/agent/limits.ts';
import { placesOf } from '../../src/agent/place.ts';
import { serve } from '../../src/agent/service.ts';
import { writeTokenFile } from '../../src/agent/token-file.ts';
import { ensurePrivateDirectory } from '../../src/system/files.ts';
import { isSignedBy, writerOf } from '../../src/unlock/writer.ts';
import { temporaryFolder } from '../support/cli.ts';

it('serves two identities: either opens, the newest signs and is sealed to', async () => {
  const identities = [X25519Identity.generate(), X25519Identity.generate()] as const;
  const [newest, older] = identities;
  const writers = identities.map((identity) => writerOf(identity).id);
  const home = temporaryFolder();
  const env = { HOME: home };
  const [place] = placesOf(env, home, 'a vault');
  ensurePrivateDirectory(place.directory);
  const token = randomBytes(32);
  const service = { token, limits: new Limits(60_000, 60_000), isOver: () => false, lock: () => {} };
  const server = serve({ ...service, identities });
  onTestFinished(() => void server.close());
  await new Promise<void>((resolve) => server.listen(place.socket, resolve));
  const of = { home, vault: 'a vault', writers, pid: process.pid };
  writeTokenFile(place.token, { ...of, token: token.toString('base64') });

  const key = await keyFromAgent({ env, home, vault: 'a vault', writers });
  if (!key) throw new Error('no agent');
  expect(key.trusted).toEqual(writers);
  for (const identity of identities) {
    const sealed = await seal(Buffer.from('to one of two'), [identity.recipient()]);
    expect(String(Buffer.from(await open(sealed, key.identities)))).toBe('to one of two');
  }
  const strange = await seal(Buffer.from('to another'), [X25519Identity.generate().recipient()]);
  await expect(open(strange, key.identities)).rejects.toThrow('no identity opens this file');
  const sealed = await seal(Buffer.from('to the newest'), [key.recipient]);
  await expect(open(sealed, [older])).rejects.toThrow('no identity opens this file');
  expect(String(Buffer.from(await open(sealed, [newest])))).toBe('to the newest');
  const record = Buffer.from('twvault record v1\n{}');
  expect(isSignedBy(String(writers[0]), record, await key.writer.sign(record))).toBe(true);
  expect(await keyFromAgent({ env, home, vault: 'a vault', writers: writers.slice(0, 1) })).toBeUndefined();
  expect(await keyFromAgent({ env, home, vault: 'a vault', writers: [] })).toBeUndefined();
});
