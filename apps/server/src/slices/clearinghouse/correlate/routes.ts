import { correlate, type Embargo, type Finding } from '@breakwater/contract';
import { type Id, type Instant, ok, refuse, type Tlp } from '@breakwater/kernel';
import { newId } from '../../../platform/clock/clock.ts';
import { levels } from '../../../platform/commands/audience.ts';
import type { Actor, Event } from '../../../platform/commands/commands.ts';
import { stale, tellChange } from '../../../platform/commands/revision.ts';
import type { ContentRef } from '../../../platform/content/content.ts';
import type { Reader, Transaction } from '../../../platform/database/database.ts';
import { notFound, type Route, responseOf, route } from '../../../route.ts';
import type { Services } from '../../../services.ts';
import {
  type CaseId,
  type CaseState,
  decideMerge,
  decideSplit,
  decideUndo,
  type FindingId,
  type Member,
  type Opening,
} from './decide.ts';
import { type CorrelateNeeds, reportedMembers } from './place.ts';
import {
  type DecisionRow,
  decisionsOf,
  findDecision,
  insertDecision,
  markUndone,
  membersOf,
  putMembers,
} from './store.ts';

/** What the routes ask of other slices beside placing; bound in slices/index.ts. */
export interface CorrelateRouteNeeds extends CorrelateNeeds {
  findingView(finding: FindingId, actor: Actor): Promise<Finding | null>;
  room(
    reader: Reader,
    caseId: string,
  ): Promise<{
    readonly title: Id<'content'>;
    readonly package: string;
    readonly version: string;
    readonly recipe: string | null;
    readonly mergedInto: CaseId | null;
    readonly published: boolean;
    readonly embargo: Embargo;
    readonly revision: number;
  } | null>;
  /** Title, package, version and recipe of a case that begins with this finding. */
  /** Whether the newest validation of one of `findings` reproduced it. */
  isReproduced(reader: Reader, findings: readonly FindingId[]): Promise<boolean>;
  openingOf(
    reader: Reader,
    finding: FindingId,
  ): Promise<{
    readonly marking: Tlp;
    readonly title: Id<'content'>;
    readonly package: string;
    readonly version: string;
    readonly recipe: string | null;
  }>;
}

/** The operations of this slice. */
export function correlateRoutes(services: Services, needs: CorrelateRouteNeeds): readonly Route[] {
  const { database, execute, content } = services;
  return [
    route(correlate.findings, async ({ params, actor, level }) => {
      const members = await memberViews(services, needs, params.case, actor);
      const decisions =
        level < levels.all ? [] : await database.read((r) => decisionsOf(r, params.case));
      const joins = await Promise.all(decisions.map((d) => joinView(services, d)));
      return ok({ members, joins });
    }),
    route(correlate.merge, async ({ params, body, envelope, actor }) => {
      const reason = await content.putText(body.reason, 'reason.txt');
      const executed = await execute(envelope, async (tx, now) => {
        const from = await caseState(tx, params.case, needs);
        const into = await caseState(tx, body.into, needs);
        if (from === null || into === null) return notFound('a case');
        const changed = stale(body.ifRevision, from.revision);
        if (changed !== null) return refuse(changed);
        const decision = newId('decision');
        const decided = decideMerge(from, into, { decision, reason: reason.id });
        if (!decided.ok) return decided;
        const findings = from.members.map((m) => m.finding);
        await insertDecision(
          tx,
          decisionRow({
            id: decision,
            kind: 'merge',
            from: from.id,
            into: into.id,
            findings,
            reason,
            actor,
            now,
          }),
        );
        await move(tx, findings, { into: into.id, because: 'merge', now });
        return outcome([decided.value, ...embargoKept(from, into)], {
          reason,
          subject: into.id,
          response: { join: decision, case: into.id },
        });
      });
      return responseOf(await tellChange(services, executed, { subject: params.case, actor }));
    }),
    route(correlate.split, async ({ params, body, envelope, actor }) => {
      const reason = await content.putText(body.reason, 'reason.txt');
      const executed = await execute(envelope, async (tx, now) => {
        const from = await caseState(tx, params.case, needs);
        const found = await needs.room(tx, params.case);
        if (from === null || found === null) return notFound('a case');
        const changed = stale(body.ifRevision, from.revision);
        if (changed !== null) return refuse(changed);
        const decision = newId('decision');
        const newCase = newId('case');
        const leaves = (m: Member) => body.findings.includes(m.finding);
        const leaving = from.members.filter(leaves);
        const staying = from.members.filter((m) => !leaves(m));
        const decided = decideSplit(from, body.findings, {
          decision,
          reason: reason.id,
          newCase,
          leaving: await openingOf(tx, needs, { members: leaving, room: found }),
          staying: await openingOf(tx, needs, { members: staying, room: found }),
        });
        if (!decided.ok) return decided;
        const findings = [...new Set(body.findings)];
        await insertDecision(
          tx,
          decisionRow({
            id: decision,
            kind: 'split',
            from: from.id,
            into: newCase,
            findings,
            reason,
            actor,
            now,
          }),
        );
        await move(tx, findings, { into: newCase, because: 'split', now });
        const opened = { id: newCase, embargo: { state: 'open' as const } };
        return outcome([decided.value, ...embargoKept(from, opened)], {
          reason,
          subject: from.id,
          response: { join: decision, case: newCase },
        });
      });
      return responseOf(await tellChange(services, executed, { subject: params.case, actor }));
    }),
    route(correlate.undo, async ({ params, body, envelope, actor }) => {
      const reason = await content.putText(body.reason, 'reason.txt');
      const executed = await execute(envelope, async (tx, now) => {
        const decision = await findDecision(tx, params.join);
        if (decision === null) return notFound('a join');
        const from = await caseState(tx, decision.from, needs);
        const into = await caseState(tx, decision.into, needs);
        if (from === null || into === null) return notFound('a case');
        const decided = decideUndo(decision, from, into, reason.id);
        if (!decided.ok) return decided;
        await markUndone(tx, decision.id, { at: now, by: actor.id, reason: reason.id });
        await move(tx, decision.findings, { into: from.id, because: 'undo', now });
        return outcome([decided.value], { reason, subject: from.id, response: { case: from.id } });
      });
      return responseOf(executed);
    }),
  ];
}

