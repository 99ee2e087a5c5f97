/** TensorFlow's own scale, smallest first: information, warning, error, fatal. */
const severities = 'IWEF';

/** The least severity TensorFlow logs: the user's `TF_CPP_MIN_LOG_LEVEL`, else 3, for every failure also arrives as an exception. */
export function logLevel(environment: NodeJS.ProcessEnv = process.env): number {
  const level = Number(environment['TF_CPP_MIN_LOG_LEVEL'] ?? 3);
  return Number.isInteger(level) ? level : 3;
}

/** What remains of TensorFlow's start-up text at a level. Lines that are no log entries always stay. */
export function filterLog(text: string, level: number): string {
  const kept = text.split('\n').filter((line) => {
    if (line.startsWith('WARNING: All log messages before absl::InitializeLog()')) return level === 0;
    const severity = /^([IWEF])\d{4} /.exec(line)?.[1];
    return severity === undefined || severities.indexOf(severity) >= level;
  });
  return kept.join('\n');
}
