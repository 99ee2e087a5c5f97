/**
 * How long a server asks to wait, in milliseconds, by `retry-after-ms` or `retry-after` (seconds or a date); null where it does not say.
 * A date is measured from the server's own, whatever the clock here says.
 */
export function retryAfter(headers: Headers): number | null {
  const milliseconds = positive(headers.get('retry-after-ms'));
  if (milliseconds !== null) return milliseconds;
  const given = headers.get('retry-after');
  const seconds = positive(given);
  if (seconds !== null) return seconds * 1000;
  const wait = Date.parse(given ?? '') - Date.parse(headers.get('date') ?? '');
  return Number.isNaN(wait) ? null : Math.max(0, wait);
}

function positive(text: string | null): number | null {
  return text !== null && /^\s*\d+(?:\.\d+)?\s*$/.test(text) ? Number(text) : null;
}
