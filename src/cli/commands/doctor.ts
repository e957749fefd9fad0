import { Command } from 'commander';
import { failed } from '../../failure.ts';
import type { Context } from '../context.ts';
import { counted } from '../counted.ts';
import { examine } from '../doctor/examine.ts';
import type { Finding } from '../doctor/finding.ts';
import { mend } from '../doctor/mend.ts';
import { print, printJson, say } from '../voice.ts';

interface Options {
  readonly fix?: boolean;
  readonly json?: boolean;
}

export function command(context: Context): Command {
  return new Command('doctor')
    .description('say what is set up, what is wrong and how to mend it')
    .option('--fix', 'mend what can be mended: permissions, left-over files, the index with its fingerprints')
    .option('--json', 'as JSON')
    .addHelpText('after', EXAMPLES)
    .action((options: Options) => doctor(context, options));
}

async function doctor(context: Context, { fix, json }: Options): Promise<void> {
  if (fix) for (const done of await mend(context)) say(done);
  const findings = await examine(context);
  if (json) printJson(findings);
  else print(findings.map(lineOf).join(''));
  const problems = findings.filter(({ status }) => status === 'problem').length;
  if (problems > 0) throw failed(`${counted(problems, 'problem')} ${problems === 1 ? 'was' : 'were'} found`);
}

const MARKS = { ok: 'ok     ', note: 'note   ', problem: 'PROBLEM' } as const;

function lineOf({ status, subject, text, hint }: Finding): string {
  return `${MARKS[status]}  ${subject}: ${text}\n${hint === undefined ? '' : `         -> ${hint}\n`}`;
}

const EXAMPLES = `
Examples:
  twvault doctor
  twvault doctor --fix
  twvault doctor --json`;
