import {
  type Case,
  type Client,
  coordinate,
  correlate,
  type Embargo,
  type Output,
  prioritize,
  record,
  validate,
  verify,
} from '@breakwater/contract';
import { argument, type Context, type Given } from '../command.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import type { Terminal } from '../terminal.ts';
import { parse } from './request.ts';
import { answered, permitted, sessionFor } from './session.ts';

/** Everything of a case that this caller may see; null: not this caller. */
interface CaseParts {
  readonly case: Case;
  readonly findings: Output<typeof correlate.findings> | null;
  readonly validations: Output<typeof validate.list> | null;
  readonly score: Output<typeof prioritize.get> | null;
  readonly patches: Output<typeof verify.list> | null;
  readonly timeline: Output<typeof record.timeline> | null;
}

/** `case`: one case on one screen. */
export async function showCase(given: Given, context: Context): Promise<ExitCode> {
  const client = sessionFor(given, context);
  const parts = await readCase(client, argument(given, 0));
  if (given.options['json'] === true) context.terminal.json(parts);
  else print(parts, context.terminal);
  return exitCodes.good;
}

async function readCase(client: Client, id: string): Promise<CaseParts> {
  const params = parse(coordinate.get.params, { case: id }, 'a case');
  const found = await answered(client.call(coordinate.get, { params }));
  const [findings, validations, score, patches, timeline] = await Promise.all([
    permitted(client.call(correlate.findings, { params })),
    permitted(client.call(validate.list, { params })),
    permitted(client.call(prioritize.get, { params })),
    permitted(client.call(verify.list, { params })),
    permitted(client.call(record.timeline, { params })),
  ]);
  return { case: found, findings, validations, score, patches, timeline };
}

function print(parts: CaseParts, terminal: Terminal): void {
  const { case: it } = parts;
  terminal.line(it.title);
  terminal.line(`  case       ${it.id}`);
  terminal.line(`  package    ${it.package} ${it.version}`);
  terminal.line(`  stage      ${it.stage}, opened ${it.openedAt}`);
  terminal.line(`  embargo    ${embargoText(it.embargo)}`);
  if (it.advisory !== null) terminal.line(`  advisory   ${it.advisory}`);
  if (it.mergedInto !== null) terminal.line(`  joined     into ${it.mergedInto}`);
  const score = parts.score?.score ?? null;
  if (score !== null) {
    const cvss = score.cvss === null ? '' : `; CVSS ${score.cvss.score} ${score.cvss.severity}`;
    terminal.line(`  score      SSVC ${score.ssvc.decision}; ${score.bod2604.tier}${cvss}`);
  }
  printFindings(parts, terminal);
  printProofs(parts, terminal);
  printPatches(parts, terminal);
  const acts = parts.timeline?.items ?? [];
  if (acts.length > 0) terminal.line('timeline');
  for (const { at, act, actor, index } of acts) {
    const place = index === null ? 'not signed yet' : `entry ${index} of the log`;
    terminal.line(`  ${at}  ${act}  ${actor?.name ?? '–'}  (${place})`);
  }
}

function printFindings({ findings }: CaseParts, terminal: Terminal): void {
  if (findings === null) return;
  terminal.line(`findings (${findings.members.length})`);
  for (const { finding, by, evidence } of findings.members) {
    const why = evidence.length === 0 ? by : `${by}: ${evidence.join(', ')}`;
    terminal.line(`  ${finding.id}  ${finding.title}`);
    terminal.line(`    from ${finding.reporter?.name ?? 'another reporter'}, ${why}`);
    if (finding.crash !== null) {
      terminal.line(`    ${finding.crash.type} in ${finding.crash.state.join(', ')}`);
    }
  }
}

function printProofs({ validations }: CaseParts, terminal: Terminal): void {
  const items = validations?.items ?? [];
  if (items.length > 0) terminal.line('proofs of concept');
  for (const { finding, status, verdict, reproduced, reasons, tier, attestation } of items) {
    const share = reproduced === null ? '' : ` ${reproduced.k}/${reproduced.n}`;
    const walls = tier === null ? '' : `, sandbox ${tier}`;
    terminal.line(`  ${finding}  ${verdict ?? status}${share}${walls}`);
    for (const reason of reasons) terminal.line(`    ${reason}`);
    if (attestation !== null) terminal.line(`    attestation ${attestation}`);
  }
}

function printPatches({ patches }: CaseParts, terminal: Terminal): void {
  const items = patches?.items ?? [];
  if (items.length > 0) terminal.line('patches');
  for (const { id, title, by, verification } of items) {
    const verdict = verification?.verdict ?? verification?.status ?? 'proposed';
    terminal.line(`  ${id}  ${title}, by ${by.name}: ${verdict}`);
    for (const row of verification?.matrix ?? []) {
      const { label, unpatched, patched } = row;
      const without = `${unpatched.fired}/${unpatched.of} without`;
      terminal.line(
        `    ${label}: fired ${without}, ${patched.fired}/${patched.of} with the patch`,
      );
    }
    for (const reason of verification?.reasons ?? []) terminal.line(`    ${reason}`);
  }
}

function embargoText(embargo: Embargo): string {
  switch (embargo.state) {
    case 'open':
      return 'none set';
    case 'until':
      return `until ${embargo.endsAt} (${embargo.zone})`;
    case 'ended':
      return `ended ${embargo.endedAt}: ${embargo.because}`;
  }
}
