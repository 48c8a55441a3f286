/**
 * docs/doors.md: every way by which anything leaves the installation, checked in so that a review
 * shows what opens. `--write` renews it.
 */
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Operation, operations } from '@breakwater/contract';
import { webPages } from '@breakwater/web';
import { type Door, disclosures, files, mails, paths, seenFirst, sockets } from './door-list.ts';

const head = `# Doors

Every way by which anything leaves the installation: who may open it, what it tells, and which
[disclosure](rules/disclosures.md) that is where it tells anybody of what they may not see. Made by
\`node tools/doors.ts --write\` from the contract and \`tools/door-list.ts\`; a test fails on a door that
is not here. What a role may call is a row that an administrator can add to ([policy](rules/policy.md));
named are the built-in ones.
`;

/** The page's text: the same contract gives the same bytes. */
export function doorsText(): string {
  return [
    head,
    '## Operations\n',
    table(
      ['operation', 'route', 'who', 'must see first', 'what it is for', 'disclosures'],
      operations.map(operationRow),
    ),
    '\n## Paths beside them\n',
    table(['path', 'who', 'what it tells', 'disclosures'], paths.map(doorRow)),
    '\n## Pages\n',
    'All are the same file, which tells nothing by itself and asks the operations above.\n',
    webPages.map((page) => `- \`${page}\``).join('\n'),
    '\n## Sockets\n',
    table(['socket', 'who', 'what it tells', 'disclosures'], sockets.map(doorRow)),
    '\n## Files\n',
    'In the data directory, which nobody but the user who runs the server may open.\n',
    table(['file', 'who', 'what it tells', 'disclosures'], files.map(doorRow)),
    '\n## Mail\n',
    table(['mail', 'to whom', 'what it tells', 'disclosures'], mails.map(doorRow)),
    '',
  ].join('\n');
}

function operationRow(operation: Operation): readonly string[] {
  const { id, method, path, callers, summary } = operation;
  const kind =
    operation.stream === true ? ' (stream)' : operation.file === undefined ? '' : ' (file)';
  const told = (disclosures[id] ?? []).join(', ');
  return [
    `\`${id}\``,
    `\`${method} ${path}\`${kind}`,
    callers.join(', '),
    seenFirst(operation),
    summary,
    told,
  ];
}

function doorRow({ door, who, reveals, disclosures: told }: Door): readonly string[] {
  return [door.startsWith('/') ? `\`${door}\`` : door, who, reveals, told.join(', ')];
}

function table(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`.replaceAll('|  |', '| |');
  return [line(titles), `|${titles.map(() => '---|').join('')}`, ...rows.map(line)].join('\n');
}

if (import.meta.main && process.argv.includes('--write')) {
  writeFileSync(join(resolve(import.meta.dirname, '..'), 'docs/doors.md'), doorsText());
}
