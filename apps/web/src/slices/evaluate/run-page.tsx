import { limitsWords } from '@breakwater/benchmark';
import type { Run } from '@breakwater/contract';
import { runs } from '@breakwater/contract';
import { type Id, parseId } from '@breakwater/kernel';
import { pathOf, pathTo } from '../../app/paths.ts';
import { Badge } from '../../ui/badge.tsx';
import { ButtonLink } from '../../ui/button.tsx';
import { Facts } from '../../ui/facts.tsx';
import { Time } from '../../ui/moment.tsx';
import { Page } from '../../ui/page.tsx';
import { Section } from '../../ui/section.tsx';
import { sizeWords } from '../../ui/size.ts';
import { Download } from '../session/download.tsx';
import { useMe } from '../session/me.ts';
import type { Address, Screen } from '../session/screen.ts';
import { begin, useLoad } from '../session/server.ts';
import { Coming, NothingSuch } from './nothing-such.tsx';
import { RunFiguresShown } from './run-figures.tsx';
import { RunProgress } from './run-progress.tsx';
import { RunSamples } from './run-samples.tsx';
import { SuiteLink } from './suite-link.tsx';
import { runStateWords } from './words.ts';

export const screen: Screen = {
  load: (reader, { params }) => {
    const run = parseId('run', params['run'] ?? '');
    if (run !== null) begin(reader, runs.run, { params: { run } });
  },
  Page: RunPage,
};

/** One run: how far it is, what it came to, and its samples. */
function RunPage({ params, search }: Address) {
  const id = parseId('run', params['run'] ?? '');
  return id === null ? (
    <NothingSuch what="run" />
  ) : (
    <Found id={id} review={search['review'] ?? ''} />
  );
}

function Found({ id, review }: { readonly id: Id<'run'>; readonly review: string }) {
  const read = useLoad(runs.run, { params: { run: id } });
  if (read.loaded.state !== 'ready') return <Coming title="Run" what="the run" {...read} />;
  return <Known run={read.loaded.data} review={review} />;
}

function Known({ run, review }: { readonly run: Run; readonly review: string }) {
  const { id, model, state, suite, by, figures } = run;
  const me = useMe();
  const [word, tone] = runStateWords[state];
  const isIn = state === 'taken-in';
  return (
    <Page
      title={model ?? 'A run'}
      lede={
        <>
          <Badge tone={tone}>{word}</Badge>{' '}
          {suite === null ? (
            'This run stands alone: only the party that began it sees it.'
          ) : (
            <>
              A run of <SuiteLink id={suite} />, by {by.name}.
            </>
          )}{' '}
          <a href={pathOf('runs')}>All runs</a>
        </>
      }
      actions={
        isIn ? (
          <>
            {me?.party.id === by.id ? null : (
              <ButtonLink href={pathTo('review', { run: id })} kind="first">
                Review samples
              </ButtonLink>
            )}
            {suite === null ? null : (
              <ButtonLink href={pathTo('compare', { suite }, { a: id })}>Side by side</ButtonLink>
            )}
          </>
        ) : null
      }
    >
      <RunFacts run={run} />
      {figures === null ? null : (
        <Section
          id="figures"
          title="Figures"
          lede="Over the samples that you may see, with all that has to be known beside them."
        >
          <RunFiguresShown figures={figures} />
        </Section>
      )}
      {isIn ? (
        <Section
          id="samples"
          title="Samples"
          lede="One for each item and epoch, in the order of the log."
        >
          <RunSamples id={id} review={review} />
        </Section>
      ) : (
        <p className="soft small mt-5">
          {state === 'running'
            ? 'Samples and figures stand here once its log is taken in.'
            : 'No log came of it.'}
        </p>
      )}
    </Page>
  );
}

function RunFacts({ run }: { readonly run: Run }) {
  const { id, progress, beganAt, endedAt, limits, logBytes, state } = run;
  return (
    <Facts
      items={[
        ...(progress === null
          ? []
          : [['Progress', <RunProgress key="progress" progress={progress} />] as const]),
        ['Budget', `${limitsWords(limits) ?? 'no limit'}, each sample`],
        ['Began', <Time key="began" at={beganAt} />],
        ...(endedAt === null ? [] : [['Ended', <Time key="ended" at={endedAt} />] as const]),
        ...(logBytes === null || logBytes === 0
          ? []
          : [
              [
                'Log',
                <span key="log">
                  {sizeWords(logBytes)}
                  {state === 'taken-in' ? (
                    <>
                      {' '}
                      <a href={pathOf('benchmark', { log: id })}>Read it</a>{' '}
                      <Download
                        operation={runs.runLog}
                        input={{ params: { run: id } }}
                        fileName={`${id}.eval`}
                      >
                        Save it
                      </Download>
                    </>
                  ) : (
                    ' so far'
                  )}
                </span>,
              ] as const,
            ]),
      ]}
    />
  );
}
