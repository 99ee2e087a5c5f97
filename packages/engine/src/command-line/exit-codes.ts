/** Exit code of a command that fails for a kind of reason. */
export const exitCodes = { internal: 1, usage: 2, numeric: 3, data: 4, resource: 5 } as const;

/** What went wrong, in the five kinds that decide a command's exit code. */
export type ErrorKind = keyof typeof exitCodes;
