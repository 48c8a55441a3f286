import type { Output } from '@breakwater/contract';
import { runs } from '@breakwater/contract';
import { type Id, parseId } from '@breakwater/kernel';
import { pathTo } from '../../app/paths.ts';
import { Badge } from '../../ui/badge.tsx';
import { Facts } from '../../ui/facts.tsx';
import { Page } from '../../ui/page.tsx';
import { Section } from '../../ui/section.tsx';
import type { Address, Screen } from '../session/screen.ts';
import { begin, useLoad } from '../session/server.ts';
import { Coming, NothingSuch } from './nothing-such.tsx';
import { SampleReview } from './sample-review.tsx';
import { ServedTranscript } from './served-transcript.tsx';
import { atOf, transcriptInput } from './transcript-place.ts';
import { contaminationTold, endOf, reviewWords, scoreWords, shortCommitment } from './words.ts';

export const screen: Screen = {
  load: (reader, { params, search }) => {
    const sample = parseId('sample', params['sample'] ?? '');
    if (sample === null) return;
    begin(reader, runs.sample, { params: { sample } });
    begin(reader, runs.transcript, transcriptInput(sample, atOf(search)));
  },
  Page: SamplePage,
};

/** One sample: its result, what reviewers say of it, and its transcript. */
function SamplePage({ params, search }: Address) {
  const id = parseId('sample', params['sample'] ?? '');
  return id === null ? <NothingSuch what="sample" /> : <Found id={id} at={atOf(search)} />;
}

interface FoundProps {
  readonly id: Id<'sample'>;
  readonly at: number;
}

function Found({ id, at }: FoundProps) {
  const read = useLoad(runs.sample, { params: { sample: id } });
  if (read.loaded.state !== 'ready') return <Coming title="Sample" what="the sample" {...read} />;
  return <Known sample={read.loaded.data} at={at} key={id} />;
}

type Sample = Output<typeof runs.sample>;

function Known({ sample, at }: { readonly sample: Sample; readonly at: number }) {
  const { id, run, place, epoch, review } = sample;
  const transcript = useLoad(runs.transcript, transcriptInput(id, at), { keepLast: true });
  const [word, tone] = reviewWords[review];
  return (
    <Page
      title={`${place === null ? 'Sample' : `Sample ${place + 1}`}, epoch ${epoch}`}
      lede={
        <>
          <Badge tone={tone}>{word}</Badge> Of <RunLink id={run} />.
        </>
      }
      width="narrow"
    >
      <SampleFacts sample={sample} />
      <Section
        id="review"
        title="Review"
        lede="Two say, blind to each other, whether it counts. Where they differ a third decides."
      >
        <SampleReview sample={sample} isReadable={transcript.loaded.state === 'ready'} />
      </Section>
      <Section
        id="transcript"
        title="Transcript"
        lede="Everything that happened, in its order. Text from a model is shown as it is and never run."
      >
        <ServedTranscript id={id} at={at} {...transcript} />
      </Section>
    </Page>
  );
}

function RunLink({ id }: { readonly id: Id<'run'> }) {
  const { loaded } = useLoad(runs.run, { params: { run: id } });
  const model = loaded.state === 'ready' ? loaded.data.model : null;
  return (
    <a href={pathTo('run', { run: id })}>{model === null ? 'its run' : <>a run of {model}</>}</a>
  );
}

function SampleFacts({ sample }: { readonly sample: Sample }) {
  const { item, commitment, score, contamination } = sample;
  const end = endOf(sample);
  return (
    <Facts
      items={[
        ['Score', scoreWords(score)],
        ['Ended', end === null ? 'by itself' : end[0].toLowerCase()],
        ['Contamination', contaminationTold[contamination][0].toLowerCase()],
        ...(item === null || commitment === null
          ? []
          : [
              [
                'Item',
                <a key="item" href={pathTo('item', { item })}>
                  <code>{shortCommitment(commitment)}</code>
                </a>,
              ] as const,
            ]),
      ]}
    />
  );
}
