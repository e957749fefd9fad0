import { createHash } from 'node:crypto';

/** The fields that the sequences use, with a value of the shape that X issues, made of a number. */
export const FIELDS: Readonly<Record<string, (n: number) => string>> = {
  api_key: (n) => random(n, 25),
  api_secret: (n) => random(n, 50),
  access_token: (n) => `${1000 + (n % 9000)}-${random(n, 40)}`,
  access_token_secret: (n) => random(n, 45),
  bearer_token: (n) => `AAAAAAAA${random(n, 80)}`,
  client_id: (n) => random(n, 34),
  client_secret: (n) => random(n, 50),
};

/** Letters and digits without any meaning, the same ones for the same number. */
function random(n: number, length: number): string {
  const digest = createHash('sha512').update(String(n)).digest();
  return `Qz7${[...digest, ...digest].map((byte) => ALPHABET[byte % ALPHABET.length]).join('')}`.slice(
    0,
    length,
  );
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

export type Step =
  | {
      readonly run: 'add';
      name: string;
      keys: Record<string, string>;
      inherit: string | undefined;
      isReplacing: boolean;
    }
  | { readonly run: 'set'; name: string; what: string; text: string }
  | { readonly run: 'unset' | 'get'; name: string; what: string }
  | { readonly run: 'rename' | 'copy'; name: string; to: string }
  | { readonly run: 'remove'; name: string; isDetaching: boolean }
  | { readonly run: 'use' | 'show' | 'export'; name: string }
  | { readonly run: 'list' | 'reindex' };

/** A step as a command line, and what it reads. */
export function commandLine(step: Step): { readonly args: readonly string[]; readonly input?: string } {
  switch (step.run) {
    case 'add': {
      const { name, keys, inherit, isReplacing } = step;
      const options = [
        ...(inherit === undefined ? [] : ['--inherit', inherit]),
        ...(isReplacing ? ['--replace'] : []),
      ];
      const lines = Object.entries(keys).map(([field, value]) => `${field.toUpperCase()}=${value}\n`);
      return { args: ['add', '--stdin', ...options, '--', name], input: lines.join('') };
    }
    case 'set':
      return { args: ['set', '--', step.name, step.what], input: step.text };
    case 'unset':
    case 'get':
      return { args: [step.run, '--', step.name, step.what] };
    case 'rename':
    case 'copy':
      return { args: [step.run, '--', step.name, step.to] };
    case 'remove':
      return { args: ['remove', '--yes', ...(step.isDetaching ? ['--detach'] : []), '--', step.name] };
    case 'use':
      return { args: ['use', '--', step.name] };
    case 'show':
      return { args: ['show', '--json', '--', step.name] };
    case 'export':
      return { args: ['export', '--format', 'json', '--', step.name] };
    case 'list':
      return { args: ['list', '--json'] };
    case 'reindex':
      return { args: ['doctor', '--fix'] };
  }
}
