/** Looks for secrets in every file below a folder, plain and encoded. */
export function search(folder: string, secrets: readonly string[]): { searched: number; found: string[] };
/** Whether a text shows one of the secrets. */
export function shows(text: string, secrets: readonly string[]): boolean;
