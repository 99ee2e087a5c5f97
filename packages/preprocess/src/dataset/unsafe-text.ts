// C0 and C1 controls move the cursor of a terminal, the bidirectional ones reorder what is shown. Tabs and line ends are text.
const CONTROLS = /[^\P{Cc}\t\n\r]|[\u202a-\u202e\u2066-\u2069]/u;

/**
 * What makes the texts of a JSON value unsafe to show or to use as keys: control characters, or a key `__proto__`, which
 * assignment takes for an object's prototype. Undefined when nothing does.
 */
export function unsafeText(value: unknown): string | undefined {
  const open: unknown[] = [value];
  while (open.length > 0) {
    const item = open.pop();
    const fault = typeof item === 'string' ? faultOf(item) : unsafeKey(item);
    if (fault !== undefined) return fault;
    if (typeof item === 'object' && item !== null) for (const entry of Object.values(item)) open.push(entry);
  }
  return undefined;
}

function unsafeKey(item: unknown): string | undefined {
  if (typeof item !== 'object' || item === null || Array.isArray(item)) return undefined;
  if (Object.hasOwn(item, '__proto__')) return 'a key is __proto__, which no manifest has';
  for (const key of Object.keys(item)) {
    const fault = faultOf(key);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function faultOf(text: string): string | undefined {
  return CONTROLS.test(text) ? 'a text holds control characters' : undefined;
}
