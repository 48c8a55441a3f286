/** A part of a picture: an element of SVG with its attributes as they are written. */
export interface Drawn {
  readonly tag: 'svg' | 'g' | 'line' | 'rect' | 'circle' | 'path' | 'text' | 'title';
  readonly attributes: Readonly<Record<string, string | number>>;
  readonly children: readonly (Drawn | string)[];
}

/** A chart: its picture, and in words what is to be seen, for whoever cannot see it. */
export interface Picture {
  readonly drawn: Drawn;
  readonly label: string;
}

/** One element; numbers are kept to two places, which no screen tells apart. */
export function draw(
  tag: Drawn['tag'],
  attributes: Drawn['attributes'],
  ...children: readonly (Drawn | string)[]
): Drawn {
  const rounded = Object.entries(attributes).map(([name, value]) => [
    name,
    typeof value === 'number' ? Math.round(value * 100) / 100 : value,
  ]);
  return { tag, attributes: Object.fromEntries(rounded), children };
}

/** The whole picture. */
export function picture(
  size: { readonly width: number; readonly height: number },
  label: string,
  children: readonly Drawn[],
): Picture {
  const { width, height } = size;
  const box = { viewBox: `0 0 ${width} ${height}`, width, height, class: 'chart' };
  return { drawn: draw('svg', { ...box, role: 'img', 'aria-label': label }, ...children), label };
}

/** A picture as text for a page: every name and text in it is escaped. */
export function svgText({ tag, attributes, children }: Drawn): string {
  const written = Object.entries(attributes).map(
    ([name, value]) => ` ${name}="${escapeText(String(value))}"`,
  );
  const inside = children.map((child) =>
    typeof child === 'string' ? escapeText(child) : svgText(child),
  );
  return `<${tag}${written.join('')}>${inside.join('')}</${tag}>`;
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text that a page shows as it is, between tags and in a quoted attribute alike. */
export function escapeText(text: string): string {
  return text
    .replace(/[&<>"']/g, (character) => entities[character] ?? '')
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}]/gu, (character) =>
      character === '\n' || character === '\t' ? character : '\uFFFD',
    );
}
