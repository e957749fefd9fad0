import { createContext } from './cli/context.ts';
import { parseExec } from './cli/exec/arguments.ts';
import { exec } from './cli/exec/exec.ts';
import { report } from './cli/voice.ts';
import { exposingVariables } from './run/exposure.ts';
import { leave } from './system/leave.ts';

/** exec and the question where one stands go short ways, all else through commander, which is loaded only then. */
async function run(argv: readonly string[]): Promise<number> {
  const exposing = exposingVariables(process.env);
  if (exposing.length > 0) {
    const { startClean } = await import('./run/clean-start.ts');
    return startClean(process.env, exposing);
  }
  const context = createContext();
  const args = argv[0] === 'exec' ? parseExec(argv.slice(1)) : undefined;
  if (args) return exec(args, context);
  if (argv.length === 0 || argv.join() === '--json') {
    const { showStanding } = await import('./cli/standing/show.ts');
    return showStanding(context, argv.length > 0);
  }
  const { runProgram } = await import('./cli/program.ts');
  return runProgram(argv, context);
}

run(process.argv.slice(2)).catch(report).then(leave);
