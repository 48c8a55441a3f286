import type { Case, Output } from '@breakwater/contract';
import {
  coordinate,
  correlate,
  distribute,
  prioritize,
  validate,
  verify,
} from '@breakwater/contract';
import { parseId } from '@breakwater/kernel';
import { useTitle } from '../../ui/use-title.ts';
import { Evidence } from '../correlate/evidence.tsx';
import { Exposure } from '../distribute/exposure.tsx';
import { ScoreSection } from '../prioritize/score.tsx';
import { Timeline } from '../record/timeline.tsx';
import { Show } from '../session/problem-note.tsx';
import type { Address, Screen } from '../session/screen.ts';
import type { Loaded } from '../session/server.ts';
import { begin, useLoad } from '../session/server.ts';
import { CrashTrace } from '../validate/crash-trace.tsx';
import { Validations } from '../validate/validation.tsx';
import { Patches } from '../verify/patches.tsx';
import { CaseHead } from './case-head.tsx';
import { CaseOf } from './case-of.tsx';
import { EmbargoClock } from './embargo-clock.tsx';
import { LevelNote } from './level-note.tsx';
import { Messages } from './messages.tsx';
import { Participants } from './participants.tsx';
import { Reproducer } from './reproducer.tsx';
import { Standings } from './standing.tsx';

export const screen: Screen = {
  load: (reader, { params }) => {
    const id = parseId('case', params['case'] ?? '');
    if (id !== null) begin(reader, coordinate.get, { params: { case: id } });
  },
  Page: CasePage,
};

/** One case, as far as the reader may see it. */
function CasePage({ params }: Address) {
  return (
    <CaseOf params={params}>
      {(shown) => (
        <main className="page" id="content" tabIndex={-1}>
          <CaseBody shown={shown} />
        </main>
      )}
    </CaseOf>
  );
}

function CaseBody({ shown }: { readonly shown: Case }) {
  const { id } = shown;
  const params = { case: id };
  const findings = useLoad(correlate.findings, { params });
  const runs = useLoad(validate.list, { params }, { againWhile: hasQueuedRun });
  const score = useLoad(prioritize.get, { params });
  const patches = useLoad(verify.list, { params }, { againWhile: hasQueuedPatch });
  const exposure = useLoad(distribute.exposure, { params });
  const crash = crashOf(findings.loaded);
  const operators = mayBeShown(exposure.loaded);
  // Of the summary, an empty section would say that there is nothing, which nobody here may know.
  const whole = shown.level !== 'summary';
  const ownPatches = patches.loaded.state === 'ready' && patches.loaded.data.items.length > 0;
  const hidden = [
    crash === null ? 'trace' : '',
    operators ? '' : 'operators',
    ...(whole ? [] : ['score', 'messages']),
    whole || ownPatches ? '' : 'patches',
  ];
  useTitle(shown.title);
  return (
    <>
      <CaseHead shown={shown} />
      <div className="case-grid">
        <div className="case-main">
          <LevelNote level={shown.level} />
          <Reproducer shown={shown} />
          <Show what="the evidence" {...findings}>
            {(data) => <Evidence {...data} />}
          </Show>
          <Show what="validations" {...runs}>
            {({ items }) => <Validations items={items} />}
          </Show>
          {crash === null ? null : <CrashTrace crash={crash} report={reportOf(runs.loaded)} />}
          {whole ? (
            <Show what="the score" {...score}>
              {(data) => <ScoreSection score={data.score} />}
            </Show>
          ) : null}
          {whole || ownPatches ? (
            <Show what="patches" {...patches}>
              {({ items }) => <Patches items={items} />}
            </Show>
          ) : null}
          {operators ? <Exposure {...exposure} /> : null}
          <Timeline id={id} />
          {whole ? <Messages id={id} /> : null}
        </div>
        <aside className="rail" aria-label="About this case">
          <EmbargoClock embargo={shown.embargo} />
          <Standings shown={shown} />
          <Participants id={id} />
          <RailNav hidden={hidden} />
        </aside>
      </div>
    </>
  );
}

function hasQueuedRun({ items }: Output<typeof validate.list>): boolean {
  return items.some((item) => item.status === 'queued');
}

function hasQueuedPatch({ items }: Output<typeof verify.list>): boolean {
  return items.some((patch) => patch.verification?.status === 'queued');
}

function crashOf(loaded: Loaded<Output<typeof correlate.findings>>) {
  if (loaded.state !== 'ready') return null;
  const { members } = loaded.data;
  return members.find((member) => member.finding.crash !== null)?.finding.crash ?? null;
}

/** The tool's own report of the newest validation that kept one. */
function reportOf(loaded: Loaded<Output<typeof validate.list>>): string | null {
  if (loaded.state !== 'ready') return null;
  return loaded.data.items.find((item) => item.report !== null)?.report ?? null;
}

/** Whoever may not see the operators sees no trace of them, not even while it is being asked. */
function mayBeShown(loaded: Loaded<unknown>): boolean {
  return (
    loaded.state !== 'loading' && !(loaded.state === 'failed' && loaded.problem.status === 403)
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

function RailNav({ hidden }: { readonly hidden: readonly string[] }) {
  return (
    <nav className="rail-nav" aria-label="Parts of this page">
      <ul>
        {parts
          .filter(([part]) => !hidden.includes(part))
          .map(([part, label]) => (
            <li key={part}>
              <a href={`#${part}`}>{label}</a>
            </li>
          ))}
      </ul>
    </nav>
  );
}
