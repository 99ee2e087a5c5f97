/** Asks a person at the terminal; no without one, and no where the question is left by Ctrl-C. */
export async function confirmAtTerminal(message: string): Promise<boolean> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return false;
  const { default: confirm } = await import('@inquirer/confirm');
  return confirm({ message, default: false }, { output: process.stderr }).catch((error: unknown) => {
    if (isLeft(error)) return false;
    throw error;
  });
}

/** Whether a question was left by Ctrl-C. */
export function isLeft(error: unknown): boolean {
  return error instanceof Error && error.name === 'ExitPromptError';
}
