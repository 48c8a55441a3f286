import { coordinate } from '@breakwater/contract';
import type { Id } from '@breakwater/kernel';
import { useState } from 'react';
import { Moment } from '../../ui/moment.tsx';
import { Empty } from '../../ui/note.tsx';
import { QuoteBlock } from '../../ui/quote.tsx';
import { Section } from '../../ui/section.tsx';
import { More } from '../session/more.tsx';
import { ProblemNote, Show } from '../session/problem-note.tsx';
import { useAct, useLoad } from '../session/server.ts';

/** The case room: what participants wrote, newest first, and a place to write. */
export function Messages({ id }: { readonly id: Id<'case'> }) {
  const [sent, setSent] = useState(0);
  return (
    <Section
      id="messages"
      title="Messages"
      lede="Everyone in the case room reads what is written here."
    >
      <Write id={id} onSent={() => setSent((count) => count + 1)} />
      <MessagePage key={sent} id={id} />
    </Section>
  );
}

interface MessagePageProps {
  readonly id: Id<'case'>;
  readonly after?: string;
}

function MessagePage({ id, after }: MessagePageProps) {
  const query = after === undefined ? {} : { after };
  const { loaded, reload } = useLoad(coordinate.messages, { params: { case: id }, query });
  return (
    <Show what="messages" loaded={loaded} reload={reload}>
      {({ items, next }) => (
        <>
          {items.length === 0 ? <Empty>Nobody has written yet.</Empty> : null}
          <ol className="messages">
            {items.map((message) => (
              <li key={message.id}>
                <p className="small">
                  <strong>{message.author.name}</strong>{' '}
                  <span className="faint">
                    <Moment at={message.at} />
                  </span>
                </p>
                {message.text === null ? (
                  <p className="soft">Erased. That it was written stays in the log.</p>
                ) : (
                  <QuoteBlock text={message.text} />
                )}
              </li>
            ))}
          </ol>
          <More next={next} label="Older messages">
            {(older) => <MessagePage id={id} after={older} />}
          </More>
        </>
      )}
    </Show>
  );
}

function Write({ id, onSent }: { readonly id: Id<'case'>; readonly onSent: () => void }) {
  const [text, setText] = useState('');
  const { act, busy, problem } = useAct(coordinate.say);
  return (
    <form
      className="write no-print"
      onSubmit={(event) => {
        event.preventDefault();
        act({ params: { case: id }, body: { text } }, () => {
          setText('');
          onSent();
        });
      }}
    >
      <label htmlFor="message-text">Write to the case room</label>
      <textarea
        id="message-text"
        className="input"
        rows={3}
        value={text}
        maxLength={100_000}
        onChange={(event) => setText(event.target.value)}
      />
      <button type="submit" className="button" disabled={busy || text.trim() === ''}>
        {busy ? 'Sending…' : 'Send'}
      </button>
      {problem === null ? null : <ProblemNote problem={problem} />}
    </form>
  );
}
