import { type Result, refuse } from '@breakwater/kernel';

interface Waiting {
  readonly party: string;
  begin(): void;
}

/** Waits until there is room, then works; refused where as many wait as may. */
export type FewAtOnce = <T, C extends string>(
  party: string,
  work: () => Promise<Result<T, C>>,
) => Promise<Result<T, C | 'logs-busy'>>;

/**
 * Lets few works go on at once, of one party one, and `waitingMax` wait, of one party half of
 * them: what one log takes of memory and time is bounded, and so is what all of them take.
 */
export function createFewAtOnce(of: {
  readonly atOnce: number;
  readonly waitingMax: number;
}): FewAtOnce {
  const going = new Set<string>();
  const waiting: Waiting[] = [];
  function beginNext(): void {
    if (going.size >= of.atOnce) return;
    const place = waiting.findIndex(({ party }) => !going.has(party));
    const [next] = place < 0 ? [] : waiting.splice(place, 1);
    if (next === undefined) return;
    going.add(next.party);
    next.begin();
  }
  return async (party, work) => {
    const own = waiting.filter((each) => each.party === party).length;
    if (waiting.length >= of.waitingMax || own >= of.waitingMax / 2) return refuse(busy);
    await new Promise<void>((begin) => {
      waiting.push({ party, begin });
      beginNext();
    });
    try {
      return await work();
    } finally {
      going.delete(party);
      beginNext();
    }
  };
}

const busy = {
  code: 'logs-busy',
  expected: 'a server that reads few logs at once, and one at a time for each party',
  got: 'one where as many wait as may, or as many of yours',
  todo: 'ask again in a minute',
} as const;
