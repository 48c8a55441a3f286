import type { Output } from '@breakwater/contract';
import { distribute } from '@breakwater/contract';
import { useState } from 'react';
import { pathOf, pathTo } from '../../app/paths.ts';
import { Button, ButtonLink, Buttons } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { TextField } from '../../ui/field.tsx';
import { Moment } from '../../ui/moment.tsx';
import { Page } from '../../ui/page.tsx';
import { Quote } from '../../ui/quote.tsx';
import { useGo } from '../session/go.ts';
import { Show } from '../session/problem-note.tsx';
import type { Address, Screen } from '../session/screen.ts';
import { usePages } from '../session/server.ts';

export const screen: Screen = { Page: AdvisoriesPage };

type Summary = Output<typeof distribute.listAdvisories>['items'][number];

/** What was published, for everybody: no account, the same list for all. */
function AdvisoriesPage({ search }: Address) {
  const query = queryOf(search);
  const pages = usePages([distribute.listAdvisories.id, query], (client, after) =>
    client.call(distribute.listAdvisories, {
      query: { ...query, ...(after === undefined ? {} : { after }) },
    }),
  );
  return (
    <Page
      title="Advisories"
      lede="Weaknesses that were found, fixed and published here: what is affected, and which version is not. Anybody may read them."
    >
      <Narrow key={JSON.stringify(query)} search={search} />
      <Show what="advisories" {...pages}>
        {(rows) =>
          rows.length === 0 ? (
            <Nothing narrowed={Object.keys(query).length > 0} />
          ) : (
            <ol className="advisories">
              {rows.map((advisory) => (
                <li key={advisory.id}>
                  <Entry advisory={advisory} />
                </li>
              ))}
            </ol>
          )
        }
      </Show>
      {pages.more.has ? (
        <Buttons>
          <Button busy={pages.more.loading && 'Loading…'} onPress={pages.more.load}>
            Older advisories
          </Button>
        </Buttons>
      ) : null}
    </Page>
  );
}

function queryOf(search: Readonly<Record<string, string>>) {
  const { package: name, id } = search;
  return {
    ...(name === undefined || name.trim() === '' ? {} : { package: name.trim() }),
    ...(id === undefined || id.trim() === '' ? {} : { id: id.trim() }),
  };
}

function Narrow({ search }: { readonly search: Readonly<Record<string, string>> }) {
  const go = useGo();
  const [name, setName] = useState(search['package'] ?? '');
  const [id, setId] = useState(search['id'] ?? '');
  return (
    <search>
      <form
        className="form-line no-print"
        onSubmit={(event) => {
          event.preventDefault();
          go(pathOf('advisories', { package: name.trim(), id: id.trim() }));
        }}
      >
        <TextField
          label="Package"
          hint="Part of its name, such as cjson"
          value={name}
          onChange={setName}
          exact
        />
        <TextField
          label="Number"
          hint="Of the advisory, or a CVE"
          value={id}
          onChange={setId}
          exact
        />
        <Buttons>
          <Button type="submit">Find</Button>
        </Buttons>
      </form>
    </search>
  );
}

function Nothing({ narrowed }: { readonly narrowed: boolean }) {
  if (narrowed) {
    return (
      <EmptyState
        title="No advisory is like that"
        actions={<ButtonLink href={pathOf('advisories')}>Show all</ButtonLink>}
      >
        <p>Part of a package’s name is enough. A number has to be whole, such as CVE-2026-1000.</p>
      </EmptyState>
    );
  }
  return (
    <EmptyState title="Nothing published yet">
      <p>
        An advisory appears here when its embargo is over, and stays. What is still being worked on
        is not told to anybody outside, not even that it exists.
      </p>
    </EmptyState>
  );
}

function Entry({ advisory }: { readonly advisory: Summary }) {
  return (
    <article className="advisory">
      <h2>
        <a href={pathTo('advisory', { advisory: advisory.id })}>
          <Quote text={advisory.summary} />
        </a>
      </h2>
      <ul className="affected small">
        {advisory.affected.map(({ ecosystem, package: name, fixed }) => (
          <li key={`${ecosystem} ${name}`}>
            <span className="mono">{name}</span> <span className="soft">({ecosystem})</span>{' '}
            {fixed === null ? (
              'no fixed version yet'
            ) : (
              <>
                fixed in <span className="mono">{fixed}</span>
              </>
            )}
          </li>
        ))}
      </ul>
      <p className="small soft">
        <span className="mono">{[advisory.id, ...advisory.aliases].join(' · ')}</span> ·{' '}
        <Moment at={advisory.publishedAt} />
      </p>
    </article>
  );
}
