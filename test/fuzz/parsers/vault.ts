import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { seal } from '../../../src/age/age.ts';
import { X25519Identity } from '../../../src/age/x25519.ts';
import { readTokenFile } from '../../../src/agent/token-file.ts';
import { backupFrom, backupText } from '../../../src/backup/document.ts';
import { unfinishedRestore } from '../../../src/backup/unfinished.ts';
import { profileInRecord } from '../../../src/cli/record.ts';
import { Failure } from '../../../src/failure.ts';
import { profileToJson } from '../../../src/profile/codec.ts';
import { canonical, FormatError, type Json, parseCanonical } from '../../../src/profile/json.ts';
import { changed, emptyProfile, type Profile } from '../../../src/profile/profile.ts';
import { Secret } from '../../../src/profile/secret.ts';
import { projectAt } from '../../../src/project/project-file.ts';
import { readBaseline } from '../../../src/scan/baseline.ts';
import { FileStore } from '../../../src/store/file.ts';
import { KeychainStore } from '../../../src/store/keychain.ts';
import { keyOf } from '../../../src/unlock/key.ts';
import { DOMAINS, writerOf } from '../../../src/unlock/writer.ts';
import { readConfig } from '../../../src/vault/config.ts';
import { notedMigration } from '../../../src/vault/migration.ts';
import { homePresets } from '../../../src/vault/presets.ts';
import { ProfileIndex } from '../../../src/vault/profile-index.ts';
import { type Parser, SECRET } from '../law.ts';

const AT = '2026-01-02T03:04:05Z';
const owner = X25519Identity.generate();
const writer = writerOf(owner);
const vault = 'a-vault';

const profile: Profile = changed(
  { ...emptyProfile('personal', AT), generation: 1 },
  {
    fields: new Map([
      ['api_secret', new Secret(SECRET)],
      ['access_token', new Secret(`12345-${SECRET.slice(0, 40)}`)],
      ['oauth2_access_token', new Secret(SECRET + SECRET)],
    ]),
    extras: new Map([['OPENAI_API_KEY', new Secret(SECRET)]]),
    inherit: 'app',
    account: { id: '12345', name: 'someone' },
    grant: { expires: AT, scopes: ['tweet.read', 'offline.access'] },
    staged: new Map([['api_key', new Secret(SECRET.slice(0, 25))]]),
    recipients: { add: [owner.recipient().encode()] },
  },
  AT,
);
const body = canonical({
  format: 'twvault-record-1',
  profile: profileToJson(profile),
  vault,
  writer: writer.id,
});

/** The same JSON in its one spelling, so that edits of it come further than to the check of the spelling. */
function respelled(bytes: Buffer): string {
  try {
    return canonical(JSON.parse(bytes.toString()) as Json);
  } catch {
    return bytes.toString();
  }
}

const parent = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
const home = mkdtempSync(join(parent, 'twvault-fuzz-'));
process.once('exit', () => rmSync(home, { recursive: true, force: true }));

/** A parser of a file in a home. */
function file(name: string, read: (home: string, path: string) => unknown, path = name): Parser {
  const refusals = [Failure];
  const write = (bytes: Buffer) => {
    mkdirSync(dirname(join(home, path)), { recursive: true, mode: 0o700 });
    writeFileSync(join(home, path), bytes, { mode: 0o600 });
    return read(home, join(home, path));
  };
  return { name, seeds: [], refusals, read: write };
}

const store = new FileStore({
  directory: join(home, 'profiles'),
  vault,
  unlock: async () => keyOf([{ identity: owner, writer: writer.id }]),
});

/** What a thief of the identity or a fault of ours could write: sealed and signed, whatever it says. */
async function genuine(text: string): Promise<Buffer> {
  const sig = await writer.sign(Buffer.from(DOMAINS.record + text));
  return Buffer.from(await seal(Buffer.from(`{"body":${text},"sig":"${sig}"}`), [owner.recipient()]));
}

const record = file('record', () => store.read('personal'), 'profiles/personal.age');

const item = (bytes: Buffer) =>
  new KeychainStore({
    items: { get: async () => bytes.toString('base64'), set: async () => {}, remove: async () => true },
    probe: async () => null,
    names: async () => [],
  }).read('personal');

const asText = (read: (text: string) => unknown) => (bytes: Buffer) => read(bytes.toString());

export const VAULT: readonly Parser[] = [
  {
    name: 'canonical-json',
    seeds: [Buffer.from(body)],
    refusals: [FormatError],
    read: asText((text) => {
      if (canonical(parseCanonical(text)) !== text) throw new Error('took another spelling');
    }),
  },
  {
    ...record,
    seeds: [Buffer.from(body)],
    read: async (bytes) => record.read(await genuine(respelled(bytes))),
  },
  {
    name: 'record-as-input',
    seeds: [Buffer.from(`{"body":${body},"sig":"AA=="}`)],
    refusals: [Failure],
    read: (bytes) => profileInRecord(respelled(bytes)),
  },
  {
    name: 'keychain-item',
    seeds: [Buffer.from(canonical({ format: 'twvault-item-1', profile: profileToJson(profile) }))],
    refusals: [Failure],
    read: (bytes) => item(Buffer.from(respelled(bytes))),
  },
  {
    name: 'backup',
    seeds: [Buffer.from(backupText({ made: AT, default: 'personal', profiles: [profile] }))],
    refusals: [FormatError],
    read: asText(backupFrom),
  },
  file('index', (at) => new ProfileIndex(at).read('personal'), 'index/personal.json'),
  file('vault.json', readConfig),
  file('presets.json', homePresets),
  file('restore.json', unfinishedRestore),
  file('migration.json', notedMigration),
  file('twvault.json', (_, path) => projectAt(path), '.twvault.json'),
  file('baseline', (_, path) => readBaseline(path, false)),
  file('agent-token', (_, path) => readTokenFile(path)),
];
