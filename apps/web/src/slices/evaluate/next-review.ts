import type { Output, runs } from '@breakwater/contract';
import type { Id } from '@breakwater/kernel';

type Samples = Output<typeof runs.samples>;
type Sample = Samples['items'][number];

/** What is asked of the server. */
export interface Asking {
  /** A page of the samples of a run in this state. */
  readonly page: (review: 'open' | 'disputed', after: string | undefined) => Promise<Samples>;
  /** Whether the reader has said something of a sample. */
  readonly isReviewed: (sample: Sample) => Promise<boolean>;
}

export interface Next {
  readonly sample: Id<'sample'> | null;
  /** The place after which to look on; null: all were looked at. */
  readonly past: number | null;
}

/** Samples looked at one by one in one go. */
const looksMax = 100;

/**
 * The next sample of a run that the reader has not reviewed and that is not decided: disputed ones
 * first, then those in the order of the log, all behind the place `past`.
 */
export async function nextToReview(asking: Asking, past: number): Promise<Next> {
  let looks = 0;
  for (const state of ['disputed', 'open'] as const) {
    for (let after: string | undefined, ended = false; !ended; ) {
      const page: Samples = await asking.page(state, after);
      for (const sample of page.items) {
        if (state === 'open' && sample.place <= past) continue;
        if (looks === looksMax) return { sample: null, past: sample.place - 1 };
        looks++;
        if (!(await asking.isReviewed(sample))) return { sample: sample.id, past: null };
      }
      after = page.next ?? undefined;
      ended = page.next === null;
    }
  }
  return { sample: null, past: null };
}
