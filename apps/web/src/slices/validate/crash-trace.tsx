import type { Finding, Validation } from '@breakwater/contract';
import { Badge } from '../../ui/badge.tsx';
import { Section } from '../../ui/section.tsx';
import { RawReport } from './validation.tsx';

type Crash = NonNullable<Finding['crash']>;

interface CrashTraceProps {
  readonly crash: Crash;
  readonly validations: readonly Validation[];
}

/** Where it broke: the frames of the crash, innermost first. */
export function CrashTrace({ crash, validations }: CrashTraceProps) {
  return (
    <Section
      id="trace"
      title="Stack trace"
      lede="Where the program broke, innermost call first. Findings with the same state count as the same crash."
    >
      <div className="trace-head">
        <p className="mono trace-type">{crash.type}</p>
        {crash.security ? (
          <Badge tone="fired">Memory safety or worse</Badge>
        ) : (
          <Badge>Not a security sign</Badge>
        )}
      </div>
      <ol className="frames">
        {crash.frames.map((frame, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a frame is its position; recursion repeats frames
          <li key={at} className={isTop(crash, at) ? 'frame frame-top' : 'frame'}>
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
      <RawReport items={validations} />
    </Section>
  );
}

/** The first frame of the target's own code: the state names it, the tool's own frames are above. */
export function isTop(crash: Pick<Crash, 'state' | 'frames'>, at: number): boolean {
  const named = crash.frames.findIndex((frame) => crash.state[0] === frame.function);
  return at === Math.max(named, 0);
}
