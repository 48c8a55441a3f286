import { runs } from '@breakwater/contract';
import { type Id, parseId } from '@breakwater/kernel';
import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { pathTo } from '../../app/paths.ts';
import { ButtonLink } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Loading } from '../../ui/note.tsx';
import { Page } from '../../ui/page.tsx';
import { useGo } from '../session/go.ts';
import { ProblemNote } from '../session/problem-note.tsx';
import type { Address, Screen } from '../session/screen.ts';
import { problemOf, useServer } from '../session/server.ts';
import { type FirstOf, nextToReview } from './next-review.ts';
import { NothingSuch } from './nothing-such.tsx';

export const screen: Screen = { Page: ReviewPage };

/** Leads to the next sample of a run that the reader has to say something of. */
function ReviewPage({ params, search }: Address) {
  const id = parseId('run', params['run'] ?? '');
  if (id === null) return <NothingSuch what="run" />;
  return <Finding id={id} past={parseId('sample', search['past'] ?? '')} />;
}

function Finding({ id, past }: { readonly id: Id<'run'>; readonly past: Id<'sample'> | null }) {
  const go = useGo();
  const client = useServer();
  const { data, error, refetch } = useQuery({
    queryKey: ['next-to-review', id, past],
    // Another day another sample is next: nothing of an earlier look is shown.
    gcTime: 0,
    queryFn: async () => {
      const firstOf: FirstOf = async (wanted) => {
        const query = { ...wanted, reviewable: 'true' as const, limit: 1 };
        return (await client.call(runs.samples, { params: { run: id }, query })).items[0];
      };
      return { sample: await nextToReview(firstOf, past) };
    },
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
          Samples of <a href={pathTo('run', { run: id })}>this run</a> that you may still review.
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
        <NothingLeft id={id} isBehind={past !== null} />
      )}
    </Page>
  );
}

interface NothingLeftProps {
  readonly id: Id<'run'>;
  /** Those before a sample that was left out were not looked for. */
  readonly isBehind: boolean;
}

function NothingLeft({ id, isBehind }: NothingLeftProps) {
  return (
    <EmptyState
      title="Nothing left for you to review"
      actions={
        <>
          <ButtonLink href={pathTo('run', { run: id })} kind="first">
            Back to the run
          </ButtonLink>
          {isBehind ? (
            <ButtonLink href={pathTo('review', { run: id })}>Begin again at the first</ButtonLink>
          ) : null}
        </>
      }
    >
      <p>
        {isBehind
          ? 'Nothing is left behind the last sample you saw; what stands before it may be.'
          : 'Your party said something of every sample that you may see, or others decided it, or your party brought the run.'}
      </p>
    </EmptyState>
  );
}