/** What a case of these members is called by; where there is none, what it was called by before. */
async function openingOf(
  tx: Transaction,
  needs: CorrelateRouteNeeds,
  of: { readonly members: readonly Member[]; readonly room: Omit<Opening, 'reproduced'> },
): Promise<Opening> {
  let named: Omit<Opening, 'reproduced'> = of.room;
  for (const { finding } of of.members) {
    const opening = await needs.openingOf(tx, finding);
    // An owner who sees no RED finding (VIS-4) must not read its title as that of the case.
    if (opening.marking === 'RED') continue;
    named = opening;
    break;
  }
  const findings = of.members.map((m) => m.finding);
  const { title, version, recipe } = named;
  const reproduced = await needs.isReproduced(tx, findings);
  return { title, package: named.package, version, recipe, reproduced };
}

/**
 * The embargo of `from` where it is the longer one, set on `to` as well: what was promised for a
 * finding holds wherever a coordinator moves it.
 */
function embargoKept(
  from: { readonly embargo: Embargo },
  to: { readonly id: CaseId; readonly embargo: Embargo },
): readonly Event[] {
  const kept = from.embargo;
  if (kept.state !== 'until' || to.embargo.state === 'ended') return [];
  if (to.embargo.state === 'until' && to.embargo.endsAt >= kept.endsAt) return [];
  const data = { endsAt: kept.endsAt, zone: kept.zone };
  return [{ act: 'coordinate.embargo-set', subject: to.id, data }];
}

function outcome<R>(
  events: readonly Event[],
  given: { reason: ContentRef; subject: CaseId; response: R },
) {
  const contents = [{ ref: given.reason, subject: given.subject, level: levels.all }];
  return ok({ events, contents, response: given.response });
}

async function caseState(
  reader: Reader,
  caseId: CaseId,
  needs: CorrelateRouteNeeds,
): Promise<(CaseState & { readonly embargo: Embargo; readonly revision: number }) | null> {
  const room = await needs.room(reader, caseId);
  if (room === null) return null;
  const members = await reportedMembers(reader, caseId, needs);
  const { mergedInto, published, embargo, revision } = room;
  return { id: caseId, mergedInto, published, embargo, revision, members };
}

async function move(
  tx: Transaction,
  findings: readonly FindingId[],
  to: {
    readonly into: CaseId;
    readonly because: 'merge' | 'split' | 'undo';
    readonly now: Instant;
  },
): Promise<void> {
  const { into: case_id, because, now: since } = to;
  await putMembers(
    tx,
    findings.map((finding) => ({ finding, case_id, since, because, evidence: [] })),
  );
}

function decisionRow(d: {
  id: Id<'decision'>;
  kind: 'merge' | 'split';
  from: CaseId;
  into: CaseId;
  findings: readonly FindingId[];
  reason: ContentRef;
  actor: Actor;
  now: Instant;
}) {
  return {
    id: d.id,
    kind: d.kind,
    from_case: d.from,
    into_case: d.into,
    findings: [...d.findings],
    reason_content: d.reason.id,
    by_party: d.actor.id,
    at: d.now,
  };
}

/** Members whose finding the reader may see: a finder sees its own alone. */
async function memberViews(
  services: Services,
  needs: CorrelateRouteNeeds,
  caseId: string,
  actor: Actor,
) {
  const rows = await services.database.read((r) => membersOf(r, caseId));
  const views = await Promise.all(
    rows.map(async (row) => {
      const finding = await needs.findingView(row.finding, actor);
      if (finding === null) return null;
      return { finding, since: row.since, by: row.because, evidence: [...row.evidence] };
    }),
  );
  const [first, ...others] = views.filter((view) => view !== null);
  if (first === undefined) return [];
  // What it joined is hidden from an owner, so to an owner it is what opened the case.
  const joinedHidden = first.by === 'exact-identity' && first.finding.reporter === null;
  return [joinedHidden ? { ...first, by: 'opened' as const, evidence: [] } : first, ...others];
}

async function joinView(services: Services, d: DecisionRow) {
  const { content, directory } = services;
  const undone =
    d.undone_at === null || d.undone_by === null || d.undone_reason_content === null
      ? null
      : {
          at: d.undone_at,
          by: await directory.refOf(d.undone_by),
          reason: (await content.getText(d.undone_reason_content)) ?? '(erased)',
        };
  return {
    id: d.id,
    kind: d.kind,
    from: d.from_case,
    into: d.into_case,
    findings: d.findings,
    reason: (await content.getText(d.reason_content)) ?? '(erased)',
    by: await directory.refOf(d.by_party),
    at: d.at,
    undone,
  };
}
