import {
  AssessmentFigures,
  type Assessment as AssessmentView,
  consultedOffices,
  type Determination as DeterminationView,
  EvaluationFigures,
  type FileSummary,
  type DesignationFile as FileView,
  type ThresholdRule,
} from '@breakwater/contract';
import { type Id, parseId } from '@breakwater/kernel';
import type { Services } from '../../../services.ts';
import { ruleAct } from './evaluate.ts';
import type { DesignateNeeds } from './needs.ts';
import { readRule } from './rule.ts';
import { findRule, type RuleRow } from './rule-store.ts';
import {
  type AssessmentRow,
  type DeterminationRow,
  type FileParts,
  type FileRow,
  findFile,
  laterThan,
  partsOf,
  seersOf,
} from './store.ts';

type Ports = Pick<Services, 'database' | 'content' | 'directory'>;

export async function ruleView(
  { content, database, directory }: Ports,
  needs: Pick<DesignateNeeds, 'committedAt'>,
  row: RuleRow,
): Promise<ThresholdRule> {
  const text = await content.getText(row.document_content);
  return {
    id: row.id,
    by: await directory.refOf(row.party),
    registeredAt: row.at,
    committedAt: await database.read((r) => needs.committedAt(r, row.id, ruleAct)),
    digest: row.digest,
    document: text === null ? null : readRule(text),
  };
}

/** Files as they stand in lists. */
export async function summaries(
  { database, directory }: Pick<Ports, 'database' | 'directory'>,
  rows: readonly FileRow[],
): Promise<FileSummary[]> {
  const ids = rows.map(({ id }) => id);
  const parts = await database.read((r) => partsOf(r, ids));
  return await Promise.all(
    rows.map(async (row) => {
      const keeper = await directory.refOf(row.keeper);
      return { ...summary(row, of(row.id, parts)), keeper };
    }),
  );
}

function summary(row: FileRow, parts: FileParts): Omit<FileSummary, 'keeper'> {
  const engagement = parseId('engagement', row.matter);
  const consulted = parts.consultations.map(({ office }) => office);
  return {
    id: row.id,
    engagement,
    commitment: engagement === null ? row.matter : null,
    openedAt: row.at,
    former: row.former,
    evaluated: parts.evaluations.at(-1)?.outcome ?? null,
    consulted: consultedOffices.filter((office) => consulted.includes(office)),
    dissents: parts.dissents.length,
    determination: parts.determinations[0]?.id ?? null,
  };
}

/** All that lies in a file; null where there is none. */
export async function fileView(
  services: Ports,
  needs: Pick<DesignateNeeds, 'committedAt'>,
  id: string,
): Promise<FileView | null> {
  const { content, database, directory } = services;
  const found = await database.read(async (r) => {
    const row = await findFile(r, id);
    if (row === null) return null;
    const rule = row.rule === null ? null : await findRule(r, row.rule);
    return { row, rule, parts: await partsOf(r, [id]), seers: await seersOf(r, id) };
  });
  if (found === null) return null;
  const { row, rule, parts, seers } = found;
  const [determined] = await determinationViews({ database }, parts.determinations);
  const said = summary(row, parts);
  const by = (party: Id<'party'>) => directory.refOf(party);
  return {
    ...said,
    keeper: await by(row.keeper),
    seers: await Promise.all([...(row.official === null ? [] : [row.official]), ...seers].map(by)),
    rule: rule === null ? null : await ruleView(services, needs, rule),
    runs: await Promise.all(
      parts.runs.map(async ({ run, party, at, began_at, samples }) => ({
        run,
        by: await by(party),
        attachedAt: at,
        beganAt: began_at,
        samples,
      })),
    ),
    evaluations: await Promise.all(
      parts.evaluations.map(async (each) => ({
        id: each.id,
        by: await by(each.party),
        at: each.at,
        outcome: each.outcome,
        digest: each.digest,
        runs: each.runs,
        figures: await figuresIn(content, each.figures_content),
      })),
    ),
    consultations: await Promise.all(
      parts.consultations.map(async ({ id: consultation, office, date, reference, party, at }) => ({
        id: consultation,
        office,
        date,
        reference,
        by: await by(party),
        recordedAt: at,
      })),
    ),
    dissent: await Promise.all(
      parts.dissents.map(async ({ party, at, content: text }) => ({
        by: await by(party),
        at,
        text: await content.getText(text),
      })),
    ),
    determined: determined ?? null,
    assessments: await Promise.all(
      parts.assessments.map(async ({ id: assessment, evaluation, parts: told, party, at }) => ({
        id: assessment,
        evaluation,
        parts: told,
        by: await by(party),
        at,
      })),
    ),
    missing: consultedOffices.filter((office) => !said.consulted.includes(office)),
    revision: row.revision,
  };
}

/** The figures of an evaluation as they were kept; null: erased. */
export async function figuresIn(
  content: Services['content'],
  id: Id<'content'>,
): Promise<EvaluationFigures | null> {
  const text = await content.getText(id);
  return text === null ? null : EvaluationFigures.parse(JSON.parse(text));
}

export async function determinationViews(
  { database }: Pick<Ports, 'database'>,
  rows: readonly DeterminationRow[],
): Promise<DeterminationView[]> {
  const later = await database.read((r) =>
    laterThan(
      r,
      rows.map(({ id }) => id),
    ),
  );
  return rows.map((row) => ({
    id: row.id,
    engagement: parseId('engagement', row.matter),
    outcome: row.outcome,
    date: row.date,
    reference: row.reference,
    enteredAt: row.at,
    takenIn: row.bundle !== null,
    former: row.former,
    later: later.get(row.id) ?? null,
  }));
}

export async function assessmentView(
  { content }: Pick<Ports, 'content'>,
  row: AssessmentRow,
): Promise<AssessmentView> {
  const text = await content.getText(row.content);
  return {
    id: row.id,
    engagement: row.engagement,
    at: row.at,
    parts: row.parts,
    figures: text === null ? null : AssessmentFigures.parse(JSON.parse(text)),
  };
}

/** What of these parts lies in one file. */
function of(file: string, parts: FileParts): FileParts {
  const own = <T extends { readonly file: string }>(rows: readonly T[]) =>
    rows.filter((row) => row.file === file);
  return {
    runs: own(parts.runs),
    evaluations: own(parts.evaluations),
    consultations: own(parts.consultations),
    dissents: own(parts.dissents),
    determinations: own(parts.determinations),
    assessments: own(parts.assessments),
  };
}
