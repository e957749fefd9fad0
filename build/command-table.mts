import { createRequire } from 'node:module';
import { type InputOptions, type Plugin, rolldown } from 'rolldown';

const NAME = 'virtual:command-table';
const ID = `\0${NAME}`;

/**
 * Gives the module `virtual:command-table`: all commands and options as data, taken from the commander program by
 * running it. So completion can answer without loading commander, and cannot lag behind the commands.
 */
export function commandTable(options: InputOptions): Plugin {
  return {
    name: 'command-table',
    resolveId: (id) => (id === NAME ? ID : undefined),
    load: async (id) =>
      id === ID ? `export default ${JSON.stringify(await describe(options))};` : undefined,
  };
}

async function describe(options: InputOptions): Promise<unknown> {
  const bundle = await rolldown({
    ...options,
    input: 'src/cli/completion/describe.ts',
    platform: 'node',
    external: ['keytar'],
  });
  const { output } = await bundle.generate({ format: 'cjs', codeSplitting: false });
  await bundle.close();
  const module: { exports: { describeProgram?: () => Promise<unknown> } } = { exports: {} };
  new Function('require', 'module', 'exports', output[0].code)(
    createRequire(import.meta.url),
    module,
    module.exports,
  );
  return module.exports.describeProgram?.();
}
