import type { EvalLog, LogSample } from '@breakwater/formats/eval-log';
import { Facts } from '../../ui/facts.tsx';
import { useShortcut } from '../../ui/keys.ts';
import { Empty, Loading } from '../../ui/note.tsx';
import { RawText } from '../../ui/quote.tsx';
import { useGo } from '../session/go.ts';
import { ProblemNote } from '../session/problem-note.tsx';
import { EntryCard } from './entry-card.tsx';
import { problemOf } from './open-place.tsx';
import { Pager } from './pager.tsx';
import { addressOf, type Place } from './place.ts';
import { countOf, type Numbered, readEntries } from './read-entries.ts';
import { SearchSample } from './search-sample.tsx';
import { plainOf, usageWords } from './transcript.ts';
import { useRead } from './use-read.ts';

interface SampleProps {
  readonly log: EvalLog;
  readonly place: Place;
}

/** One sample: what it was, how it ended, and its transcript in pages. */
export function SampleView({ log, place }: SampleProps) {
  const { sample: id, epoch } = place;
  const read = useRead(() => log.sample({ id, epoch }), `${place.log} ${id} ${epoch}`);
  return (
    <section aria-labelledby="sample-title">
      <p className="small no-print back">
        <a href={addressOf(place, { sample: '' })}>All samples of {log.header.eval.task}</a>
      </p>
      <h2 id="sample-title" className="log-title">
        {id} <span className="faint">epoch {epoch}</span>
      </h2>
      {read.state === 'loading' ? <Loading what="the sample" /> : null}
      {read.state === 'refused' ? (
        <ProblemNote problem={problemOf('This sample cannot be read', read.refusal)} />
      ) : null}
      {read.state === 'ready' ? (
        <>
          <SampleFacts sample={read.value} />
          <Transcript sample={read.value} place={place} />
        </>
      ) : null}
    </section>
  );
}

function SampleFacts({ sample }: { readonly sample: LogSample }) {
  const { head } = sample;
  const usage = Object.entries(Object(head['model_usage']));
  const scores = Object.entries(head.scores ?? {});
  const error = Object(head['error']);
  return (
    <>
      <Facts
        items={[
          ...scores.map(
            ([name, { value, answer }]) =>
              [
                `Score ${name}`,
                `${plainOf(value)}${answer ? `, answered ${answer}` : ''}`,
              ] as const,
          ),
          ...usage.map(
            ([model, each]) => ['Tokens', `${model}: ${usageWords(Object(each))}`] as const,
          ),
          ...(head['total_time'] === undefined
            ? []
            : [['Time', timeWords(head['total_time'], head['working_time'])] as const]),
          ...(head['limit'] ? [['Limit', plainOf(Object(head['limit'])['type'])] as const] : []),
          ...(head['error'] ? [['Error', plainOf(error['message'])] as const] : []),
        ]}
      />
      <RawText label="Task and target" text={`${plainOf(head.input)}\n\n${plainOf(head.target)}`} />
    </>
  );
}

function timeWords(total: unknown, working: unknown): string {
  const seconds = (value: unknown) => `${Number(value).toFixed(1)} s`;
  const whole = typeof total === 'number' ? seconds(total) : 'not told';
  return typeof working === 'number' ? `${whole}, ${seconds(working)} of work` : whole;
}

const pageEntries = 50;

interface TranscriptProps {
  readonly sample: LogSample;
  readonly place: Place;
}

function Transcript({ sample, place }: TranscriptProps) {
  const { list, at } = place;
  const go = useGo();
  const total = countOf(sample, list);
  const looked = Math.min(at, Math.max(0, total - 1));
  const from = Math.floor(looked / pageEntries) * pageEntries;
  const goTo = (next: number) =>
    go(addressOf(place, { at: Math.max(0, Math.min(total - 1, next)) }), { replace: true });
  const turn = (to: Place['list']) => go(addressOf(place, { list: to, at: 0 }), { replace: true });
  const some = total > 0;
  useShortcut('j', 'Next in the transcript', some ? () => goTo(looked + 1) : null);
  useShortcut('k', 'Before in the transcript', some ? () => goTo(looked - 1) : null);
  useShortcut('n', 'Next page', some ? () => goTo(from + pageEntries) : null);
  useShortcut('p', 'Page before', some ? () => goTo(from - pageEntries) : null);
  useShortcut('m', 'Messages', () => turn('messages'));
  useShortcut('e', 'Events', () => turn('events'));
  return (
    <>
      <div className="transcript-bar no-print">
        <nav className="segments" aria-label="What the transcript shows">
          <Segment place={place} to="messages" count={sample.messageCount} words="Messages" />
          <Segment place={place} to="events" count={sample.eventCount} words="Events" />
        </nav>
        <SearchSample sample={sample} place={place} key={list} />
      </div>
      {total === 0 ? <Empty>There are no {list} in this sample.</Empty> : null}
      <Entries sample={sample} place={place} from={from} looked={looked} />
      <Pager
        what={list}
        from={from}
        shown={Math.min(pageEntries, total - from)}
        total={total}
        step={pageEntries}
        hrefOf={(next) => addressOf(place, { at: next })}
      />
    </>
  );
}

interface SegmentProps {
  readonly place: Place;
  readonly to: Place['list'];
  readonly count: number;
  readonly words: string;
}

function Segment({ place, to, count, words }: SegmentProps) {
  const isHere = place.list === to;
  return (
    <a
      href={addressOf(place, { list: to, at: 0 })}
      className={isHere ? 'segment segment-here' : 'segment'}
      aria-current={isHere ? 'true' : undefined}
    >
      {words} <span className="num">{count.toLocaleString('en-US')}</span>
    </a>
  );
}

interface EntriesProps extends TranscriptProps {
  readonly from: number;
  readonly looked: number;
}

/** A page of the transcript; one of large entries comes in several reads. */
function Entries({ sample, place, from, looked }: EntriesProps) {
  const { list } = place;
  const page = useRead(() => readPage(sample, list, from), `${list} ${from}`);
  if (page.state === 'loading') return <Loading what={list} />;
  if (page.state === 'refused') {
    return <ProblemNote problem={problemOf('This page cannot be read', page.refusal)} />;
  }
  return (
    <ol className="transcript" start={from + 1}>
      {page.value.map((item) => (
        <EntryCard
          key={item.at}
          item={item}
          href={addressOf(place, { at: item.at })}
          isLooked={item.at === looked && place.at > 0}
        />
      ))}
    </ol>
  );
}

async function readPage(sample: LogSample, list: Place['list'], from: number) {
  const items: Numbered[] = [];
  const to = Math.min(countOf(sample, list), from + pageEntries);
  while (from + items.length < to) {
    const begin = from + items.length;
    const page = await readEntries(sample, list, { from: begin, limit: to - begin });
    if (!page.ok) return page;
    if (page.value.items.length === 0) break;
    items.push(...page.value.items);
  }
  return { ok: true as const, value: items };
}
