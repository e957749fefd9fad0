import { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { MessageCipher } from '../../src/agent/channel.ts';
import { Wire } from '../../src/agent/wire.ts';

const LIMIT = 60_000;

describe('a wire', () => {
  it('gives what is asked for, however it comes in pieces', async () => {
    const wire = new Wire(new Socket());
    const first = wire.read(3, LIMIT);
    for (const piece of ['a', 'b', 'cde']) wire.receive(Buffer.from(piece));
    expect(String(await first)).toBe('abc');
    expect(String(await wire.read(2, LIMIT))).toBe('de');
  });

  it('takes in no more than what is waited for and a little', () => {
    const wire = new Wire(new Socket());
    wire.receive(Buffer.alloc(100_000));
    expect(wire.isOpen).toBe(true);
    wire.receive(Buffer.alloc(100_000));
    expect(wire.isOpen).toBe(false);
  });

  it('does not wait for a message that is too long', async () => {
    const wire = new Wire(new Socket());
    wire.receive(Buffer.from([0, 0x20, 0, 0]));
    await expect(wire.readMessage(new MessageCipher(Buffer.alloc(32)), LIMIT)).rejects.toThrow('too long');
  });

  it('ends a wait that takes too long, or whose other side has gone', async () => {
    const late = new Wire(new Socket());
    await expect(late.read(1, 20)).rejects.toThrow('closed');
    const socket = new Socket();
    const gone = new Wire(socket).read(1, LIMIT);
    socket.destroy();
    await expect(gone).rejects.toThrow('closed');
  });
});
