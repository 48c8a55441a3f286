import { coordinate, example } from '@breakwater/contract';
import { pathOf, pathTo } from '../../app/paths.ts';
import { Ago } from '../../ui/moment.tsx';
import { Empty } from '../../ui/note.tsx';
import { Page } from '../../ui/page.tsx';
import { Quote } from '../../ui/quote.tsx';
import { useMay } from '../session/me.ts';
import { Show } from '../session/problem-note.tsx';
import type { Screen } from '../session/screen.ts';
import { begin, useLoad } from '../session/server.ts';
import { byReport, type CasesOfReport } from './by-report.ts';
import { EmptyInstallation } from './empty-installation.tsx';
import { Funnel, Turns } from './funnel.tsx';
import { LoadedExample } from './loaded-example.tsx';
import { dueWords } from './words.ts';

/** So many lines are shown; more is read, because the results of one report are one line. */
const firstFew = 8;
const read = 100;
const late = { query: { overdue: 'true', sort: 'due', limit: read } } as const;
const yours = { query: { waiting: 'coordinator', limit: read } } as const;

export const screen: Screen = {
  load: (reader) => {
    begin(reader, coordinate.funnel);
    begin(reader, coordinate.list, late);
    begin(reader, coordinate.list, yours);
  },
  Page: HomePage,
};

/** The coordinator's first page: what there is, whose turn it is, what is late. */
function HomePage() {
  const funnel = useLoad(coordinate.funnel, {});
  const may = useMay();
  return (
    <Page
      title="The funnel"
      lede="Every case you may see, by how far it has come. Each number leads to its cases."
    >
      <Show what="the funnel" {...funnel}>
        {(counts) =>
          counts.stages.every(({ count }) => count === 0) ? (
            <EmptyInstallation />
          ) : (
            <>
              <Funnel counts={counts} />
              <Turns counts={counts} />
              <div className="desk-lists">
                {counts.overdue.count === 0 ? null : (
                  <Few
                    title="Longest overdue"
                    input={late}
                    more={pathOf('cases', { overdue: 'true' })}
                  />
                )}
                <Few
                  title="Waits for you"
                  input={yours}
                  more={pathOf('cases', { waiting: 'coordinator' })}
                />
              </div>
            </>
          )
        }
      </Show>
      {may(example.remove) ? <LoadedExample /> : null}
    </Page>
  );
}

interface FewProps {
  readonly title: string;
  readonly input: typeof late | typeof yours;
  readonly more: string;
}

/** The first of a list, and the way to all of it. */
function Few({ title, input, more }: FewProps) {
  const { loaded, reload } = useLoad(coordinate.list, input);
  return (
    <section>
      <h2 className="few-title">{title}</h2>
      <Show what={title.toLowerCase()} loaded={loaded} reload={reload}>
        {({ items, next }) => (
          <>
            {items.length === 0 ? <Empty>None.</Empty> : null}
            <ol className="few">
              {byReport(items)
                .slice(0, firstFew)
                .map((group) => (
                  <FewRow key={group.first.id} {...group} isAll={next === null} />
                ))}
            </ol>
            {next === null && byReport(items).length <= firstFew ? null : (
              <p className="small">
                <a href={more}>All of them</a>
              </p>
            )}
          </>
        )}
      </Show>
    </section>
  );
}

interface FewRowProps extends CasesOfReport {
  /** Nothing of the list is unread: the numbers are final. */
  readonly isAll: boolean;
}

function FewRow({ first: shown, others, isAll }: FewRowProps) {
  const { due } = shown;
  return (
    <li>
      <a href={pathTo('case', { case: shown.id })}>
        <Quote text={shown.title} />
      </a>
      <p className="small soft">
        <span className="mono">{shown.package}</span>
        {due === null ? null : (
          <>
            {' '}
            · {dueWords[due.because]}, due <Ago at={due.at} />
          </>
        )}
        {others === 0 ? null : (
          <>
            {' '}
            · and {others} {isAll ? '' : 'or more '}
            {others === 1 ? 'other case' : 'other cases'} of the same report
          </>
        )}
      </p>
    </li>
  );
}
