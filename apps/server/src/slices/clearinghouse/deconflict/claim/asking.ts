import type { ClaimAnswer } from '@breakwater/contract';
import { type Id, ok, type Result, refuse } from '@breakwater/kernel';
import type { Reader } from '../../../../platform/database/database.ts';
import type { Services } from '../../../../services.ts';
import { objectorsAt } from '../wishes/index.ts';
import type { Asked } from './command.ts';
import { answerOf, standingOf } from './decide.ts';
import { letInAt } from './join-store.ts';
import { factsOf, leaveRefusal, rolesFor } from './leave.ts';
import { objectionTo } from './objection.ts';
import { insertAsked, toldOn } from './record-store.ts';
import { openRegister } from './register.ts';
import { rules } from './rules.ts';
import { claimsAt, heldBy } from './store.ts';
import { askedTooOften, wishOf } from './take.ts';
import { waitsAt } from './wait-store.ts';

/** Answers that change nothing but the count of what a party was told. */
export interface Asking {
  /** DCF-4: what a claim would be answered. */
  preview(party: Id<'party'>, asked: Asked): Promise<Result<ClaimAnswer>>;
  /** Counts one answer; the refusal, where it was one too many. */
  count(reader: Reader, party: string): Promise<Result<null>>;
  /** Writes down what was counted since. */
  flush(): Promise<void>;
}

type Counts = Map<string, { told: number; stopped: number }>;

/**
 * Counts in memory and writes down every moment: a crash forgets what it was told in that moment, and
 * each process may tell as much again in it. Exact enough for a day's limit, and an answer costs no
 * commit.
 */
export function createAsking(services: Services): Asking {
  let counts: Counts = new Map();

  function tally(party: string) {
    const entry = counts.get(party) ?? { told: 0, stopped: 0 };
    counts.set(party, entry);
    return entry;
  }

  async function count(reader: Reader, party: string): Promise<Result<null>> {
    const before = await toldOn(reader, [party], services.clock.now());
    const mine = tally(party);
    if ((before.get(party) ?? 0) + mine.told >= rules.answersPerDay) {
      mine.stopped += 1;
      return refuse(askedTooOften);
    }
    mine.told += 1;
    return ok(null);
  }

  return {
    count,
    async preview(party, asked) {
      const { database, clock } = services;
      const now = clock.now();
      const wish = wishOf(asked, party, now);
      if (!wish.ok) return wish;
      return await database.read(async (reader) => {
        const { places } = asked.look;
        const [counted, claims, waits, objectors, facts, admitted] = await Promise.all([
          count(reader, party),
          claimsAt(reader, places),
          waitsAt(reader, places),
          objectorsAt(reader, places),
          factsOf(reader, [asked.look]),
          letInAt(reader, places),
        ]);
        if (!counted.ok) return counted;
        const waiting = waits.map((wait) => wait.party);
        const roles = await rolesFor(reader, [asked.look], [party, ...waiting]);
        const leave = { facts, roles };
        const refusal =
          leaveRefusal(leave, wish.value) ?? objectionTo(objectors, asked.look, wish.value.from);
        if (refusal !== null) return refuse(refusal);
        const register = openRegister(
          {
            ...nobody,
            claims,
            waits,
            held: await heldBy(reader, waiting, now),
            letIn: admitted,
            leave,
          },
          now,
        );
        const held = register.heldAt(asked.look);
        const standing = standingOf(wish.value, held, register.letIn);
        return ok({ ...answerOf(wish.value, standing, held), claim: null });
      });
    },
    async flush() {
      if (counts.size === 0) return;
      const written = counts;
      counts = new Map();
      try {
        await services.database.writeInTurn('deconflict', (tx) =>
          insertAsked(tx, written, services.clock.now()),
        );
      } catch (error) {
        for (const [party, { told, stopped }] of written) {
          const entry = tally(party);
          entry.told += told;
          entry.stopped += stopped;
        }
        throw error;
      }
    },
  };
}

/** What a preview does not ask about. */
const nobody = {
  answers: [],
  objectors: [],
  told: new Map(),
  waiting: new Map(),
  takers: new Set<string>(),
} as const;
