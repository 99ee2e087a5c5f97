/** Stands where a number is undefined, for example the distance to an empty mask. */
export const undefinedMark = '–';

/** A number with a fixed count of decimals, a true minus sign, and a dash where it is undefined. */
export function fixed(value: number | null | undefined, decimals: number): string {
  if (value === null || value === undefined || Number.isNaN(value)) return undefinedMark;
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  const text = value.toFixed(decimals);
  return Number(text) === 0 ? text.replace('-', '') : text.replace('-', '−');
}

/** A signed difference: always with + or −, except zero. */
export function signed(value: number | null | undefined, decimals: number): string {
  const text = fixed(value, decimals);
  return typeof value === 'number' && Number(value.toFixed(decimals)) > 0 ? `+${text}` : text;
}

/** A number of any size in at most four significant digits. */
export function compact(value: number): string {
  return String(Number(value.toPrecision(4))).replace('-', '−');
}

/** `low to high`, or a dash when an end is undefined. */
export function interval(low: number | null, high: number | null, decimals: number): string {
  if (low === null || high === null || Number.isNaN(low) || Number.isNaN(high)) return undefinedMark;
  return `${fixed(low, decimals)} to ${fixed(high, decimals)}`;
}

/** A whole number with commas between thousands. */
export function count(value: number): string {
  return Math.round(value)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, ',');
}

/** Wall time in the two largest units that fit. */
export function duration(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.round((whole % 3600) / 60)} min`;
}

/** A count with its noun: `1 case`, `40 cases`. */
export function counted(value: number, singular: string, plural = `${singular}s`): string {
  return `${count(value)} ${value === 1 ? singular : plural}`;
}

/** An ISO date and time as `2026-11-23 17:43 UTC`; other text is shown as it is. */
export function dateTime(iso: string): string {
  const parts = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2})(?::\d{2}(?:\.\d+)?)?Z$/.exec(iso);
  return parts ? `${parts[1]} ${parts[2]} UTC` : iso;
}
