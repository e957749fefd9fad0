import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  copyFileSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { basename, dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { decodeBech32 } from '../../src/age/bech32.ts';
import { GREETING, newChallenge, Session } from '../../src/agent/channel.ts';
import type { AgentPlace } from '../../src/agent/place.ts';
import { ANSWER, ASK, message } from '../../src/agent/request.ts';
import { RUNNER, TWVAULT } from '../support/cli.ts';
import { isAlive, LockedUser, PASSPHRASE, until } from './locked.ts';

const GET = ['get', 'personal', 'api_key'];

/** Whether this is root, who may have a /run of the test's own. */
function canMount(): boolean {
  if (process.geteuid?.() !== 0) return false;
  return spawnSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'none', '/run']).status === 0;
}

async function unlocked(): Promise<LockedUser> {
  const user = await LockedUser.make();
  expect(user.unlock().status).toBe(0);
  return user;
}

function works(user: LockedUser): void {
  expect(user.must(GET).stdout.trim()).toBe(user.keys.api_key);
}

/** Someone who talks to a socket in bytes. */
class Stranger {
  readonly socket: Socket;
  got = Buffer.alloc(0);
  isOver = false;

  constructor(path: string) {
    this.socket = connect(path);
    this.socket.on('data', (bytes) => {
      this.got = Buffer.concat([this.got, bytes]);
    });
    this.socket.on('error', () => {});
    this.socket.on('close', () => {
      this.isOver = true;
    });
    onTestFinished(() => void this.socket.destroy());
  }

  send(bytes: Uint8Array): this {
    this.socket.write(bytes);
    return this;
  }

  /** Goes through the introduction, and gives what messages are sealed and opened with. */
  async introduce(token: Uint8Array, prove = (session: Session) => session.proof('client')) {
    const challenge = newChallenge();
    this.send(Buffer.concat([GREETING, challenge]));
    await until(() => this.got.length === 64 || this.isOver);
    const session = new Session(token, challenge, this.got.subarray(0, 32));
    this.send(prove(session));
    const [ours, theirs] = [session.cipher('client'), session.cipher('agent')];
    return {
      session,
      ask: async (kind: number, body?: Uint8Array): Promise<Buffer> => {
        this.got = Buffer.alloc(0);
        this.send(ours.seal(message(kind, body)));
        await until(() => this.isOver || this.got.length >= 4 + (this.got.length && this.got.readUInt32BE()));
        return theirs.open(this.got.subarray(4));
      },
      ours,
    };
  }

  /** Waits until it is hung up on. */
  async rejected(): Promise<void> {
    await until(() => this.isOver);
  }
}

describe('whoever speaks to the agent without knowing its token', () => {
  it('learns nothing and is hung up on, and the agent goes on', async () => {
    const user = await unlocked();
    const { socket } = user.agent.place;
    const garbage = new Stranger(socket).send(randomBytes(48));
    const long = new Stranger(socket).send(randomBytes(1_000_000));
    const half = new Stranger(socket).send(GREETING);
    const silent = new Stranger(socket);
    const wrong = new Stranger(socket);
    const { session } = await wrong.introduce(randomBytes(32));
    for (const stranger of [garbage, long, half, silent, wrong]) await stranger.rejected();
    for (const stranger of [garbage, long, half, silent]) expect(stranger.got.length).toBe(0);
    expect(wrong.got.length).toBe(64);
    expect(session.isProof('agent', wrong.got.subarray(32))).toBe(false);
    works(user);
  });

  it('cannot use what another has said before', async () => {
    const user = await unlocked();
    const { place, token } = user.agent;
    const genuine = new Stranger(place.socket);
    const challenge = newChallenge();
    genuine.send(Buffer.concat([GREETING, challenge]));
    await until(() => genuine.got.length === 64);
    const session = new Session(token, challenge, genuine.got.subarray(0, 32));
    const said = Buffer.concat([session.proof('client'), session.cipher('client').seal(message(ASK.lock))]);
    const replaying = new Stranger(place.socket).send(Buffer.concat([GREETING, challenge]));
    await until(() => replaying.got.length === 64);
    await replaying.send(said).rejected();
    expect(isAlive(user.agent.pid)).toBe(true);
  });

  it('is hung up on without a proof, whatever else it knows', async () => {
    const user = await unlocked();
    const { place, token, pid } = user.agent;
    const stranger = new Stranger(place.socket);
    const { ours } = await stranger.introduce(token, () => randomBytes(32));
    await stranger.send(ours.seal(message(ASK.lock))).rejected();
    expect(isAlive(pid)).toBe(true);
  });

  it('cannot keep others out for long, however many connections it opens', async () => {
    const user = await unlocked();
    const { socket } = user.agent.place;
    const crowd = Array.from({ length: 300 }, () => new Stranger(socket));
    await until(() => crowd.every(({ isOver }) => isOver));
    works(user);
  });
});

