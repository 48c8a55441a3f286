import type { Proven } from './prove-target.ts';

const head = [
  'target',
  'identifier',
  'vulnerable',
  'fixed',
  'signature',
  'proof',
  'real fix',
  'bad patches',
];

/** What was seen, one row for each target, as a Markdown table. */
export function tableOf(proven: readonly Proven[]): string {
  return [row(head), row(head.map(() => '---')), ...proven.map(rowOf)].join('\n');
}

/** One row of the table. */
export function rowOf({ target, validation, fix, badPatches }: Proven): string {
  const { builds, judgement } = validation;
  const { k, n } = judgement.reproduced;
  const tests = fix.tests === null ? '' : `, ${fix.tests.patched.passed} tests`;
  const codes = (reasons: readonly { code: string }[]) =>
    reasons.map(({ code }) => code).join(', ');
  const verdict =
    fix.judgement.verdict === 'verified'
      ? `verified${tests}`
      : `${fix.judgement.verdict}: ${codes(fix.judgement.reasons)}`;
  return row([
    target.name,
    target.identifier,
    builds?.vulnerable.version ?? 'not built',
    builds?.control.version ?? 'not built',
    judgement.signatures[0] ?? 'said by the proof',
    `${judgement.verdict} ${k}/${n}`,
    verdict,
    badPatches.map((bad) => `${bad.judgement.verdict}: ${codes(bad.judgement.reasons)}`).join('; '),
  ]);
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}
