import type {
  AccessDays,
  AccessExport,
  AccessGrant,
  AccessUse,
  AccessWindow,
  Plan,
} from '@breakwater/contract';
import { protections } from '@breakwater/contract';
import { type Instant, parseInstant } from '@breakwater/kernel';
import { levels } from '../../../platform/commands/audience.ts';
import type { Services } from '../../../services.ts';
import { grantOf, type Loaded, windowOf } from './access.ts';
import { calendarDays, latestEndInAll, usedDays } from './calendar.ts';
import type { GrantRow } from './grant-store.ts';
import type { MemberRow } from './member-store.ts';
import type { Members } from './names.ts';
import type { EngagementFacts } from './needs.ts';
import { owedOf } from './owed.ts';
import { daysMax, isOver, type Missing, missingOf, spanOf } from './standing.ts';
import type { PlanRow, WindowRow } from './store.ts';
import type { ExportRow, UseRow } from './use-store.ts';

type Ports = Pick<Services, 'content' | 'directory'>;

export async function planView({ content, directory }: Ports, row: PlanRow): Promise<Plan> {
  return {
    id: row.id,
    engagement: row.engagement,
    by: await directory.refOf(row.party),
    statedAt: row.at,
    objectives: await content.getText(row.objectives_content),
    who: await content.getText(row.who_content),
    outputs: await content.getText(row.outputs_content),
    afterwards: await content.getText(row.afterwards_content),
    personsMax: row.persons_max,
    returnWithinDays: row.return_days,
  };
}

/** EAR-4: counted in the developer's zone, and in every other zone in which a window was opened. */
export function daysView({ engagement, access }: Loaded, now: Instant): AccessDays {
  const { zone } = engagement;
  const spans = access.windows.map((window) => spanOf(window, access.grants));
  const used = usedDays(zone, spans);
  const zones = [...new Set([zone, ...access.windows.map((window) => window.zone)])];
  const most = Math.max(...zones.map((each) => usedDays(each, spans).length));
  const latestEnd = latestEndInAll({ zones, start: now, used: spans, cap: daysMax });
  return { zone, used: [...used], left: Math.max(0, daysMax - most), latestEnd };
}

/** What a window is shown with. */
export interface WindowOf {
  readonly engagement: EngagementFacts;
  readonly plan: PlanRow;
  readonly grants: readonly GrantRow[];
  readonly members: ReadonlyMap<string, MemberRow>;
  readonly level: number;
  readonly now: Instant;
}

export async function windowView(
  { directory }: Ports,
  row: WindowRow,
  of: WindowOf,
): Promise<AccessWindow> {
  const { engagement, grants, level, now, plan } = of;
  const window = windowOf(row);
  const span = spanOf(window, grants.map(grantOf));
  const days = calendarDays(row.zone, span.from, span.until);
  const isSide = level >= levels.all;
  const standing = grants.filter(({ revoked_at: at }) => at === null);
  const active = standing.filter((grant) => missingIn({ grant, window: row }, of).length === 0);
  const owed = grants.filter(
    (grant) => owedOf({ grant, window: row }, plan.return_days, now) !== null,
  );
  return {
    id: row.id,
    engagement: row.engagement,
    developer: await directory.refOf(engagement.developer),
    plan: isSide ? row.plan : null,
    zone: row.zone,
    openedAt: row.opened_at,
    begins: row.begins,
    ends: row.ends,
    because: row.because,
    // By the clock alone nobody ended it.
    endedAt: row.ended_at === row.ends ? null : row.ended_at,
    open: !isOver(window, now) && now >= row.begins,
    asOf: now,
    days: [...days],
    inside: isSide
      ? {
          granted: standing.length,
          active: active.length,
          personsMax: plan.persons_max,
          owed: owed.length,
        }
      : null,
  };
}

/** EAR-9: what of an active grant does not hold, with whether its members are still here. */
export function missingIn(
  { grant, window }: { readonly grant: GrantRow; readonly window: WindowRow },
  of: {
    readonly engagement: EngagementFacts;
    readonly members: ReadonlyMap<string, MemberRow>;
    readonly now: Instant;
  },
): readonly Missing[] {
  const pure = missingOf(
    { grant: grantOf(grant), window: windowOf(window) },
    of.engagement,
    of.now,
  );
  const isHere = [grant.member, grant.person].every((id) => of.members.get(id)?.here === true);
  return isHere ? pure : [...pure, { what: 'person-gone', protection: null }];
}

/** What a grant is shown with. */
export interface GrantOf {
  readonly window: WindowRow;
  readonly engagement: EngagementFacts;
  readonly plan: PlanRow;
  readonly calls: number;
  readonly members: Members;
  readonly now: Instant;
}

export async function grantView(
  { content, directory }: Ports,
  row: GrantRow,
  of: GrantOf,
): Promise<AccessGrant> {
  const { window, engagement, plan, members, now } = of;
  const { rows } = members;
  const missing = missingIn({ grant: row, window }, { engagement, members: rows, now });
  const statement = row.attested_content;
  const { attested: how, attested_at: attestedAt } = row;
  return {
    id: row.id,
    window: window.id,
    member: members.refOf(row.member),
    person: members.refOf(row.person),
    kind: rows.get(row.member)?.kind ?? 'person',
    addedBy: await directory.refOf(row.added_by),
    addedAt: row.at,
    protections: protections.map((protection) => {
      const terms = engagement.terms[protection];
      const accepted = row.accepted.find((each) => each.protection === protection);
      const isThis = terms !== null && accepted?.terms === terms;
      return { protection, terms, acceptedAt: isThis ? parseInstant(accepted.at) : null };
    }),
    revokedAt: row.revoked_at,
    revokedBy: row.revoked_by === null ? null : await directory.refOf(row.revoked_by),
    active: missing.length === 0,
    until: missing.length === 0 ? window.ends : null,
    asOf: now,
    missing: [...missing],
    uses: row.uses,
    calls: of.calls,
    lastUsedAt: row.used_at,
    exports: row.exports,
    owed: owedOf({ grant: row, window }, plan.return_days, now),
    attestation:
      how === null || attestedAt === null
        ? null
        : {
            how,
            at: attestedAt,
            statement: statement === null ? null : await content.getText(statement),
          },
  };
}

export async function useView(
  { content }: Ports,
  row: UseRow,
  of: {
    readonly window: WindowRow['id'];
    readonly members: Members;
    readonly findings: AccessUse['findings'];
  },
): Promise<AccessUse> {
  return {
    id: row.id,
    grant: row.access_grant,
    window: of.window,
    member: of.members.refOf(row.member),
    purpose: await content.getText(row.purpose_content),
    beganAt: row.at,
    endedAt: row.ended_at,
    calls: row.calls,
    lastAskedAt: row.asked_at,
    findings: of.findings,
  };
}

export async function exportView(
  { content }: Ports,
  row: ExportRow,
  members: Members,
): Promise<AccessExport> {
  return {
    id: row.id,
    use: row.access_use,
    grant: row.access_grant,
    member: members.refOf(row.member),
    what: await content.getText(row.what_content),
    digest: row.digest,
    bytes: row.bytes,
    to: await content.getText(row.to_content),
    purpose: await content.getText(row.purpose_content),
    at: row.at,
  };
}