describe('whoever knows the token', () => {
  it('gets file keys and signatures of records, and nothing else', async () => {
    const user = await unlocked();
    const { place, token, pid } = user.agent;
    const { ask } = await new Stranger(place.socket).introduce(token);
    for (const text of ['twvault record v1\n{}', 'twvault recipients v1\n{}'])
      expect((await ask(ASK.sign, Buffer.from(text)))[0]).toBe(ANSWER.ok);
    for (const text of ['', 'twvault record v1', 'twvault record v2\n{}', ' twvault record v1\n{}']) {
      const answer = await ask(ASK.sign, Buffer.from(text));
      expect([answer[0], answer.toString('utf8', 1)]).toEqual([
        ANSWER.refused,
        'it signs records and lists of recipients only',
      ]);
    }
    expect((await ask(ASK.unwrap, randomBytes(64)))[0]).toBe(ANSWER.none);
    expect((await ask(ASK.unwrap, Buffer.alloc(64)))[0]).toBe(ANSWER.malformed); // a low-order point
    expect((await ask(ASK.unwrap, randomBytes(63)))[0]).toBe(ANSWER.malformed);
    expect((await ask(200))[0]).toBe(ANSWER.refused);
    expect((await ask(ASK.renew, Buffer.from('{"ttl":-1,"max":1}')))[0]).toBe(ANSWER.refused);
    expect(isAlive(pid)).toBe(true);
    works(user);
  });

  it.each([
    [
      'a message that was altered',
      (sealed: Buffer) => sealed.fill(0, 10, 11).fill(sealed[10] ? 0 : 1, 10, 11),
    ],
    ['half a message', (sealed: Buffer) => sealed.subarray(0, 8)],
    ['a message that says it is too long', () => Buffer.from([0x7f, 0xff, 0xff, 0xff, 1, 2, 3])],
    ['an empty message', () => Buffer.alloc(4)],
    ['what is no times', (_: Buffer, seal: (text: Uint8Array) => Buffer) => seal(message(ASK.renew))],
  ])('is hung up on for %s', async (_, change) => {
    const user = await unlocked();
    const { place, token } = user.agent;
    const stranger = new Stranger(place.socket);
    const { ours } = await stranger.introduce(token);
    const seal = (text: Uint8Array) => ours.seal(text);
    const sealed =
      change.length === 2 ? change(Buffer.alloc(0), seal) : change(seal(message(ASK.report)), seal);
    stranger.got = Buffer.alloc(0);
    await stranger.send(sealed).rejected();
    expect(stranger.got.length).toBe(0);
    works(user);
  });

  it('is hung up on when it never reads', async () => {
    const user = await unlocked();
    const { place, token } = user.agent;
    const stranger = new Stranger(place.socket);
    const { ours } = await stranger.introduce(token);
    stranger.socket.pause();
    let isRejected = false;
    stranger.socket.on('error', () => {
      isRejected = true;
    });
    const text = message(ASK.sign, Buffer.from('twvault record v1\n'));
    for (let count = 0; count < 20_000 && !isRejected; count += 1) {
      if (!stranger.socket.write(ours.seal(text))) await new Promise((resolve) => setImmediate(resolve));
    }
    await until(() => isRejected);
    works(user);
  });
});

