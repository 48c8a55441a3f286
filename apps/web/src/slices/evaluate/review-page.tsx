import { runs } from '@breakwater/contract';
import { type Id, parseId } from '@breakwater/kernel';
import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { pathTo } from '../../app/paths.ts';
import { ButtonLink, Buttons } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Loading } from '../../ui/note.tsx';
import { Page } from '../../ui/page.tsx';
import { useGo } from '../session/go.ts';
import { ProblemNote } from '../session/problem-note.tsx';
import type { Address, Screen } from '../session/screen.ts';
import { problemOf, useServer } from '../session/server.ts';
import { nextToReview } from './next-review.ts';
import { NothingSuch } from './nothing-such.tsx';

export const screen: Screen = { Page: ReviewPage };

/** Leads to the next sample of a run that the reader has to say something of. */
function ReviewPage({ params, search }: Address) {
  const id = parseId('run', params['run'] ?? '');
  const { past = '' } = search;
  if (id === null) return <NothingSuch what="run" />;
  return <Finding id={id} past={/^\d{1,7}$/.test(past) ? Number(past) : -1} />;
}

const pageSamples = 200;

function Finding({ id, past }: { readonly id: Id<'run'>; readonly past: number }) {
  const go = useGo();
  const client = useServer();
  const { data, error, refetch } = useQuery({
    queryKey: ['next-to-review', id, past],
    // Another day another sample is next: nothing of an earlier look is shown.
    gcTime: 0,
    queryFn: () =>
      nextToReview(
        {
          page: (review, after) =>
            client.call(runs.samples, {
              params: { run: id },
              query: { review, limit: pageSamples, ...(after === undefined ? {} : { after }) },
            }),
          isReviewed: async ({ id: sample }) =>
            (await client.call(runs.sample, { params: { sample } })).own !== null,
        },
        past,
      ),
  });
  const found = data?.sample ?? null;
  useEffect(() => {
    if (found !== null) go(pathTo('sample', { sample: found }), { replace: true });
  }, [found, go]);
  return (
    <Page
      title="Review"
      lede={
        <>
          Samples of <a href={pathTo('run', { run: id })}>this run</a> that you have not reviewed.
        </>
      }
      width="narrow"
    >
      {error === null ? null : (
        <ProblemNote problem={problemOf(error)} retry={() => void refetch()} />
      )}
      {data === undefined || found !== null ? (
        error === null ? (
          <Loading what="the next sample" />
        ) : null
      ) : (
        <NothingLeft id={id} from={past} past={data.past} />
      )}
    </Page>
  );
}

interface NothingLeftProps {
  readonly id: Id<'run'>;
  /** Where was begun to look. */
  readonly from: number;
  readonly past: number | null;
}

function NothingLeft({ id, from, past }: NothingLeftProps) {
  if (past !== null) {
    return (
      <Buttons>
        <ButtonLink href={pathTo('review', { run: id }, { past: String(past) })} kind="first">
          Look on behind sample {past + 1}
        </ButtonLink>
      </Buttons>
    );
  }
  return (
    <EmptyState
      title="Nothing left for you to review"
      actions={
        <>
          <ButtonLink href={pathTo('run', { run: id })} kind="first">
            Back to the run
          </ButtonLink>
          {from < 0 ? null : (
            <ButtonLink href={pathTo('review', { run: id })}>Begin again at the first</ButtonLink>
          )}
        </>
      }
    >
      <p>
        {from < 0
          ? 'You said something of every sample that you may see, or others decided it.'
          : `Nothing is left behind sample ${from + 1}; what you left out before may be.`}
      </p>
    </EmptyState>
  );
}
