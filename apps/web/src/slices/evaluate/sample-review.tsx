import type { Output } from '@breakwater/contract';
import { runs } from '@breakwater/contract';
import { pathTo } from '../../app/paths.ts';
import { Badge } from '../../ui/badge.tsx';
import { ButtonLink, Buttons } from '../../ui/button.tsx';
import { Ago } from '../../ui/moment.tsx';
import { QuoteBlock } from '../../ui/quote.tsx';
import { useMay } from '../session/me.ts';
import { ReviewForm } from './review-form.tsx';
import { reasonWords, reviewWords } from './words.ts';

type Sample = Output<typeof runs.sample>;
type Review = Sample['reviews'][number];

interface SampleReviewProps {
  readonly sample: Sample;
  /** The reader may see what it says of. */
  readonly isReadable: boolean;
}

/** What was said of a sample, as far as one may know it, and one's own word. */
export function SampleReview({ sample, isReadable }: SampleReviewProps) {
  const may = useMay();
  const { id, reviews, own, review, run, mayReview } = sample;
  const isOpen = review === 'open' || review === 'disputed';
  const canSay = mayReview && may(runs.review);
  return (
    <>
      {reviews.length > 0 ? <ReviewList reviews={reviews} /> : null}
      {reviews.length === 0 && own !== null ? (
        <>
          <ReviewList reviews={[own]} />
          <p className="soft small mt-3">
            This is your party’s. What others say, and whether they did, you see once two are in.
          </p>
        </>
      ) : null}
      {canSay ? <ReviewForm sample={sample} /> : null}
      {own === null && isOpen && !mayReview ? (
        <p className="soft small">
          {isReadable
            ? 'Your party brought this run: others review it.'
            : 'It takes sight of its transcript to review it.'}
        </p>
      ) : null}
      {own !== null || canSay ? (
        <div className="mt-3">
          <Buttons>
            <ButtonLink
              // Who decided between two goes on at the first that is left.
              href={pathTo('review', { run }, reviews.length === 3 ? {} : { past: id })}
              kind={own === null ? 'quiet' : 'first'}
            >
              {own === null ? 'Leave it, take the next' : 'Next sample to review'}
            </ButtonLink>
          </Buttons>
        </div>
      ) : null}
    </>
  );
}

function ReviewList({ reviews }: { readonly reviews: readonly Review[] }) {
  return (
    <ol className="reviews">
      {reviews.map((each) => (
        <li key={`${each.by.id} ${each.at}`}>
          <p>
            <Badge tone={reviewWords[each.verdict][1]}>{reviewWords[each.verdict][0]}</Badge>{' '}
            {each.reason === null ? null : `${reasonWords[each.reason][0]}. `}
            <span className="soft small">
              {each.by.name}, <Ago at={each.at} />
            </span>
          </p>
          {each.words === null ? null : <QuoteBlock text={each.words} />}
        </li>
      ))}
    </ol>
  );
}
