import type { ReactNode } from 'react';
import { useId, useState } from 'react';
import { Dialog } from './dialog.tsx';

interface BigActProps {
  /** The act itself, such as `Release now`. */
  readonly act: string;
  /** What it does, in a line beneath it. */
  readonly does: string;
  readonly first?: boolean;
  /** The question it asks once more. */
  readonly ask: string;
  /** Everything that follows, and what does not. */
  readonly follows: readonly string[];
  /** Sends it; the second time too. */
  readonly onDo: () => void;
  readonly isSending: boolean;
  /** What went wrong with it. */
  readonly trouble?: ReactNode;
}

/**
 * An act that is always there and always works: nothing disables it, not even its own sending, for
 * the same request sent twice acts once. It asks once, and says what follows.
 */
export function BigAct(props: BigActProps) {
  const { act, does, first = false, ask, follows, onDo, isSending, trouble } = props;
  const id = useId();
  const [asking, setAsking] = useState(false);
  return (
    <div className="big-act">
      <button
        type="button"
        className={first ? 'big-act-press big-act-first' : 'big-act-press'}
        aria-describedby={id}
        onClick={() => setAsking(true)}
      >
        {act}
      </button>
      <p className="small soft" id={id}>
        {does}
      </p>
      <Dialog
        open={asking}
        onClose={() => setAsking(false)}
        title={ask}
        lede="This is what follows, at once:"
      >
        <ul className="what-happens">
          {follows.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
        {trouble}
        <button
          type="button"
          className={first ? 'big-act-press big-act-first' : 'big-act-press'}
          onClick={onDo}
        >
          {isSending ? `${act}…` : act}
        </button>
      </Dialog>
    </div>
  );
}
