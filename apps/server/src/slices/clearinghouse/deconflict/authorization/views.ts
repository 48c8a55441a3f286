import type {
  Authorization,
  AuthorizationState,
  Control,
  ControlState,
  Stop,
} from '@breakwater/contract';
import type { Id, Instant } from '@breakwater/kernel';
import { parseTarget } from '@breakwater/scope';
import { seesAllWork } from '../../../../platform/commands/audience.ts';
import type { Actor } from '../../../../platform/commands/commands.ts';
import type { Reader } from '../../../../platform/database/database.ts';
import type { Services } from '../../../../services.ts';
import { challengeOf } from './control.ts';
import { type ControlRow, proofsAround, settlementsAround } from './control-store.ts';
import { controlOf, isStopped, type LeaveFacts } from './decide.ts';
import { proofOf } from './leave.ts';
import { type StopRow, standingStops } from './stop-store.ts';
import { type AuthorizationPlaces, type AuthorizationRow, placesOf } from './store.ts';

type ViewPorts = Pick<Services, 'content' | 'database' | 'directory' | 'clock'>;

type ControlFacts = Pick<LeaveFacts, 'proofs' | 'settlements'>;

/** What is proven and decided at, in or around these places. */
export async function controlFacts(
  reader: Reader,
  lineages: readonly string[],
): Promise<ControlFacts> {
  const proofs = await proofsAround(reader, lineages);
  return {
    proofs: proofs.flatMap(proofOf),
    settlements: await settlementsAround(reader, lineages),
  };
}

/** DCF-31, DCF-32: where a proof stands at `now`, whatever any job has done. */
export function stateOf(row: ControlRow, facts: ControlFacts, now: Instant): ControlState {
  if (row.ended_at !== null) return 'withdrawn';
  if (row.valid_until === null) return 'pending';
  if (row.valid_until <= now) return 'lapsed';
  const place = { lineage: row.lineage, except: [] };
  const control = controlOf(row.party, place, { ...facts, at: now });
  return control === 'control-contested' ? 'contested' : 'proven';
}

/** Controls as `actor` sees them: what to put where is shown to the party it was made for. */
export async function controlViews(
  services: ViewPorts,
  rows: readonly ControlRow[],
  actor: Actor,
): Promise<Control[]> {
  const now = services.clock.now();
  const facts = await services.database.read((r) =>
    controlFacts(
      r,
      rows.map(({ lineage }) => lineage),
    ),
  );
  return await Promise.all(
    rows.map(async (row) => {
      const target = parseTarget(row.target);
      const challenge = target.ok ? challengeOf(target.value, row.way, row.token) : target;
      return {
        id: row.id,
        party: await services.directory.refOf(row.party),
        target: row.target,
        way: row.way,
        state: stateOf(row, facts, now),
        challenge: row.party === actor.id && challenge.ok ? challenge.value : null,
        statement: await textOf(services, row.statement_content),
        provenAt: row.proven_at,
        validUntil: row.valid_until,
        nextAt: row.ended_at === null ? row.next_at : null,
        lastFailure: row.failure,
        createdAt: row.created_at,
      };
    }),
  );
}

/** Scopes as `actor` sees them: who else is named is the owner's and the coordinators' to know. */
export async function authorizationViews(
  services: ViewPorts,
  rows: readonly AuthorizationRow[],
  actor: Actor,
): Promise<Authorization[]> {
  const now = services.clock.now();
  const known = await services.database.read(async (r) => {
    const places = await placesOf(
      r,
      rows.map(({ id }) => id),
    );
    const lineages = [...places.values()].flatMap((each) => each.lineages);
    const stops = await standingStops(r, lineages);
    return { places, stops, ...(await controlFacts(r, lineages)) };
  });
  return await Promise.all(
    rows.map(async (row) => {
      const all = row.owner === actor.id || seesAllWork(actor);
      const places = known.places.get(row.id) ?? { lineages: [], except: [] };
      return {
        id: row.id,
        owner: await services.directory.refOf(row.owner),
        targets: [...row.targets],
        except: [...row.except_targets],
        methods: [...row.methods],
        parties: all
          ? await Promise.all(row.parties.map((party) => services.directory.refOf(party)))
          : null,
        roles: all ? [...row.roles] : null,
        from: row.from_at,
        until: row.until_at,
        pace: row.pace,
        never: {
          zone: row.never.zone,
          weekly: row.never.weekly.map(({ days, ...time }) => ({ days: [...days], ...time })),
          once: row.never.once.map((window) => ({ ...window })),
        },
        contact: await textOf(services, row.contact_content),
        state: scopeStateOf(row, { ...known, places }, now),
        revision: row.revision,
        createdAt: row.created_at,
      };
    }),
  );
}

function scopeStateOf(
  row: AuthorizationRow,
  known: ControlFacts & { readonly places: AuthorizationPlaces; readonly stops: readonly string[] },
  now: Instant,
): AuthorizationState {
  if (row.revoked_at !== null) return 'revoked';
  if (row.until_at <= now) return 'over';
  const { lineages, except } = known.places;
  const controls = lineages.map((lineage) =>
    controlOf(row.owner, { lineage, except }, { ...known, at: now }),
  );
  const bad = (['control-missing', 'control-lapsed', 'control-contested'] as const).find((state) =>
    controls.includes(state),
  );
  if (bad !== undefined) return bad;
  if (row.from_at > now) return 'not-yet';
  const out = except.map((lineage) => ({ lineage }));
  const stopped = lineages.some((lineage) => isStopped({ lineage }, out, known.stops));
  return stopped ? 'stopped' : 'in-force';
}

/** Stops as those see them who control the target. */
export async function stopViews(services: ViewPorts, rows: readonly StopRow[]): Promise<Stop[]> {
  return await Promise.all(
    rows.map(async (row) => ({
      id: row.id,
      target: row.target,
      by: await services.directory.refOf(row.by_party),
      at: row.at,
      reason: await textOf(services, row.reason_content),
      liftedAt: row.lifted_at,
      liftedBy: row.lifted_by === null ? null : await services.directory.refOf(row.lifted_by),
      liftReason: await textOf(services, row.lift_reason_content),
      claims: row.claims,
      campaigns: row.campaigns,
    })),
  );
}

async function textOf(
  { content }: Pick<Services, 'content'>,
  id: Id<'content'> | null,
): Promise<string | null> {
  return id === null ? null : await content.getText(id);
}
