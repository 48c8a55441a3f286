import type { Case } from '@breakwater/contract';
import { coordinate, correlate } from '@breakwater/contract';
import { parseId } from '@breakwater/kernel';
import { useState } from 'react';
import { pathTo } from '../../../app/paths.ts';
import { TextArea, TextField } from '../../../ui/field.tsx';
import { Quote } from '../../../ui/quote.tsx';
import { countWords } from '../../../ui/size.ts';
import { useSay } from '../../../ui/toast.tsx';
import { useSettled } from '../../../ui/use-settled.ts';
import { ActForm } from '../../session/act-form.tsx';
import { useGo } from '../../session/go.ts';
import { Show } from '../../session/problem-note.tsx';
import { useAct, useLoad } from '../../session/server.ts';
import { stageWords } from '../stage-path.ts';
import type { ActProps } from './act.ts';
import { useRevisionOf } from './act.ts';

/** Joins this case into another: chosen by its words, with a look at what will be. */
export function Merge({ shown, onDone }: ActProps) {
  const say = useSay();
  const go = useGo();
  const { act, busy, problem } = useAct(correlate.merge);
  const seen = useRevisionOf(shown, problem);
  const [target, setTarget] = useState<Case | null>(null);
  const [reason, setReason] = useState('');
  const missing =
    target === null
      ? 'Choose the case first.'
      : reason.trim().length < 3
        ? 'Say why it is the same root cause first.'
        : null;
  return (
    <ActForm
      label="Merge"
      busy={busy}
      problem={problem}
      reason={missing}
      onSubmit={() => {
        if (target === null) return;
        const body = { into: target.id, reason: reason.trim(), ...seen };
        act({ params: { case: shown.id }, body }, () => {
          say('Merged. It can be undone under Merges and splits.');
          onDone();
          go(pathTo('case', { case: target.id }));
        });
      }}
    >
      {target === null ? (
        <Choose self={shown} onChoose={setTarget} />
      ) : (
        <Preview shown={shown} target={target} onOther={() => setTarget(null)} />
      )}
      <TextArea
        label="Why it is the same root cause"
        hint="Kept for good, and read by whoever looks at either case."
        value={reason}
        onChange={setReason}
        rows={3}
        maxLength={4_000}
      />
    </ActForm>
  );
}

interface ChooseProps {
  readonly self: Case;
  readonly onChoose: (chosen: Case) => void;
}

function Choose({ self, onChoose }: ChooseProps) {
  const [text, setText] = useState('');
  const asked = useSettled(text.trim(), 150);
  const id = parseId('case', asked);
  const query = asked.length >= 2 ? { text: asked, limit: 8 } : { package: self.package, limit: 8 };
  const list = useLoad(coordinate.list, { query }, { keepLast: true, when: id === null });
  const one = useLoad(coordinate.get, { params: { case: id ?? self.id } }, { when: id !== null });
  return (
    <div className="choose">
      <TextField
        label="Into which case"
        hint="Words of its title, or its id. Cases of the same package stand here already."
        type="search"
        value={text}
        onChange={setText}
        maxLength={200}
      />
      {id === null ? (
        <Show what="cases" {...list}>
          {({ items }) => <Choices items={items} self={self} onChoose={onChoose} />}
        </Show>
      ) : (
        <Show what="the case" {...one}>
          {(item) => <Choices items={[item]} self={self} onChoose={onChoose} />}
        </Show>
      )}
    </div>
  );
}

interface ChoicesProps extends ChooseProps {
  readonly items: readonly Case[];
}

function Choices({ items, self, onChoose }: ChoicesProps) {
  const others = items.filter((item) => item.id !== self.id && item.mergedInto === null);
  if (others.length === 0) return <p className="small soft">No other case is like that.</p>;
  return (
    <ul className="choices">
      {others.map((item) => (
        <li key={item.id}>
          <button type="button" className="choice-row" onClick={() => onChoose(item)}>
            <Quote text={item.title} />
            <span className="small soft">
              <span className="mono">{item.package}</span> · {stageWords(item.stage)}
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}

interface PreviewProps {
  readonly shown: Case;
  readonly target: Case;
  readonly onOther: () => void;
}

/** What will be: where the findings go, who will see them, what ends. */
function Preview({ shown, target, onOther }: PreviewProps) {
  const here = useLoad(coordinate.participants, { params: { case: shown.id } });
  const there = useLoad(coordinate.participants, { params: { case: target.id } });
  return (
    <div className="preview">
      <p>
        Into <Quote text={target.title} />{' '}
        <button type="button" className="link small" onClick={onOther}>
          Another
        </button>
      </p>
      <ul className="reasons">
        <li>
          {shown.findings === null ? 'The findings' : countWords(shown.findings, 'finding')} of this
          case will count there
          {target.findings === null ? '' : `, beside ${countWords(target.findings, 'finding')}`}.
          Nothing is deleted.
        </li>
        <li>The embargo of that case holds for all of it.</li>
        <Show what="who will take part" {...here}>
          {({ items }) => (
            <Show what="who takes part there" {...there}>
              {(others) => <Newcomers from={items.map(nameOf)} to={others.items.map(nameOf)} />}
            </Show>
          )}
        </Show>
        <li>It can be undone.</li>
      </ul>
    </div>
  );
}

interface NewcomersProps {
  readonly from: readonly string[];
  readonly to: readonly string[];
}

function Newcomers({ from, to }: NewcomersProps) {
  const newThere = from.filter((name) => !to.includes(name));
  return (
    <li>
      {newThere.length === 0
        ? 'Everybody here takes part there already.'
        : `New there: ${newThere.join(', ')}, each as far as the role may see.`}
    </li>
  );
}

function nameOf({ party }: { readonly party: { readonly name: string } }): string {
  return party.name;
}
