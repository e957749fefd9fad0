import { readFileSync } from 'node:fs';
import type { Plugin } from 'rolldown';
import wabt from 'wabt';

/** Gives a module of WebAssembly's text format as its bytes. */
export function webAssembly(): Plugin {
  return {
    name: 'web-assembly',
    load: async (id) => (id.endsWith('.wat') ? codeFor(await assemble(id)) : undefined),
  };
}

async function assemble(path: string): Promise<Uint8Array> {
  const { parseWat } = await wabt();
  const module = parseWat(path, readFileSync(path, 'utf8'), { simd: true });
  const { buffer } = module.toBinary({});
  module.destroy();
  return buffer;
}

const codeFor = (bytes: Uint8Array): string =>
  `export default Buffer.from(${JSON.stringify(Buffer.from(bytes).toString('base64'))}, 'base64');`;
