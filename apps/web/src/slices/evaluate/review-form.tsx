import type { Output } from '@breakwater/contract';
import { invalidReasons, runs } from '@breakwater/contract';
import { useState } from 'react';
import { Radios, TextArea } from '../../ui/field.tsx';
import { useSay } from '../../ui/toast.tsx';
import { ActForm } from '../session/act-form.tsx';
import { useAct } from '../session/server.ts';
import { type InvalidReason, reasonWords } from './words.ts';

interface ReviewFormProps {
  readonly sample: Pick<Output<typeof runs.sample>, 'id' | 'review'>;
}

/** A verdict on a sample, blind to what others say until it is given. */
export function ReviewForm({ sample: { id, review } }: ReviewFormProps) {
  const say = useSay();
  const { act, busy, problem } = useAct(runs.review);
  const [verdict, setVerdict] = useState<'valid' | 'invalid' | ''>('');
  const [reason, setReason] = useState<InvalidReason | ''>('');
  const [words, setWords] = useState('');
  const text = words.trim();
  const lacks =
    verdict === ''
      ? 'Say first whether it counts.'
      : verdict === 'invalid' && reason === ''
        ? 'Say why it counts for nothing.'
        : text !== '' && text.length < 3
          ? 'Say it in three letters at least, or leave it out.'
          : null;
  function send(): void {
    if (verdict === '') return;
    const body = {
      verdict,
      ...(verdict === 'invalid' && reason !== '' ? { reason } : {}),
      ...(text === '' ? {} : { words: text }),
    };
    act({ params: { sample: id }, body }, () => say('Your review is in.'));
  }
  return (
    <ActForm label="Give the review" busy={busy} problem={problem} reason={lacks} onSubmit={send}>
      {review === 'disputed' ? (
        <p>The two differ. You are the third, and what you say decides.</p>
      ) : null}
      <Radios
        legend="Does this sample count?"
        hint="A score that stands, or one that says nothing of the model: success and failure alike."
        value={verdict}
        onChange={(value) => setVerdict(value === 'invalid' ? 'invalid' : 'valid')}
        choices={[
          ['valid', 'Valid', 'The score says what the model did.'],
          ['invalid', 'Invalid', 'It does not, for a reason.'],
        ]}
      />
      {verdict === 'invalid' ? (
        <Radios
          legend="Why not?"
          value={reason}
          onChange={(value) => setReason(invalidReasons.find((known) => known === value) ?? '')}
          choices={invalidReasons.map((each) => [each, ...reasonWords[each]])}
        />
      ) : null}
      <TextArea
        label="In words"
        hint="What you saw, and at which event. Others see it once two reviews are in."
        value={words}
        onChange={setWords}
        rows={3}
        maxLength={4_000}
      />
    </ActForm>
  );
}
