import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it, onTestFinished } from 'vitest';
import { decodeBech32 } from '../../src/age/bech32.ts';
import { X25519Identity } from '../../src/age/x25519.ts';
import { CHALLENGE_SIZE, GREETING, newChallenge, PROOF_SIZE, Session } from '../../src/agent/channel.ts';
import { Limits } from '../../src/agent/limits.ts';
import { ASK, message } from '../../src/agent/request.ts';
import { serve } from '../../src/agent/service.ts';
import { DOMAINS } from '../../src/unlock/writer.ts';
import { CallbackListener, redirectFor } from '../../src/x/callback.ts';
import { temporaryFolder } from '../support/cli.ts';
import { mutated } from './mutate.ts';
import { INPUTS } from './run.ts';

const PATIENCE = 3_600_000;

/** What comes back for bytes, until the other side hangs up or `isEnough`. */
function said(to: string | number, bytes: Uint8Array, isEnough: (got: Buffer) => boolean): Promise<Buffer> {
  const socket = typeof to === 'number' ? connect(to, '127.0.0.1') : connect(to);
  let got = Buffer.alloc(0);
  return new Promise((resolve) => {
    socket.on('error', () => {});
    socket.on('close', () => resolve(got));
    socket.on('data', (more) => {
      got = Buffer.concat([got, more]);
      if (isEnough(got)) socket.destroy();
    });
    socket.end(bytes);
  });
}

it(
  'the agent: any bytes are hung up on or answered, none opens it or ends it',
  async () => {
    const identity = X25519Identity.generate();
    const token = randomBytes(32);
    let locks = 0;
    const lock = () => {
      locks += 1;
    };
    const limits = new Limits(PATIENCE, PATIENCE);
    const server = serve({ token, identities: [identity], limits, isOver: () => false, lock });
    const path = join(temporaryFolder(), 'agent');
    await new Promise<void>((resolve) => server.listen(path, resolve));
    onTestFinished(() => void server.close());

    const hello = Buffer.concat([GREETING, Buffer.alloc(CHALLENGE_SIZE + PROOF_SIZE, 7)]);
    const strangers = fc.asyncProperty(mutated([hello]), async (bytes) => {
      const got = await said(path, bytes, () => false);
      // Its own challenge and proof at most: whoever does not know the token gets no further.
      expect([0, CHALLENGE_SIZE + PROOF_SIZE]).toContain(got.length);
    });
    await fc.assert(strangers, { numRuns: INPUTS });

    const requests = [
      message(ASK.unwrap, Buffer.alloc(128, 5)),
      message(ASK.sign, Buffer.from(`${DOMAINS.record}{}`)),
      message(ASK.recipient),
      message(ASK.report),
      message(ASK.renew, Buffer.from('{"ttl":60000,"max":60000}')),
    ];
    const text = identity.encode();
    const never = [
      Buffer.from(text),
      Buffer.from(decodeBech32('age-secret-key-', text.toLowerCase()) ?? ''),
      token,
    ];
    expect(never[1]).toHaveLength(32);
    let answered = 0;
    const clients = fc.asyncProperty(mutated(requests), async (request) => {
      fc.pre(request[0] !== ASK.lock);
      const answer = await asked(path, token, request);
      if (answer) answered += 1;
      for (const part of never) expect(answer?.includes(part) ?? false).toBe(false);
      expect(answer === undefined || [0, 1, 2, 3].includes(answer[0] as number)).toBe(true);
    });
    await fc.assert(clients, { numRuns: INPUTS });
    const recipient = await asked(path, token, message(ASK.recipient));
    expect(recipient?.toString('utf8', 1)).toBe(identity.recipient().encode());
    expect(locks).toBe(0);
    console.log(`agent: ${INPUTS} inputs of strangers, ${INPUTS} requests of a client, ${answered} answered`);
  },
  PATIENCE,
);

/** The agent's answer to a client that knows the token; undefined where it hung up. */
function asked(path: string, token: Uint8Array, request: Uint8Array): Promise<Buffer | undefined> {
  const challenge = newChallenge();
  const socket = connect(path);
  socket.write(Buffer.concat([GREETING, challenge]));
  let got = Buffer.alloc(0);
  let session: Session | undefined;
  return new Promise((resolve) => {
    socket.on('error', () => {});
    socket.on('close', () => resolve(undefined));
    socket.on('data', (more) => {
      got = Buffer.concat([got, more]);
      if (!session && got.length >= CHALLENGE_SIZE + PROOF_SIZE) {
        session = new Session(token, challenge, got.subarray(0, CHALLENGE_SIZE));
        got = got.subarray(CHALLENGE_SIZE + PROOF_SIZE);
        socket.write(Buffer.concat([session.proof('client'), session.cipher('client').seal(request)]));
      }
      if (!session || got.length < 4 || got.length < 4 + got.readUInt32BE()) return;
      resolve(session.cipher('agent').open(got.subarray(4, 4 + got.readUInt32BE())));
      socket.destroy();
    });
  });
}

it(
  'the callback of a login: no request but the right one ends the wait',
  async () => {
    const state = randomBytes(16).toString('hex');
    const port = 20_000 + (process.pid % 20_000);
    const listener = await CallbackListener.open(port, (given) => given === state);
    onTestFinished(() => listener.close());
    let returned: unknown;
    void listener.returned.then((answer) => {
      returned = answer;
    });
    const request = (target: string) =>
      Buffer.from(`GET ${target} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n\r\n`);
    // Without the state, which nobody else knows.
    const seeds = [
      '/callback?state=x&code=y',
      '/callback?error=access_denied&state=%78',
      '/done',
      '/callback',
    ];
    const property = fc.asyncProperty(mutated(seeds.map(request)), async (bytes) => {
      const got = await said(port, bytes, () => false);
      expect(String(got)).toMatch(/^$|^HTTP\/1\.1 [45]\d\d /);
      expect(returned).toBeUndefined();
    });
    await fc.assert(property, { numRuns: INPUTS });
    const url = new URL(redirectFor(port));
    await said(port, request(`${url.pathname}?state=${state}&code=right`), () => false);
    expect(returned).toHaveProperty('code');
    console.log(`callback: ${INPUTS} requests, none taken; then the right one`);
  },
  PATIENCE,
);
