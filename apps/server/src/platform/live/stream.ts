import { utf8 } from '@breakwater/kernel';

/** One thing that changed, as it is told. */
export interface Change {
  readonly kind: string;
  readonly id: string;
}

/** How much may wait for a reader that is slow, in bytes. */
const waitingBytesMax = 64 * 1024;
/** Ticks a reader may stand still before its stream is closed. */
const stuckTicksMax = 60;
const changesPerEventMax = 200;
/** More than so many changes at once are worth fetching everything for. */
const changesMax = 2_000;

/** The response of one stream: what the hub writes to, as server-sent events (HTML, 9.2). */
export interface EventStream {
  readonly body: ReadableStream<Uint8Array>;
  /** False once the reader has gone. */
  readonly open: () => boolean;
  /** Notes changes for the next flush; the same thing twice is once. */
  add(changes: readonly Change[]): void;
  /** Sends what was noted, and a sign of life where `beat` says so. */
  flush(beat: boolean): void;
  close(): void;
}

/** Opens a stream; `closed` is called once, by whichever side ends it. */
export function openEventStream(closed: () => void): EventStream {
  let waiting = new Map<string, Change>();
  let stuck = 0;
  let open = true;
  let controller: ReadableStreamDefaultController<Uint8Array> | null = null;
  const ended = () => {
    if (!open) return;
    open = false;
    closed();
  };
  const body = new ReadableStream<Uint8Array>(
    {
      start(given) {
        controller = given;
        given.enqueue(utf8('retry: 3000\n\n'));
      },
      cancel: ended,
    },
    new ByteLengthQueuingStrategy({ highWaterMark: waitingBytesMax }),
  );

  function close(): void {
    if (!open) return;
    ended();
    controller?.close();
  }

  return {
    body,
    open: () => open,
    add(changes) {
      for (const change of changes) {
        if (waiting.size >= changesMax) return;
        waiting.set(change.id, change);
      }
    },
    flush(beat) {
      if (!open || controller === null) return;
      if ((controller.desiredSize ?? 0) <= 0) {
        stuck += 1;
        if (stuck > stuckTicksMax) close();
        return;
      }
      stuck = 0;
      if (beat) controller.enqueue(utf8(':\n\n'));
      if (waiting.size === 0) return;
      // By id: ids are random, so that the order of a batch tells nothing.
      const items = [...waiting.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1));
      const now = items.slice(0, changesPerEventMax);
      waiting = new Map(items.slice(changesPerEventMax).map((item) => [item.id, item]));
      controller.enqueue(utf8(`event: changed\ndata: ${JSON.stringify({ items: now })}\n\n`));
    },
    close,
  };
}
