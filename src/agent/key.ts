import type { Identity, Recipient } from '../age/ports.ts';
import type { Stanza } from '../age/stanza.ts';
import { X25519Recipient } from '../age/x25519.ts';
import type { Variables } from '../system/paths.ts';
import type { VaultKey } from '../unlock/key.ts';
import type { Writer } from '../unlock/writer.ts';
import { Agent } from './client.ts';
import { placesOf } from './place.ts';
import { ASK } from './request.ts';
import { packStanzas } from './stanzas.ts';
import { areSameWriters } from './token-file.ts';

/** Which agent is meant. */
export interface Whose {
  readonly env: Variables;
  readonly home: string;
  readonly vault: string;
  /** Those that vault.json names, the newest first. */
  readonly writers: readonly string[];
}

/** The agent of a vault, or undefined where none of these writers answers. */
export async function agentOf({ env, home, vault, writers }: Whose): Promise<Agent | undefined> {
  for (const place of placesOf(env, home, vault)) {
    const agent = await Agent.at(place);
    if (agent && isOf(agent, writers)) return agent;
  }
  return undefined;
}

const isOf = ({ of }: Agent, writers: readonly string[]): boolean =>
  writers.length > 0 && areSameWriters(of.writers, writers);

/** The key of a vault whose agent is open. */
export async function keyFromAgent(whose: Whose): Promise<VaultKey | undefined> {
  const agent = await agentOf(whose);
  const [newest] = whose.writers;
  if (!agent || newest === undefined) return undefined;
  return {
    identities: [new IdentityOfAgent(agent)],
    trusted: whose.writers,
    recipient: new RecipientOfAgent(agent),
    writer: new WriterOfAgent(agent, newest),
  };
}

class IdentityOfAgent implements Identity {
  readonly #agent: Agent;

  constructor(agent: Agent) {
    this.#agent = agent;
  }

  async unwrapFileKey(stanzas: readonly Stanza[]): Promise<Uint8Array | null> {
    return this.#agent.ask(ASK.unwrap, packStanzas(stanzas));
  }
}

class RecipientOfAgent implements Recipient {
  readonly #agent: Agent;

  constructor(agent: Agent) {
    this.#agent = agent;
  }

  async wrapFileKey(fileKey: Uint8Array): Promise<Stanza[]> {
    const text = String(await this.#agent.ask(ASK.recipient));
    return X25519Recipient.parse(text).wrapFileKey(fileKey);
  }
}

class WriterOfAgent implements Writer {
  readonly #agent: Agent;
  readonly id: string;

  constructor(agent: Agent, id: string) {
    this.#agent = agent;
    this.id = id;
  }

  async sign(text: Uint8Array): Promise<string> {
    const signature = await this.#agent.ask(ASK.sign, text);
    return String(signature?.toString('base64'));
  }
}
