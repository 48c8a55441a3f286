import { partners } from '@breakwater/contract';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { pathOf } from '../../app/paths.ts';
import { Button, ButtonLink } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Loading } from '../../ui/note.tsx';
import { Page } from '../../ui/page.tsx';
import { ProblemNote } from '../session/problem-note.tsx';
import type { Screen } from '../session/screen.ts';
import { problemOf, useServer } from '../session/server.ts';
import { ApplicationView } from './application-view.tsx';
import { takeOwnToken } from './secret-link.ts';
import { StandingBadge } from './standing.tsx';

export const screen: Screen = { Page: AnswerPage };

/** `/partners/application#<token>`: one's own application, for somebody without an account. */
function AnswerPage() {
  const [token] = useState(takeOwnToken);
  if (token !== null) return <Opened token={token} />;
  return (
    <Page title="Your application" width="narrow">
      <EmptyState
        title="Open your link"
        actions={<ButtonLink href={pathOf('partners')}>What this is about</ButtonLink>}
      >
        <p>
          You were shown it when you had sent your application. Open it whole, to its last letter.
          Nobody can show it again; without it, apply anew.
        </p>
      </EmptyState>
    </Page>
  );
}

function Opened({ token }: { readonly token: string }) {
  const client = useServer();
  const { data, error, refetch } = useQuery({
    queryKey: [partners.open.id, token],
    queryFn: () => client.call(partners.open, { body: { token } }),
  });
  if (data === undefined) {
    return (
      <Page title="Your application" width="narrow">
        {error === null ? (
          <Loading what="your application" />
        ) : (
          <ProblemNote problem={problemOf(error)} retry={() => void refetch()} />
        )}
      </Page>
    );
  }
  return (
    <Page
      title="Your application"
      width="narrow"
      lede={<StandingBadge application={data} />}
      actions={<Button onPress={() => print()}>Print</Button>}
    >
      <ApplicationView application={data} token={token} />
    </Page>
  );
}
