import { AgeError } from '../../../src/age/error.ts';
import { unpackStanzas } from '../../../src/agent/stanzas.ts';
import { pastedReturn } from '../../../src/x/callback.ts';
import { type Parser, SECRET } from '../law.ts';

const STATE = 'a-state';

export const LOGIN: readonly Parser[] = [
  {
    name: 'pasted-address',
    seeds: [
      `http://127.0.0.1:8976/callback?state=${STATE}&code=${SECRET}`,
      `?error=access_denied&state=${STATE}#x`,
      SECRET,
    ].map((text) => Buffer.from(text)),
    refusals: [],
    read: (bytes) => {
      const found = pastedReturn(bytes.toString(), (state) => state === STATE);
      if (found && 'error' in found && !/^[a-z_]{1,40}$/.test(found.error))
        throw new Error('a word that is none');
    },
  },
  {
    name: 'agent-stanzas',
    seeds: [Buffer.alloc(0), Buffer.alloc(64, 7), Buffer.alloc(128, 9)],
    refusals: [AgeError],
    read: unpackStanzas,
  },
];