/** Someone who listens where the agent should. */
async function impostor(path: string, onConnection: (socket: Socket) => void): Promise<Server> {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  rmSync(path, { force: true });
  const server = createServer((socket) => {
    socket.on('error', () => {});
    onConnection(socket);
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  onTestFinished(() => void server.close());
  return server;
}

/** Puts a relay between a user and their agent, in another folder: the agent itself would notice. */
async function relay(user: LockedUser, hear: (bytes: Buffer) => void): Promise<{ token: string }> {
  const { place } = user.agent;
  const run = join(user.root, 'relay');
  const [socket, token] = [place.socket, place.token].map((path) => join(run, 'twvault', basename(path)));
  await impostor(String(socket), (client) => {
    const agent = connect(place.socket);
    agent.on('error', () => {});
    for (const end of [client, agent]) end.on('data', hear);
    client.pipe(agent).pipe(client);
  });
  chmodSync(run, 0o700);
  copyFileSync(place.token, String(token));
  user.env = { ...user.env, XDG_RUNTIME_DIR: run, XDG_STATE_HOME: join(run, 'none') };
  return { token: String(token) };
}

/** A user whose agent was killed, which leaves a socket that nobody listens on, and a token. */
async function abandoned(): Promise<{ user: LockedUser; place: AgentPlace }> {
  const user = await unlocked();
  const { place, pid } = user.agent;
  process.kill(pid, 'SIGKILL');
  await until(() => !isAlive(pid));
  return { user, place };
}

describe('what stands where the agent should be', () => {
  it('may be a stale socket: commands go on without it, unlock replaces it', async () => {
    const { user } = await abandoned();
    expect(user.run(GET).status).toBe(3);
    expect(user.must(GET, { env: { TWVAULT_PASSPHRASE: PASSPHRASE } }).stdout.trim()).toBe(user.keys.api_key);
    expect(user.must(['status']).stdout).toMatch(/open +no/);
    expect(user.unlock().status).toBe(0);
    works(user);
  });

  it.each([
    ['says nothing', () => {}],
    ['babbles', (socket: Socket) => void socket.write(randomBytes(64))],
    ['says too much', (socket: Socket) => void socket.write(randomBytes(300_000))],
    ['hangs up', (socket: Socket) => void socket.destroy()],
  ])('may be a stranger who %s: it learns nothing, and commands go on without it', async (_, behave) => {
    const { user, place } = await abandoned();
    const heard: Buffer[] = [];
    await impostor(place.socket, (socket) => {
      socket.on('data', (bytes) => heard.push(bytes));
      behave(socket);
    });
    expect((await user.start(GET)).status).toBe(3);
    const given = await user.start(GET, { env: { TWVAULT_PASSPHRASE: PASSPHRASE } });
    expect(given.stdout.trim()).toBe(user.keys.api_key);
    // A greeting and a challenge from each command, and nothing after it.
    for (const bytes of heard) expect(bytes.length).toBe(GREETING.length + 32);
    const unlocking = await user.unlockBesideOthers();
    user.noteAgents();
    expect(unlocking.status).toBe(0);
    works(user);
  });

  it('may be the agent of another writer, which is not used', async () => {
    const user = await unlocked();
    const { token } = await relay(user, () => {});
    expect((await user.start(GET)).status).toBe(0);
    writeFileSync(token, readFileSync(token, 'utf8').replace(/("writers":\[")./, '$1_'));
    expect((await user.start(GET)).status).toBe(3);
  });

  it('may be in a folder that others can enter, and is not used then', async () => {
    const user = await unlocked();
    const { token } = await relay(user, () => {});
    expect((await user.start(GET)).status).toBe(0);
    chmodSync(dirname(token), 0o755);
    expect((await user.start(GET)).status).toBe(3);
  });

  it('may be a file', async () => {
    const { user, place } = await abandoned();
    rmSync(place.socket);
    writeFileSync(place.socket, 'a file');
    expect(user.run(GET).status).toBe(3);
    expect(user.unlock().status).toBe(0);
    works(user);
  });

  it('may have a token that is none', async () => {
    for (const text of [
      '',
      '{}',
      'null',
      '{"token":1}',
      `{"token":"${'A'.repeat(43)}="}`,
      '\0'.repeat(100),
      'x'.repeat(9000),
    ]) {
      const { user, place } = await abandoned();
      writeFileSync(place.token, text);
      if (text.length < 8192) expect(user.agents()).toEqual([]);
      expect(user.run(GET).status).toBe(3);
      expect(user.unlock().status).toBe(0);
      works(user);
    }
  });

  it('may be an agent that does not answer: it ends once it sees that another has its place', async () => {
    const user = await unlocked();
    const { pid } = user.agent;
    process.kill(pid, 'SIGSTOP');
    expect(user.run(GET).status).toBe(3);
    expect(user.unlock().status).toBe(0);
    works(user);
    process.kill(pid, 'SIGCONT');
    await until(() => !isAlive(pid));
    works(user);
    const { pid: second } = user.agent;
    process.kill(second, 'SIGSTOP');
    expect(user.must(['lock']).stderr).toContain('removed what an agent left behind');
    process.kill(second, 'SIGCONT');
    await until(() => !isAlive(second));
  });
});

describe('the folder of the agents', () => {
  it('is in XDG_RUNTIME_DIR where that is private, else under ~/.local/state, never in a shared folder', async () => {
    const user = await LockedUser.make();
    const runtime = join(user.root, 'run');
    mkdirSync(runtime, { mode: 0o700 });
    user.env = { ...user.env, XDG_RUNTIME_DIR: runtime };
    user.unlock();
    expect(user.agent.place.directory).toBe(join(runtime, 'twvault'));
    works(user);
    user.must(['lock']);
    chmodSync(runtime, 0o777);
    user.unlock();
    expect(user.agent.place.directory).toBe(join(user.root, '.local/state/twvault'));
    user.must(['lock']);
    user.env = { ...user.env, XDG_RUNTIME_DIR: '/tmp' };
    user.unlock();
    expect(user.agent.place.directory).toBe(join(user.root, '.local/state/twvault'));
  });

  it.skipIf(!canMount())(
    'of a login is found by who has no XDG_RUNTIME_DIR, and one from before the login too',
    async () => {
      const user = await LockedUser.make();
      const { XDG_RUNTIME_DIR, ...env } = user.env;
      const script = `set -e
      twvault() { "$NODE" "$TWVAULT" "$@"; }
      unlock() { TWVAULT_PASSPHRASE='${PASSPHRASE}' twvault unlock 2>/dev/null; }
      mount -t tmpfs none /run
      mkdir /run/user && mkdir -m 700 /run/user/0
      XDG_RUNTIME_DIR=/run/user/0 unlock
      twvault ${GET.join(' ')}
      twvault status | grep -c 'by the agent'
      twvault lock
      chmod 755 /run/user/0
      unlock
      ls "$HOME/.local/state/twvault" | grep -c sock
      chmod 700 /run/user/0
      XDG_RUNTIME_DIR=/run/user/0 twvault ${GET.join(' ')}
      XDG_RUNTIME_DIR=/run/user/0 twvault lock
      ls "$HOME/.local/state/twvault" /run/user/0/twvault | grep -c sock || true`;
      const { stdout, stderr } = spawnSync('unshare', ['-m', 'sh', '-c', script], {
        env: { ...env, NODE: RUNNER, TWVAULT } as NodeJS.ProcessEnv,
        encoding: 'utf8',
      });
      const { api_key } = user.keys;
      expect([stdout.split('\n'), stderr]).toEqual([
        [api_key, '1', '1', api_key, '0', ''],
        `twvault: ${user.home} is locked\n`.repeat(2),
      ]);
    },
  );

  const spoil: readonly (readonly [string, (path: string) => void, RegExp])[] = [
    [
      'a link',
      (path) => {
        mkdirSync(`${path}.real`, { mode: 0o700, recursive: true });
        symlinkSync(`${path}.real`, path);
      },
      /is a symbolic link/,
    ],
    [
      'open to others',
      (path) => {
        mkdirSync(path, { recursive: true });
        chmodSync(path, 0o770);
      },
      /is open to others \(0770\)/,
    ],
    [
      'a file',
      (path) => {
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, '');
      },
      /is not a folder/,
    ],
    ...(process.geteuid?.() === 0
      ? [
          [
            "another user's",
            (path: string) => {
              mkdirSync(path, { mode: 0o700, recursive: true });
              chownSync(path, 65534, 65534);
            },
            /belongs to another user/,
          ] as const,
        ]
      : []),
  ];

  it.each(spoil)(
    'is refused where it is %s, and commands go on without an agent',
    async (_, make, expected) => {
      const user = await LockedUser.make();
      make(join(user.root, '.local/state/twvault'));
      const unlocking = user.run(['unlock'], { env: { TWVAULT_PASSPHRASE: PASSPHRASE } });
      expect([unlocking.status, unlocking.stderr]).toEqual([1, expect.stringMatching(expected)]);
      expect(user.run(GET).status).toBe(3);
      expect(user.run(['lock']).status).toBe(1);
      const env = { TWVAULT_PASSPHRASE: PASSPHRASE };
      const doctor = user.run(['doctor', '--fix'], { env });
      expect([doctor.stdout, doctor.stderr]).toEqual([
        expect.stringMatching(expected),
        expect.stringContaining('made the index anew'),
      ]);
      const given = user.must(GET, { env });
      expect(given.stdout.trim()).toBe(user.keys.api_key);
    },
  );

  it('may be too deep for a socket, which is said', async () => {
    const user = await LockedUser.make();
    const deep = join(user.root, 'x'.repeat(100));
    mkdirSync(deep, { mode: 0o700 });
    const env = { XDG_RUNTIME_DIR: deep, TWVAULT_PASSPHRASE: PASSPHRASE };
    const { status, stderr } = user.run(['unlock'], { env });
    expect([status, stderr]).toEqual([1, expect.stringContaining('is too long for a socket')]);
    expect(user.must(GET, { env }).stdout.trim()).toBe(user.keys.api_key);
  });
});

describe('what goes over the socket', () => {
  it('holds neither the identity, nor a key of a profile, nor a file key', async () => {
    const user = await unlocked();
    const recorded: Buffer[] = [];
    await relay(user, (bytes) => recorded.push(bytes));
    const extra = 'made-up-extra-of-the-relay';
    expect((await user.start(['set', 'personal', 'OPENAI_API_KEY'], { input: extra })).status).toBe(0);
    expect((await user.start(GET)).stdout.trim()).toBe(user.keys.api_key);
    const session = Buffer.concat(recorded);
    expect(session.length).toBeGreaterThan(1000);
    const identity = await user.identity();
    const words = [identity, identity.slice('AGE-SECRET-KEY-1'.length), extra, user.keys.api_key, PASSPHRASE];
    for (const word of words) {
      expect(session.includes(word)).toBe(false);
      expect(session.includes(Buffer.from(word).toString('base64').slice(0, -4))).toBe(false);
    }
    const scalar = decodeBech32('age-secret-key-', identity) as Uint8Array;
    expect(session.includes(Buffer.from(scalar))).toBe(false);
    expect(session.includes('twvault record v1')).toBe(false);
  });
});
