/**
 * A text as a terminal and a log may show it: control, bidirectional and other invisible characters are written as their
 * code, so that a stranger's text can neither move the cursor nor hide.
 */
export function printable(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\u2028\u2029]/gu,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16).toUpperCase()}}`,
  );
}
