/** A step that could not do its work: what to show of it, and how to mend it. */
export class StepFailure extends Error {
  /**
   * @param {string} message one line
   * @param {{ mend: string, output?: string, exitCode?: number }} details
   */
  constructor(message, { mend, output = '', exitCode = 5 }) {
    super(message);
    this.mend = mend;
    this.output = output;
    this.exitCode = exitCode;
  }
}
