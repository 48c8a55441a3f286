import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, release, totalmem } from 'node:os';
import path from 'node:path';
import type { Report, Row } from './row.ts';

const file = path.join(import.meta.dirname, '../docs/performance.md');

/** What one module measured, and on what. */
export interface Measured {
  readonly name: string;
  readonly report: Report;
  readonly machine: string;
  readonly from: Date | string;
  readonly to: Date | string;
  /** Of the last minute, as it began and as it ended. */
  readonly loadBefore: number;
  readonly loadAfter: number;
}

export const machine = [
  `${availableParallelism()} × ${cpus()[0]?.model ?? 'a processor that does not say its name'}`,
  `${Math.round(totalmem() / 1024 ** 3)} GiB`,
  distribution(),
  `Linux ${release().split('-', 1)[0]}`,
  `Node ${process.version}`,
].join(', ');

const opening = `# Performance

Made by \`npm run bench -- --page\`: each section is what one run of one measurement printed, on the machine and at the load that it names, and nothing here is written by hand. A ratio compares with a peer or a limit in the same run and keeps some of its meaning elsewhere; a figure alone does not. [bench/README.md](../bench/README.md) says what each measures, and how to read it.
`;

/** Puts each section in the place of the last of its name, or in its place among the others. */
export function writeSections(measured: readonly Measured[], page = file): void {
  const before = existsSync(page) ? readFileSync(page, 'utf8') : '';
  const sections = new Map(
    before
      .split(/^(?=## )/m)
      .filter((text) => text.startsWith('## '))
      .map((text) => [/^## (\S+)/.exec(text)?.[1] ?? '', text.trimEnd()] as const),
  );
  for (const each of measured) sections.set(each.name, sectionOf(each));
  const sorted = [...sections].toSorted(([a], [b]) => (a < b ? -1 : 1));
  writeFileSync(page, `${[opening.trimEnd(), ...sorted.map(([, text]) => text)].join('\n\n')}\n`);
}

function sectionOf({ name, report, from, to, ...rest }: Measured): string {
  const [begun, ended] = [new Date(from), new Date(to)];
  const seconds = Math.round((ended.getTime() - begun.getTime()) / 1_000);
  const when = begun.toISOString().slice(0, 16).replace('T', ' ');
  const load = `load ${rest.loadBefore.toFixed(1)} as it began, ${rest.loadAfter.toFixed(1)} as it ended`;
  const { rows, peers = [], notes = [] } = report;
  return [
    `## ${name}`,
    '',
    `${when} UTC, ${seconds} s; ${rest.machine}; ${load}.`,
    ...(peers.length > 0 ? ['', `Beside ${peers.join(', ')}.`] : []),
    ...(rows.length > 0
      ? ['', '| | figure | limit | times the peer |', '|---|---:|---|---:|']
      : []),
    ...rows.map(rowOf),
    ...(notes.length > 0 ? ['', ...notes.map((note) => `- ${plain(note)}`)] : []),
  ].join('\n');
}

function rowOf({ name, value, unit, limit, ratio }: Row): string {
  const cells = [
    plain(name),
    `${formatNumber(value)} ${unit}`.trim(),
    limit === undefined
      ? ''
      : `${formatNumber(limit.value)} ${unit}, ${plain(limit.name)}${keeping(limit.met)}`,
    ratio === undefined ? '' : formatNumber(ratio),
  ];
  return `| ${cells.join(' | ')} |`;
}

function keeping(met: boolean | undefined): string {
  if (met === undefined) return '';
  return met ? ': kept' : ': **missed**';
}

/** Names of packages and messages of other programs are no Markdown. */
function plain(text: string): string {
  return text.replaceAll(/[\r\n]+/g, ' ').replaceAll(/[\\|<>[\]*_`]/g, '\\$&');
}

/** Three digits say what a measurement on a shared machine can say. */
export function formatNumber(value: number): string {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 1 ? 1 : 3;
  return value.toLocaleString('en-US', { maximumFractionDigits: digits });
}

function distribution(): string {
  const told = existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : '';
  return /^PRETTY_NAME="?([^"\n]*)/m.exec(told)?.[1] ?? 'a system that does not say its name';
}
