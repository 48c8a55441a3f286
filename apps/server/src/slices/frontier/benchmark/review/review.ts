import type { runs as contract } from '@breakwater/contract';
import { type Id, ok, type Result, refuse } from '@breakwater/kernel';
import { partyOf, sealed } from '../../../../platform/commands/audience.ts';
import type { Reader } from '../../../../platform/database/database.ts';
import { type Call, notFound, responseOf } from '../../../../route.ts';
import type { Services } from '../../../../services.ts';
import { writeReview } from '../run/sample-store.ts';
import { decideReview } from './decide.ts';
import { insertReview, reviewsOf } from './store.ts';

interface ReviewNeeds {
  /** The sample, where the party may see its item and its result, and who brought its run. */
  maySee(
    reader: Reader,
    sample: string,
    party: string,
  ): Promise<{
    readonly id: Id<'sample'>;
    readonly run: Id<'run'>;
    readonly broughtBy: string;
  } | null>;
}

/**
 * BEN-13: a verdict on a sample. The act of giving it has the sample for its subject, which no open
 * page is told of; that reviewers decided is told of the run.
 */
export async function review(
  services: Services,
  needs: ReviewNeeds,
  { actor, member, params, body, envelope }: Call<typeof contract.review>,
): Promise<Result<{ sample: Id<'sample'> }>> {
  if (body.verdict === 'invalid' && body.reason === undefined) return refuse(reasonNeeded);
  const words =
    body.words === undefined ? null : await services.content.putText(body.words, 'review.txt');
  const executed = await services.execute<{ sample: Id<'sample'> }>(envelope, async (tx, at) => {
    const sample = await needs.maySee(tx, params.sample, actor.id);
    if (sample === null) return notFound('a sample');
    if (sample.broughtBy === actor.id) return refuse(ownRun);
    const given = await reviewsOf(tx, sample.id);
    const by = { party: partyOf(actor), verdict: body.verdict };
    const state = decideReview(given, by);
    if (!state.ok) return state;
    const reason = body.verdict === 'invalid' ? (body.reason ?? null) : null;
    const row = { sample: sample.id, member: member ?? actor.id, ...by, reason, at };
    await insertReview(tx, { ...row, words_content: words?.id ?? null }, given.length);
    const said = { act: 'benchmark.review-given', subject: sample.id, data: { sample: sample.id } };
    const decided = state.value === 'open' ? [] : [decidedOf(sample, state.value)];
    if (state.value !== 'open') await writeReview(tx, sample.id, state.value);
    return ok({
      events: [said, ...decided],
      contents: words === null ? [] : [{ ref: words, subject: sample.id, level: sealed }],
      response: { sample: sample.id },
    });
  });
  return responseOf(executed);
}

function decidedOf(
  { id, run }: { readonly id: Id<'sample'>; readonly run: Id<'run'> },
  review: string,
) {
  return { act: 'benchmark.reviewed', subject: run, data: { sample: id, review } };
}

const reasonNeeded = {
  code: 'reason-needed',
  expected: 'a reason with a verdict of invalid',
  got: 'none',
  todo: 'say why it counts for nothing',
  pointer: '/reason',
} as const;
const ownRun = {
  code: 'own-run',
  expected: 'a sample of a run that another party brought',
  got: 'one of your own',
  todo: 'leave it to the others',
} as const;
