import axeCore from 'axe-core';
import type { Page } from 'playwright-core';

/** What axe (WCAG 2.2 A and AA, and its best practices) finds on the page as it is: rule and place. */
export async function axe(page: Page): Promise<string[]> {
  // By the debugger, since the page's own policy rightly lets no other script in.
  await page.evaluate(axeCore.source);
  return page.evaluate(async () => {
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
    const { axe: found } = globalThis as unknown as { axe: Axe }; // set by the line before
    const { violations } = await found.run(document, { runOnly: { type: 'tag', values: tags } });
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target }) => `${id}: ${target.join(' ')}`),
    );
  });
}

interface Axe {
  run(
    place: Document,
    options: object,
  ): Promise<{ readonly violations: { id: string; nodes: { target: string[] }[] }[] }>;
}
