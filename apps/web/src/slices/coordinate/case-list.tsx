import type { Case } from '@breakwater/contract';
import { coordinate } from '@breakwater/contract';
import { Badge } from '../../ui/badge.tsx';
import { localZone, Moment, useNow } from '../../ui/moment.tsx';
import { Empty } from '../../ui/note.tsx';
import { Quote } from '../../ui/quote.tsx';
import { countWords } from '../../ui/size.ts';
import { More } from '../session/more.tsx';
import { Show } from '../session/problem-note.tsx';
import { useLoad } from '../session/server.ts';
import { clockOf } from './clock.ts';
import { stageWords } from './stage-path.ts';

/** The cases the reader may see, newest first. */
export function CaseList() {
  return (
    <main className="page" id="content">
      <header className="page-head">
        <h1>Cases</h1>
        <p className="soft">
          One case per root cause, newest first. You see the cases you take part in; a coordinator
          sees all.
        </p>
      </header>
      <CasePage />
    </main>
  );
}

function CasePage({ after }: { readonly after?: string }) {
  const query = after === undefined ? {} : { after };
  const { loaded, reload } = useLoad(coordinate.list, { query });
  return (
    <Show what="cases" loaded={loaded} reload={reload}>
      {({ items, next }) => (
        <>
          {items.length === 0 ? (
            <Empty>
              No case yet. A case opens when a finding is handed in: by the API, or with npx
              breakwater submit.
            </Empty>
          ) : (
            <ul className="cases">
              {items.map((shown) => (
                <CaseRow key={shown.id} shown={shown} />
              ))}
            </ul>
          )}
          <More next={next} label="Older cases">
            {(older) => <CasePage after={older} />}
          </More>
        </>
      )}
    </Show>
  );
}

function CaseRow({ shown }: { readonly shown: Case }) {
  const clock = clockOf(shown.embargo, useNow(30_000), localZone());
  const done = shown.stage === 'published' || shown.stage === 'patch-verified';
  return (
    <li className="case-row">
      <h2>
        <a href={`/cases/${shown.id}`}>
          <Quote text={shown.title} />
        </a>
      </h2>
      <p className="case-row-of small">
        <span className="mono">{shown.package}</span> <span className="mono">{shown.version}</span>
      </p>
      <p className="case-row-state small">
        <Badge tone={done ? 'held' : 'sea'}>{stageWords(shown.stage)}</Badge>
        <span className="soft num">{clock.headline}</span>
        {shown.findings === null ? null : (
          <span className="faint">{countWords(shown.findings, 'finding')}</span>
        )}
        <span className="faint">
          opened <Moment at={shown.openedAt} />
        </span>
      </p>
    </li>
  );
}
