// Controls, formats (bidirectional overrides, zero width), line and paragraph separators, private
// use and lone surrogates: what can make a terminal act, or show another text than there is.
const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}]/gu;

/**
 * Text from outside as one line that a terminal only shows: every character that could move the
 * cursor, color, hide or reorder text is written as an escape. Tabs become one space.
 */
export function escapeLine(text: string): string {
  return text.replaceAll('\t', ' ').replace(unprintable, unicodeEscape);
}

/** JSON text of `value`, indented, pure of characters that a terminal would act on. */
export function escapeJson(value: unknown): string {
  const text = JSON.stringify(value, null, 2);
  return text.replace(unprintable, (c) => (c === '\n' ? c : unicodeEscape(c)));
}

function unicodeEscape(character: string): string {
  return Array.from({ length: character.length }, (_, i) => {
    const unit = character.charCodeAt(i).toString(16).padStart(4, '0');
    return `\\u${unit}`;
  }).join('');
}
