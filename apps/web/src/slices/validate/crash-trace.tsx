import type { Finding } from '@breakwater/contract';
import { Badge } from '../../ui/badge.tsx';
import { RawText } from '../../ui/quote.tsx';
import { Section } from '../../ui/section.tsx';
import { topFrame } from './top-frame.ts';

type Crash = NonNullable<Finding['crash']>;

interface CrashTraceProps {
  readonly crash: Crash;
  /** What the tool printed when the proof fired; null where nothing has run. */
  readonly report: string | null;
}

/** Where it broke: the frames of the crash, innermost first. */
export function CrashTrace({ crash, report }: CrashTraceProps) {
  const top = topFrame(crash);
  return (
    <Section
      id="trace"
      title="Stack trace"
      lede="Where the program broke, innermost call first. Findings with the same state count as the same crash."
    >
      <div className="trace-head">
        <p className="mono trace-type">{crash.type}</p>
        {crash.security ? (
          <Badge tone="fired">Security relevant</Badge>
        ) : (
          <Badge>No security sign</Badge>
        )}
      </div>
      <ol className="frames">
        {crash.frames.map((frame, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a frame is its position; recursion repeats frames
          <li key={at} className={at === top ? 'frame frame-top' : 'frame'}>
            <span className="frame-number num" aria-hidden="true">
              {at}
            </span>
            <code className="frame-function">{frame.function}</code>
            <code className="frame-place">
              {frame.file ?? 'no source known'}
              {frame.line === null ? '' : `:${frame.line}`}
            </code>
          </li>
        ))}
      </ol>
      {report === null ? null : (
        <RawText label="The whole report as the tool printed it" text={report} />
      )}
    </Section>
  );
}
