import type { ClaimAnswer } from '@breakwater/contract';
import { type Id, ok, type Result, refuse } from '@breakwater/kernel';
import type { Reader } from '../../../../platform/database/database.ts';
import type { Services } from '../../../../services.ts';
import { noLeaveFacts } from '../authorization/index.ts';
import { objectorsAt } from '../wishes/index.ts';
import { besideAt } from './beside-store.ts';
import type { Asked } from './command.ts';
import { answerOf, standingOf } from './decide.ts';
import { looksWithLeave } from './extent.ts';
import { letIn } from './join-store.ts';
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
  /** DCF-4: what a claim would be answered, and whether an owner stated anything there. */
  preview(
    party: Id<'party'>,
    asked: Asked,
  ): Promise<Result<{ readonly answer: ClaimAnswer; readonly stated: boolean }>>;
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
    return countOne(party, before.get(party) ?? 0);
  }

  /** One more, beside those `before` that are written down. */
  function countOne(party: string, before: number): Result<null> {
    const mine = tally(party);
    if (before + mine.told >= rules.answersPerDay) {
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
        const { look } = asked;
        const { places } = look;
        const [beside, claims] = await Promise.all([
          besideAt(reader, places, { party, at: now }),
          claimsAt(reader, places),
        ]);
        const counted = countOne(party, beside.told);
        if (!counted.ok) return counted;
        const isLookedUp = beside.stopped || looksWithLeave(look);
        const [waits, objectors, facts, admitted] = await Promise.all([
          beside.waited ? waitsAt(reader, places) : [],
          beside.stated ? objectorsAt(reader, places) : [],
          isLookedUp ? factsOf(reader, [look]) : noLeaveFacts,
          letIn(
            reader,
            claims.flatMap((claim) => (claim.joined ? [claim.id] : [])),
          ),
        ]);
        const waiting = waits.map((wait) => wait.party);
        const roles = await rolesFor(reader, [look], [party, ...waiting]);
        const leave = { facts, roles };
        const refusal =
          leaveRefusal(leave, wish.value) ?? objectionTo(objectors, look, wish.value.from);
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
        const held = register.heldAt(look);
        const standing = standingOf(wish.value, held, register.letIn);
        const answer = { ...answerOf(wish.value, standing, held), claim: null };
        return ok({ answer, stated: beside.stated });
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
