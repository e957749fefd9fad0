export const pty = undefined;
