import { type CallInput, coordinate, type Operation, type Output } from '@breakwater/contract';
import type { Id, Json } from '@breakwater/kernel';
import type { FileAnswer, RangedAnswer, Route, StreamAnswer } from '../../route.ts';
import type { Services } from '../../services.ts';
import { seesAllWork } from '../commands/audience.ts';
import type { Event } from '../commands/commands.ts';
import { publicEnvelope } from '../commands/public-envelope.ts';
import type { Reader } from '../database/database.ts';
import { type Caller, permit, refusedAtDoor, type WeighedFacts } from '../policy/permit.ts';

/** One file of an export. */
export interface ExportDocument {
  /** Below the export's root; made of our own words and ids, never of what was sent. */
  readonly path: string;
  /** Bytes as they are, anything else as JSON. */
  readonly value: object;
}

/** What a slice adds to the export of a party: from what the party may read through the door. */
export type ExportOf = (source: ExportSource) => AsyncGenerator<ExportDocument>;

/**
 * Answers the read operations as the party itself would be answered: an export can hold nothing that
 * its party could not have seen.
 */
export interface ExportSource {
  readonly party: Caller['actor']['id'];
  /**
   * The cases the party takes part in. None for those who see all work by their role: that is the
   * clearinghouse's, and not theirs to take along.
   */
  cases(): Promise<readonly Id<'case'>[]>;
  /** null where the party may not ask, or nothing is there for it. */
  get<T extends Operation>(operation: T, input?: CallInput<T>): Promise<Output<T> | null>;
  /** Every item of an operation that answers in pages, page by page. */
  pages<T extends Operation>(
    operation: T,
    input?: CallInput<T>,
  ): AsyncGenerator<Output<T> extends { items: readonly (infer I)[] } ? I : never>;
  /** The bytes of an operation that answers with a file, or null. */
  file<T extends Operation>(operation: T, input?: CallInput<T>): Promise<Uint8Array | null>;
}

type Answered = Json | FileAnswer | RangedAnswer | StreamAnswer;

function goesOn(value: Answered): value is StreamAnswer | RangedAnswer {
  if (typeof value !== 'object' || value === null) return false;
  return 'events' in value || ('open' in value && typeof value.open === 'function');
}

/** What the source stands on; the routes are bound after the directory's own. */
export interface ExportNeeds {
  readonly exports: readonly ExportOf[];
  readonly facts: WeighedFacts;
  readonly routes: () => readonly Route[];
  /** What a party leaves with the same act as the installation. */
  leaves(reader: Reader, party: Id<'party'>): Promise<readonly Event[]>;
  /** The cases in an owner's hands, and whether each was reproduced. */
  ownedCases(
    reader: Reader,
    owner: Id<'party'>,
  ): Promise<readonly { readonly case: Id<'case'>; readonly reproduced: boolean }[]>;
}

/** Opens the source for a caller. */
export function exportSource(
  services: Services,
  { facts, routes }: Pick<ExportNeeds, 'facts' | 'routes'>,
  caller: Caller,
): ExportSource {
  async function answer(
    operation: Operation,
    input: { params?: unknown; query?: unknown },
  ): Promise<Json | FileAnswer | null> {
    if (refusedAtDoor(operation, caller) !== null) return null;
    const route = routes().find((bound) => bound.operation.id === operation.id);
    if (route === undefined) throw new Error(`nothing answers ${operation.id}`);
    const parts = {
      params: operation.params.parse(input.params ?? {}),
      query: operation.query.parse(input.query ?? {}),
      body: undefined,
    };
    const permitted = await permit({ ...services, facts }, { operation, caller, ...parts });
    if (!permitted.ok) return null;
    const answered = await route.handle({
      ...parts,
      actor: caller.actor,
      anonymous: false,
      member: null,
      session: null,
      credential: null,
      permissions: caller.permissions,
      level: permitted.value,
      now: services.clock.now(),
      idempotencyKey: '',
      envelope: publicEnvelope(operation.id, '', null),
      browser: { userAgent: '', keep() {}, forget() {} },
    });
    if (!answered.ok) return null;
    // What goes on, or is too large to be held, is no part of an export; no slice asks for it.
    return goesOn(answered.value) ? null : answered.value;
  }

  let listed: readonly Id<'case'>[] | null = null;
  const source: ExportSource = {
    party: caller.actor.id,
    async cases() {
      if (seesAllWork(caller.actor)) return [];
      if (listed !== null) return listed;
      const ids: Id<'case'>[] = [];
      for await (const { id } of source.pages(coordinate.list)) ids.push(id);
      listed = ids;
      return ids;
    },
    async get(operation, input = {}) {
      // The route of an operation answers with what the operation declares.
      return (await answer(operation, input)) as Output<typeof operation> | null;
    },
    async *pages(operation, input = {}) {
      let after: string | null | undefined;
      do {
        const query = { ...input.query, limit: 200, ...(after == null ? {} : { after }) };
        // As above; and only operations that answer in pages get past the type.
        const page = (await answer(operation, { ...input, query })) as {
          items: readonly never[];
          next?: string | null;
        } | null;
        yield* page?.items ?? [];
        after = page?.next;
      } while (after != null);
    },
    async file(operation, input = {}) {
      const file = (await answer(operation, input)) as FileAnswer | null; // as above
      return file?.bytes ?? null;
    },
  };
  return source;
}
