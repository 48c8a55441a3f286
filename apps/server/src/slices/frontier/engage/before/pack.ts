import type { BeforeYouJoin } from '@breakwater/contract';

/** One page of HTML to print, which fetches nothing and runs nothing. */
export function packOf({ asOf, sections, statutes }: BeforeYouJoin): string {
  const parts = sections.map(({ title, statements }) => [
    `<h2>${text(title)}</h2>`,
    '<ul>',
    ...statements.map(
      ({ text: said, source }) => `<li>${text(said)} <cite>${text(source)}</cite></li>`,
    ),
    '</ul>',
  ]);
  const rows = statutes.map(
    ({ name, citation, until, says, source }) =>
      `<tr><td>${text(name)}<br>${text(citation)}</td><td>${text(until ?? 'no date known')}</td>` +
      `<td>${text(says)} <cite>${text(source)}</cite></td></tr>`,
  );
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head><meta charset="utf-8"><title>Before you join</title>',
    `<style>${style}</style></head>`,
    '<body>',
    '<h1>Before you join</h1>',
    `<p>As of ${text(asOf)}. A description for counsel, and no legal advice.</p>`,
    ...parts.flat(),
    '<h2>Statutes</h2>',
    '<table><thead><tr><th>Statute</th><th>Until</th><th>As of this page</th></tr></thead><tbody>',
    ...rows,
    '</tbody></table>',
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

const style =
  'body{font:11pt/1.5 Georgia,serif;max-width:44em;margin:2em auto;padding:0 1em}' +
  'h1,h2,th{font-family:system-ui,sans-serif}h2{break-after:avoid}li{margin:.4em 0}' +
  'cite{color:#555;font-size:.85em}table{border-collapse:collapse;width:100%}' +
  'td,th{border:1px solid #999;padding:.4em;text-align:left;vertical-align:top}';

function text(words: string): string {
  return words
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
