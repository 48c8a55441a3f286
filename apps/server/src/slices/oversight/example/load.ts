import {
  collect,
  coordinate,
  directory,
  distribute,
  type Operation,
  type Output,
  prioritize,
  type Role,
  validate,
} from '@breakwater/contract';
import { type Id, type Json, ok, type Refusal } from '@breakwater/kernel';
import { z } from 'zod';
import { administrator, system } from '../../../platform/commands/audience.ts';
import type { Actor } from '../../../platform/commands/commands.ts';
import { keepingOnlyHeld } from '../../../platform/content/left-over.ts';
import { permit, type WeighedFacts } from '../../../platform/policy/permit.ts';
import { findRole } from '../../../platform/policy/roles.ts';
import type { JobHandler } from '../../../platform/queue/queue.ts';
import type { Route } from '../../../route.ts';
import type { Services } from '../../../services.ts';
import { type ItemKind, insertItem, setState } from './store.ts';
import { readStory, type Story } from './story.ts';

/** What the example acts through; bound in slices/index.ts. */
export interface ExampleDoors {
  readonly facts: WeighedFacts;
  readonly routes: () => readonly Route[];
}

/** A step of the example that was refused: it stops, and says so. */
class Refused extends Error {
  readonly refusal: Refusal;
  constructor(step: string, refusal: Refusal) {
    super(`${step}: ${refusal.code}, expected ${refusal.expected}; got ${refusal.got}`);
    this.refusal = refusal;
  }
}

/**
 * Plays the example through the operations everybody uses, each with a key of its own: a job that
 * is delivered twice goes on where it stopped.
 */
export function loadExample(services: Services, doors: ExampleDoors): JobHandler {
  return async (job) => {
    const story = await readStory();
    if (story === null) throw new Error('the files of the example are gone');
    const player = playerOf(services, doors, job.id);
    try {
      await play(player, story);
      await player.end('loaded');
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      await player.end('failed');
      throw error;
    }
  };
}

async function play({ party, act, keep }: Player, story: Story): Promise<void> {
  const coordinator = await party('coordinator', 'Example: a coordinator');
  const lab = await party('finder', 'Example: a laboratory');
  const researcher = await party('finder', 'Example: a researcher');
  const owner = await party('owner', 'Example: the maintainers of flat');
  const operator = await party('operator', 'Example: a clinic');
  for (const body of story.recipes) {
    await act(coordinator, validate.addRecipe, { body, besides: ['recipe-exists'] });
  }
  const handIn = async (by: Actor, body: object, joining: string | null = null) => {
    const sent = given(await act(by, collect.submit, { body }));
    await keep('finding', sent.finding);
    const own = joining === null ? sent.standing === 'new' : sent.case === joining;
    // Somebody handed in the same meanwhile: their case is not the example's to play with.
    if (sent.case === null || !own) throw new Refused(collect.submit.id, inUse);
    await keep('case', sent.case);
    return sent.case;
  };
  const cjson = await handIn(lab, story.crash);
  const [first, second] = story.native;
  const flat = await handIn(researcher, first ?? {});
  await handIn(lab, second ?? {}, flat);
  const cases = { cjson: { case: cjson }, flat: { case: flat } };
  await act(coordinator, prioritize.score, {
    params: cases.flat,
    body: { exploitation: 'none', automatable: 'no', technicalImpact: 'partial' },
  });
  await act(coordinator, coordinate.inviteOwner, {
    params: cases.flat,
    body: { party: owner.id, reason: 'So that the example shows what an owner sees.' },
  });
  for (const body of story.inventories) {
    const added = given(await act(operator, distribute.addInventory, { body }));
    await keep('inventory', added.inventory);
  }
  const publication = { params: cases.cjson, body: story.publication };
  const { advisory } = given(await act(coordinator, distribute.publish, publication));
  await keep('advisory', advisory);
}

const inUse: Refusal = {
  code: 'not-empty',
  expected: 'an installation in which nothing was handed in yet',
  got: 'a case that is not of the example',
  todo: 'remove the example; what others handed in stays',
};

interface Input {
  readonly params?: object;
  readonly body: object;
  /** Refusals that are no fault here. */
  readonly besides?: readonly string[];
}

interface Player {
  readonly party: (role: Role, name: string) => Promise<Actor>;
  /** null where a refusal was allowed. */
  readonly act: <T extends Operation>(
    by: Actor,
    operation: T,
    input: Input,
  ) => Promise<Output<T> | null>;
  readonly keep: (kind: ItemKind, id: string) => Promise<void>;
  readonly end: (state: 'loaded' | 'failed') => Promise<void>;
}

function playerOf(services: Services, doors: ExampleDoors, run: string): Player {
  let steps = 0;

  async function act<T extends Operation>(by: Actor, operation: T, input: Input) {
    steps += 1;
    const idempotencyKey = `example:${run}:${steps}`;
    const route = doors.routes().find((bound) => bound.operation.id === operation.id);
    if (route === undefined) throw new Error(`nothing answers ${operation.id}`);
    const parts = {
      params: operation.params.parse(input.params ?? {}),
      query: operation.query.parse({}),
      body: operation.body.parse(input.body),
    };
    const role = await services.database.read((r) => findRole(r, by.role));
    const permissions = role?.permissions ?? [operation.id];
    const caller = { actor: by, permissions, scope: null };
    const weighed = { ...services, facts: doors.facts };
    const permitted = await permit(weighed, { operation, caller, ...parts });
    if (!permitted.ok) throw new Refused(operation.id, permitted.refusal);
    const request = { params: parts.params, body: parts.body } as Json; // parsed above
    const answered = await keepingOnlyHeld(services, () =>
      route.handle({
        ...parts,
        actor: by,
        anonymous: false,
        member: null,
        session: null,
        credential: null,
        permissions,
        level: permitted.value,
        now: services.clock.now(),
        idempotencyKey,
        envelope: { actor: by, operation: operation.id, idempotencyKey, request },
        browser: { userAgent: '', keep() {}, forget() {} },
      }),
    );
    // The route of an operation answers with what the operation declares.
    if (answered.ok) return answered.value as Output<T>;
    if (input.besides?.includes(answered.refusal.code) === true) return null;
    throw new Refused(operation.id, answered.refusal);
  }

  const write = async (what: string, work: Parameters<Services['execute']>[1]) => {
    const idempotencyKey = `example:${run}:${what}`;
    const operation = 'example.load';
    await services.execute({ actor: system, operation, idempotencyKey, request: what }, work);
  };

  const keep = (kind: ItemKind, id: string) =>
    write(`keep:${id}`, async (tx, now) => {
      await insertItem(tx, { kind, id }, now);
      return ok({ events: [], response: null });
    });

  return {
    act,
    keep,
    async party(role, name) {
      const body = { name, role };
      const { id } = given(await act(administrator, directory.addParty, { body }));
      await keep('party', id);
      const row = await services.database.read((r) => findRole(r, role));
      return { id: PartyId.parse(id), role, principals: row?.principals ?? [] };
    },
    end: (state) =>
      write(state, async (tx, now) => {
        await setState(tx, state, now);
        const act = state === 'loaded' ? 'example.loaded' : 'example.failed';
        return ok({ events: [{ act, subject: 'example', data: {} }], response: null });
      }),
  };
}

const PartyId = z.custom<Id<'party'>>((id) => typeof id === 'string');

function given<T>(answer: T | null): T {
  if (answer === null) throw new Error('expected an answer');
  return answer;
}
