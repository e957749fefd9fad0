import { createRequire } from 'node:module';
import { type InputOptions, rolldown } from 'rolldown';
import { webAssembly } from './web-assembly.mts';

/** Bundles a module of the sources and runs it: what a build takes from the program itself. */
export async function evaluate<Exports>(input: string, options: InputOptions): Promise<Exports> {
  const bundle = await rolldown({
    ...options,
    plugins: [webAssembly()],
    input,
    platform: 'node',
    external: ['keytar', '@lydell/node-pty'],
  });
  const { output } = await bundle.generate({ format: 'cjs', codeSplitting: false });
  await bundle.close();
  const module: { exports: unknown } = { exports: {} };
  new Function('require', 'module', 'exports', output[0].code)(
    createRequire(import.meta.url),
    module,
    module.exports,
  );
  return module.exports as Exports;
}
