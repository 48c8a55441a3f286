import { authorizations, type ControlWay, controlWays } from '@breakwater/contract';
import type { Target } from '@breakwater/scope';
import { useState } from 'react';
import { pathTo } from '../../app/paths.ts';
import { Radios, TextArea } from '../../ui/field.tsx';
import { ActForm } from '../session/act-form.tsx';
import { useGo } from '../session/go.ts';
import { useAct } from '../session/server.ts';
import { readTarget, TargetField } from './target-field.tsx';
import { wayWords } from './words.ts';

/** Says that a target is one's own, by a way that can show it. */
export function AddTarget() {
  const go = useGo();
  const { act, busy, problem } = useAct(authorizations.openControl);
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState<ControlWay | null>(null);
  const [statement, setStatement] = useState('');
  const read = readTarget(text);
  const fit = read.state === 'read' ? waysFor(read.target) : controlWays;
  const way = chosen !== null && fit.includes(chosen) ? chosen : (fit[0] ?? 'statement');
  const said = statement.trim();
  const reason =
    read.state !== 'read'
      ? 'Name the target first.'
      : way === 'statement' && said === ''
        ? 'Say why it is yours first.'
        : null;
  return (
    <ActForm
      label="Go on"
      busy={busy}
      problem={problem}
      reason={reason}
      onSubmit={() => {
        if (read.state !== 'read') return;
        const body = {
          target: read.text,
          way,
          ...(way === 'statement' ? { statement: said } : {}),
        };
        act({ body }, ({ id }) => go(pathTo('target', { control: id })));
      }}
    >
      <TargetField
        label="What is yours?"
        hint="Such as example.org, *.example.org, 192.0.2.0/24, github.com/you/project or pkg:npm/name."
        value={text}
        onChange={setText}
      />
      <Radios
        legend="How do you show it?"
        value={way}
        onChange={(value) => setChosen(controlWays.find((known) => known === value) ?? null)}
        choices={fit.map((each) => [each, ...wayWords[each]])}
      />
      {way === 'statement' ? (
        <TextArea
          label="Why it is yours"
          hint="A coordinator reads this and may ask you."
          value={statement}
          onChange={setStatement}
          maxLength={4_000}
        />
      ) : null}
    </ActForm>
  );
}

/** The ways that can show anything about such a target, the strongest first. */
export function waysFor(target: Target): readonly ControlWay[] {
  switch (target.kind) {
    case 'host':
      return target.below ? ['dns', 'statement'] : ['dns', 'well-known', 'statement'];
    case 'url':
      return ['dns', 'well-known', 'statement'];
    case 'repository':
      return target.every ? ['statement'] : ['repository', 'statement'];
    case 'network':
    case 'package':
    case 'product':
      return ['statement'];
  }
}
