import type { Case } from '@breakwater/contract';
import { coordinate, correlate, prioritize, validate, verify } from '@breakwater/contract';
import type { Id } from '@breakwater/kernel';
import { useEffect } from 'react';
import { Evidence } from '../correlate/evidence.tsx';
import { Exposure } from '../distribute/exposure.tsx';
import { ScoreSection } from '../prioritize/score.tsx';
import { Timeline } from '../record/timeline.tsx';
import { Show } from '../session/problem-note.tsx';
import { useLoad } from '../session/server.ts';
import { CrashTrace } from '../validate/crash-trace.tsx';
import { Validations } from '../validate/validation.tsx';
import { Patches } from '../verify/patches.tsx';
import { CaseHead } from './case-head.tsx';
import { EmbargoClock } from './embargo-clock.tsx';
import { Messages } from './messages.tsx';
import { Participants } from './participants.tsx';

/** One case, as far as the reader may see it. */
export function CasePage({ id }: { readonly id: Id<'case'> }) {
  const { loaded, reload } = useLoad(coordinate.get, { params: { case: id } });
  return (
    <main className="page" id="content">
      <Show what="the case" loaded={loaded} reload={reload}>
        {(shown) => <CaseBody shown={shown} />}
      </Show>
    </main>
  );
}

function CaseBody({ shown }: { readonly shown: Case }) {
  const { id } = shown;
  useEffect(() => {
    document.title = `${shown.title} · Breakwater`;
  }, [shown.title]);
  return (
    <>
      <CaseHead shown={shown} />
      <div className="case-grid">
        <div className="case-main">
          <EvidenceAndRuns id={id} />
          <ScorePart id={id} />
          <PatchPart id={id} />
          <Exposure id={id} />
          <Timeline id={id} />
          <Messages id={id} />
        </div>
        <aside className="rail" aria-label="About this case">
          <EmbargoClock embargo={shown.embargo} />
          <Participants id={id} />
          <RailNav />
        </aside>
      </div>
    </>
  );
}

interface PartProps {
  readonly id: Id<'case'>;
}

function EvidenceAndRuns({ id }: PartProps) {
  const params = { case: id };
  const findings = useLoad(correlate.findings, { params });
  const runs = useLoad(
    validate.list,
    { params },
    { againWhile: ({ items }) => items.some((item) => item.status === 'queued') },
  );
  const crash =
    findings.loaded.state === 'ready'
      ? findings.loaded.data.members.find((member) => member.finding.crash !== null)?.finding.crash
      : null;
  return (
    <>
      <Show what="the evidence" {...findings}>
        {(data) => <Evidence {...data} />}
      </Show>
      <Show what="validations" {...runs}>
        {({ items }) => <Validations items={items} />}
      </Show>
      {crash === null || crash === undefined ? null : (
        <CrashTrace
          crash={crash}
          validations={runs.loaded.state === 'ready' ? runs.loaded.data.items : []}
        />
      )}
    </>
  );
}

function ScorePart({ id }: PartProps) {
  const score = useLoad(prioritize.get, { params: { case: id } });
  return (
    <Show what="the score" {...score}>
      {(data) => <ScoreSection score={data.score} />}
    </Show>
  );
}

function PatchPart({ id }: PartProps) {
  const patches = useLoad(
    verify.list,
    { params: { case: id } },
    { againWhile: ({ items }) => items.some((patch) => patch.verification?.status === 'queued') },
  );
  return (
    <Show what="patches" {...patches}>
      {({ items }) => <Patches items={items} />}
    </Show>
  );
}

const parts = [
  ['evidence', 'Evidence'],
  ['validation', 'Validation'],
  ['trace', 'Stack trace'],
  ['score', 'Score'],
  ['patches', 'Patches'],
  ['operators', 'Affected operators'],
  ['timeline', 'Timeline'],
  ['messages', 'Messages'],
] as const;

function RailNav() {
  return (
    <nav className="rail-nav" aria-label="Parts of this page">
      <ul>
        {parts.map(([part, label]) => (
          <li key={part}>
            <a href={`#${part}`}>{label}</a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
