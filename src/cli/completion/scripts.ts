import { shellText } from '#installation/shell-files';

/** Each shell that can complete, and what its script's name ends in. */
const ENDINGS = { bash: 'bash', zsh: 'zsh', fish: 'fish', powershell: 'ps1' } as const;

export type Shell = keyof typeof ENDINGS;
export const SHELLS = Object.keys(ENDINGS) as Shell[];

/** The script that completes twvault in a shell. It asks the command as it was typed, so it fits any installation. */
export function scriptOf(shell: Shell): string {
  return shellText(`completion/twvault.${ENDINGS[shell]}`);
}

/** Whether a text is such a script, of this version or of another one. */
export const isScript = (text: string): boolean =>
  /^(#compdef twvault\r?\n)?# Completion of twvault /.test(text);
