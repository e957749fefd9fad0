// The peers: how each is made ready in a folder of its own, and the command that gives four values to a child.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { must } from '../place.mjs';
import { find } from './install.mjs';

/**
 * @typedef {{folder: string, env: Record<string, string>, values: Record<string, string>, child: string, node: string}} Place
 * @type {{name: string, needs: string[], node?: [number, number], prepare: (place: Place) => {file: string, args: string[]}}[]}
 */
export const PEERS = [
  {
    name: 'dotenvx run, encrypted',
    needs: ['dotenvx'],
    prepare(place) {
      const dotenvx = scriptOf('dotenvx');
      writeDotenv(place);
      must(place.node, [dotenvx, 'encrypt'], inside(place));
      return { file: place.node, args: [dotenvx, 'run', '-q', '--', place.child] };
    },
  },
  { name: 'varlock run, plain', needs: ['varlock'], node: [22, 3], prepare: varlock },
  {
    name: 'dotenv-cli, plain',
    needs: ['dotenv'],
    prepare(place) {
      writeDotenv(place);
      return { file: place.node, args: [scriptOf('dotenv'), '-e', '.env', '--', place.child] };
    },
  },
  {
    name: 'env-cmd, plain',
    needs: ['env-cmd'],
    prepare(place) {
      writeDotenv(place);
      return { file: place.node, args: [scriptOf('env-cmd'), '-f', '.env', place.child] };
    },
  },
  {
    name: 'sops exec-env (age)',
    needs: ['sops', 'age-keygen'],
    prepare(place) {
      const { identity, recipient } = ageKey(place);
      writeDotenv(place);
      writeFileSync(
        join(place.folder, 'sealed.env'),
        must(find('sops'), ['encrypt', '--age', recipient, '.env'], inside(place)),
      );
      place.env.SOPS_AGE_KEY_FILE = identity;
      return { file: find('sops'), args: ['exec-env', 'sealed.env', place.child] };
    },
  },
  {
    name: 'age -d in a shell',
    needs: ['age', 'age-keygen'],
    prepare(place) {
      const { recipient } = ageKey(place);
      writeDotenv(place);
      must('age', ['-r', recipient, '-o', 'sealed.age', '.env'], inside(place));
      return shell(`set -a; eval "$(age -d -i identity.txt sealed.age)"; exec ${place.child}`);
    },
  },
  {
    name: 'secret-tool, 4 values',
    needs: ['secret-tool'],
    prepare(place) {
      if (!place.env.DBUS_SESSION_BUS_ADDRESS) throw new Error('no keychain');
      const names = Object.keys(place.values);
      for (const name of names)
        must('secret-tool', ['store', '--label', name, 'bench', name], {
          ...inside(place),
          input: place.values[name],
        });
      return shell(
        `${names.map((name) => `export ${name}="$(secret-tool lookup bench ${name})"`).join('; ')}; exec ${place.child}`,
      );
    },
  },
  {
    name: 'pass show, 4 values',
    needs: ['pass', 'gpg'],
    prepare(place) {
      const home = join(place.folder, 'gnupg');
      mkdirSync(home, { mode: 0o700 });
      place.env.GNUPGHOME = home;
      place.env.PASSWORD_STORE_DIR = join(place.folder, 'store');
      must(
        'gpg',
        [
          '--batch',
          '--quiet',
          '--passphrase',
          '',
          '--quick-gen-key',
          'bench@example.org',
          'default',
          'default',
        ],
        inside(place),
      );
      process.prependListener('exit', () => must('gpgconf', ['--kill', 'all'], { env: place.env }));
      must('pass', ['init', 'bench@example.org'], inside(place));
      const names = Object.keys(place.values);
      for (const name of names)
        must('pass', ['insert', '-m', name], { ...inside(place), input: place.values[name] });
      return shell(
        `${names.map((name) => `export ${name}="$(pass show ${name})"`).join('; ')}; exec ${place.child}`,
      );
    },
  },
];

function varlock(place) {
  writeDotenv(place);
  const names = Object.keys(place.values).map((name) => `${name}=\n`);
  writeFileSync(join(place.folder, '.env.schema'), `# @defaultSensitive=true\n# ---\n${names.join('')}`);
  place.env.VARLOCK_TELEMETRY_DISABLED = 'true';
  return { file: place.node, args: [scriptOf('varlock'), 'run', '--', place.child] };
}

const shell = (line) => ({ file: 'sh', args: ['-c', line] });
const inside = ({ folder, env }) => ({ cwd: folder, env });
/** The file that Node is given, as twvault's is: no peer pays for looking up `node`. */
const scriptOf = (name) => find(name);

function writeDotenv({ folder, values }) {
  const lines = Object.entries(values).map(([name, value]) => `${name}=${value}\n`);
  writeFileSync(join(folder, '.env'), lines.join(''));
}

function ageKey({ folder }) {
  const identity = join(folder, 'identity.txt');
  must('age-keygen', ['-o', identity]);
  return { identity, recipient: must('age-keygen', ['-y', identity]).trim() };
}
