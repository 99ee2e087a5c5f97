/** A line for the person who runs the demonstration. */
export function say(line = ''): void {
  process.stdout.write(`${line}\n`);
}
