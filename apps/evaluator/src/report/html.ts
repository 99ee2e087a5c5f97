/** Markup that is safe to put into a page: made only by the `html` template or, for our own SVG, by `trusted`. */
export class Html {
  readonly markup: string;
  constructor(markup: string) {
    this.markup = markup;
  }
}

/** What a template may hold: text and numbers are escaped, markup and lists of markup are put in as they are. */
export type HtmlValue = string | number | null | undefined | false | Html | readonly Html[];

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Control, bidirectional and zero-width characters can make a name read as another: shown by their code instead. */
const invisible = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\u2028\u2029]/gu;

function showCode(character: string): string {
  if (character === '\n' || character === '\t') return character;
  return `[U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`;
}

/** Text with the characters that hide or turn other text shown by their code, such as `[U+202E]`. */
export function visibleText(text: string): string {
  return text.replace(invisible, showCode);
}

/** Text as it may stand in element content or in a quoted attribute. */
export function escapeHtml(text: string): string {
  return visibleText(text).replace(/[&<>"']/g, (character) => entities[character] ?? '');
}

function render(value: HtmlValue): string {
  if (value === null || value === undefined || value === false) return '';
  if (value instanceof Html) return value.markup;
  if (typeof value === 'object') return value.map((item) => item.markup).join('');
  return escapeHtml(String(value));
}

/** Template tag: every value that is not markup already is escaped. Attributes must be quoted. */
export function html(literals: TemplateStringsArray, ...values: HtmlValue[]): Html {
  const parts = literals.map(
    (literal, index) => literal + (index < values.length ? render(values[index]) : ''),
  );
  return new Html(parts.join(''));
}

/** Declares markup of our own making, such as a chart, as safe. Never call it with text from a file. */
export function trusted(markup: string): Html {
  return new Html(markup);
}
