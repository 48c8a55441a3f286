import { createHash, randomUUID } from 'node:crypto';
import {
  type Body,
  type collect,
  type FindingsFile,
  type Output,
  type ReportRow,
  reportLimits,
} from '@breakwater/contract';
import { createNumbering } from '@breakwater/formats/sarif';
import { toBase64, utf8 } from '@breakwater/kernel';
import type { Source } from '../../files.ts';
import type { Given } from './draft.ts';
import type { ImportRow, ReadFile } from './read.ts';
import type { Handed, Outcome } from './tally.ts';

/** Asks the server; each call is one request, however often it has to be sent. */
export type Import = (
  body: Body<typeof collect.import>,
  idempotencyKey: string,
) => Promise<Output<typeof collect.import>>;

/** In one request of a file too large to be sent whole. */
const partRows = 1_000;

export interface SendReport {
  readonly read: ReadFile;
  readonly source: Source;
  readonly given: Given & { readonly marking?: Body<typeof collect.import>['marking'] };
  readonly ask: Import;
}

/**
 * Hands in a SARIF log: whole, so that the server can tell what is gone since the last one; or, if
 * it is larger than the server takes, in parts of findings that were read here. Either way the
 * server knows what was handed in before, and a broken import is run again without harm.
 */
export async function* sendReport(how: SendReport): AsyncGenerator<readonly Outcome[]> {
  const { read, source } = how;
  const fits = read.total <= reportLimits.findingsMax && source.size <= reportLimits.bytesMax;
  if (fits) return yield* sendWhole(how);
  const send = createSender(how);
  let part: ImportRow[] = [];
  for await (const rows of read.rows) {
    part.push(...rows);
    for (; part.length >= partRows; part = part.slice(partRows)) {
      yield await send(part.slice(0, partRows));
    }
  }
  if (part.length > 0) yield await send(part);
}

async function* sendWhole({
  read,
  source,
  given,
  ask,
}: SendReport): AsyncGenerator<readonly Outcome[]> {
  const file = toBase64(await source.whole(reportLimits.bytesMax));
  const { package: name, version, recipe, marking } = given;
  const body = {
    format: 'sarif' as const,
    file,
    ...(name === undefined ? {} : { package: name }),
    ...(version === undefined ? {} : { version }),
    ...(recipe === undefined ? {} : { recipe }),
    ...(marking === undefined ? {} : { marking }),
  };
  const { rows: answers } = await ask(body, randomUUID());
  const byPlace = new Map(answers.map((answer) => [answer.where, answer]));
  for await (const rows of read.rows) {
    yield rows.map((row) => ({ row, handed: handedBy(row, byPlace.get(row.where)) }));
  }
}

/** Sends parts, and numbers in them what nothing else tells apart, as the server does in a whole. */
function createSender({ ask }: SendReport) {
  const numbered = createNumbering((text) =>
    createHash('sha256').update(text).digest('base64').slice(0, 22),
  );
  return async (rows: readonly ImportRow[]): Promise<readonly Outcome[]> => {
    const findings = rows.flatMap(({ where, outcome }): FindingsFile['findings'] => {
      if (outcome.kind !== 'understood') return [];
      const { fingerprint = null, suppressed = false } = outcome.known ?? {};
      const { body: finding } = outcome.draft;
      const of = `${finding.package}\n`;
      const same =
        fingerprint === null
          ? {}
          : { fingerprint: numbered(`${of}${fingerprint}`).slice(of.length) };
      return [{ where, finding, suppressed, ...same }];
    });
    if (findings.length === 0) return rows.map((row) => ({ row, handed: null }));
    const file = toBase64(utf8(JSON.stringify({ findings })));
    const { rows: answers } = await ask({ format: 'findings', file }, randomUUID());
    const byPlace = new Map(answers.map((answer) => [answer.where, answer]));
    return rows.map((row) => ({ row, handed: handedBy(row, byPlace.get(row.where)) }));
  };
}

/** What the server says of a row that we understood; what we did not, it cannot have taken. */
function handedBy({ outcome }: ImportRow, answer: ReportRow | undefined): Handed | null {
  if (outcome.kind !== 'understood' || answer === undefined) return null;
  const { finding, outcome: standing, why } = answer;
  if (finding !== null) {
    return { kind: standing === 'known' ? 'sent-before' : 'sent', finding, standing };
  }
  return {
    kind: 'refused',
    refusal: {
      code: 'row-refused',
      expected: 'a finding the server takes',
      got: why ?? standing,
      todo: 'correct it in the tool that wrote the file',
    },
  };
}
