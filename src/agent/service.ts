import { createServer, type Server, type Socket } from 'node:net';
import { AgeError } from '../age/error.ts';
import type { X25519Identity } from '../age/x25519.ts';
import { DOMAINS, writerOf } from '../unlock/writer.ts';
import { CHALLENGE_SIZE, GREETING, newChallenge, PROOF_SIZE, Session } from './channel.ts';
import type { Limits } from './limits.ts';
import { ANSWER, ASK, message, type Times } from './request.ts';
import { unpackStanzas } from './stanzas.ts';
import { Wire } from './wire.ts';

const MOST_CONNECTIONS = 128;
/** How long a client may take for each step, in ms. */
const PATIENCE_MS = 2000;

export interface Service {
  /** The newest first: that one signs. */
  readonly identities: readonly X25519Identity[];
  readonly token: Uint8Array;
  readonly limits: Limits;
  /** Called once whoever asked for it has been answered. */
  readonly lock: () => void;
  /** Looked at before each answer: what a second's look has not noticed yet. */
  readonly isOver: () => boolean;
}

/** Answers clients that know the token. Gives out file keys and signatures, never the identity. */
export function serve(service: Service): Server {
  const server = createServer((socket) => {
    const wire = new Wire(socket);
    socket.on('data', (bytes) => wire.receive(bytes));
    converse(socket, wire, service).catch(() => wire.close());
  });
  server.maxConnections = MOST_CONNECTIONS;
  return server;
}

async function converse(socket: Socket, wire: Wire, service: Service): Promise<void> {
  const session = await introduce(wire, service.token);
  const [ours, theirs] = [session.cipher('agent'), session.cipher('client')];
  for (;;) {
    const request = await wire.readMessage(theirs, PATIENCE_MS);
    if (service.isOver()) return service.lock();
    const answer = ours.seal(await answerTo(request, service));
    if (request[0] === ASK.lock) socket.end(answer, service.lock);
    else if (!wire.write(answer)) throw new Error('nobody reads');
  }
}

/** Shows that the agent knows the token, and demands the same of the client. */
async function introduce(wire: Wire, token: Uint8Array): Promise<Session> {
  const hello = await wire.read(GREETING.length + CHALLENGE_SIZE, PATIENCE_MS);
  if (!hello.subarray(0, GREETING.length).equals(GREETING)) throw new Error('not a client');
  const challenge = newChallenge();
  const session = new Session(token, hello.subarray(GREETING.length), challenge);
  wire.write(Buffer.concat([challenge, session.proof('agent')]));
  if (!session.isProof('client', await wire.read(PROOF_SIZE, PATIENCE_MS))) throw new Error('a stranger');
  return session;
}

async function answerTo(request: Buffer, { identities, limits }: Service): Promise<Buffer> {
  const body = request.subarray(1);
  const [newest] = identities;
  if (!newest) return refused('it has no identity');
  switch (request[0]) {
    case ASK.unwrap:
      limits.use();
      return unwrap(identities, body);
    case ASK.sign:
      limits.use();
      return sign(newest, body);
    case ASK.recipient:
      limits.use();
      return ok(Buffer.from(newest.recipient().encode()));
    case ASK.renew:
      return renew(limits, body);
    case ASK.report:
      return ok(Buffer.from(JSON.stringify(limits.report())));
    case ASK.lock:
      return ok();
    default:
      return refused('it does not know this request: lock it, and unlock again');
  }
}

const ok = (body?: Uint8Array): Buffer => message(ANSWER.ok, body);
const refused = (why: string): Buffer => message(ANSWER.refused, Buffer.from(why));

async function unwrap(identities: readonly X25519Identity[], body: Buffer): Promise<Buffer> {
  try {
    const stanzas = unpackStanzas(body);
    for (const identity of identities) {
      const fileKey = await identity.unwrapFileKey(stanzas);
      if (!fileKey) continue;
      const answer = ok(fileKey);
      fileKey.fill(0);
      return answer;
    }
    return message(ANSWER.none);
  } catch (error) {
    if (!(error instanceof AgeError)) throw error;
    return message(ANSWER.malformed, Buffer.from(error.message));
  }
}

/** Signs what twvault signs and nothing else, so that a signature can never be taken for one of another meaning. */
async function sign(identity: X25519Identity, text: Buffer): Promise<Buffer> {
  const isOurs = Object.values(DOMAINS).some((domain) => text.indexOf(domain) === 0);
  if (!isOurs) return refused('it signs records and lists of recipients only');
  return ok(Buffer.from(await writerOf(identity).sign(text), 'base64'));
}

function renew(limits: Limits, body: Buffer): Buffer {
  const { ttl, max } = JSON.parse(body.toString('utf8')) as Times;
  if (!(ttl > 0 && max > 0)) return refused('those are no times');
  limits.renew(ttl, max);
  return ok(Buffer.from(JSON.stringify(limits.report())));
}
