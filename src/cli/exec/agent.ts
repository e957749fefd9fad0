import type { Variables } from '../../system/paths.ts';

/**
 * Variables that AI agents set for the commands they run, and the agent's name. Only such as are absent from the
 * terminals that people type in: not CURSOR_TRACE_ID, VSCODE_*, REPL_ID or TERM_PROGRAM, and no settings of people
 * (AIDER_*, CODEX_HOME, COPILOT_MODEL, GOOSE_PROVIDER).
 */
const MARKS: Readonly<Record<string, string>> = {
  CLAUDECODE: 'Claude Code', // its settings documentation: 1 in the shells that it starts
  CURSOR_AGENT: 'Cursor', // Cursor's agent and command line; @vercel/detect-agent
  GEMINI_CLI: 'Gemini CLI', // its documentation of the shell tool
  CODEX_SANDBOX: 'Codex', // its documentation of environment variables
  CODEX_THREAD_ID: 'Codex', // the same
  CODEX_CI: 'Codex', // its unified exec tool
  OPENCODE: 'opencode', // its source: 1 in all that it starts
  COPILOT_CLI: 'Copilot CLI', // its changelog: 1 in commands and hooks
  AUGMENT_AGENT: 'Augment', // its documentation of environment variables
  AMP_CURRENT_THREAD_ID: 'Amp', // am-i-vibing
  GOOSE_TERMINAL: 'Goose', // its documentation of environment variables
  CLINE_ACTIVE: 'Cline', // its terminal integration
  QWEN_CODE: 'Qwen Code', // its shell tool, a relative of Gemini CLI's
  ANTIGRAVITY_AGENT: 'Antigravity', // @vercel/detect-agent
  PI_CODING_AGENT: 'pi', // its documentation of environment variables
  AI_AGENT: 'an AI agent', // proposed for all agents by @vercel/detect-agent
};
const OFF = new Set(['', '0', 'false']);

/** The AI agent that runs this command, as its environment tells; undefined where it tells of none. */
export function recognisedAgent(env: Variables): string | undefined {
  for (const variable in MARKS) {
    if (!OFF.has(env[variable] ?? '')) return MARKS[variable];
  }
  // AGENT is proposed for all agents too, but people have other uses for it: only names that agents give count.
  return /^(amp|goose)(@|$)/.test(env.AGENT ?? '') ? env.AGENT : undefined;
}
