import { open } from 'node:fs/promises';
import { runs, suites } from '@breakwater/contract';
import { filePart, logCodecs } from '@breakwater/evaluator/files';
import { openEvalLog } from '@breakwater/formats/eval-log';
import { type Id, type Refusal, toBase64 } from '@breakwater/kernel';
import { need, Stop } from '../../stop.ts';
import { type Line, type Reached, reach } from './reach.ts';

/** What the contract takes as one part. */
const partBytes = 8 * 1024 * 1024;
const triesMax = 6;

/** What became of a log on its way to a server. */
export type Handed =
  | { readonly state: 'taken-in'; readonly run: Id<'run'> }
  | { readonly state: 'away'; readonly why: string }
  | { readonly state: 'refused'; readonly refusal: Refusal };

export interface HandingIn {
  readonly line: Line;
  /** The run of the server; begins it where it was not. */
  readonly begun: () => Promise<Id<'run'>>;
  /** The finished log. */
  readonly log: string;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly onProgress: (words: string) => void;
}

/**
 * Sends a log in parts and has it taken in. It goes on where the server's own copy ends, so that it
 * can be repeated after any stop; a server that is away is tried again for half a minute.
 */
export async function handIn(what: HandingIn): Promise<Handed> {
  const { line, sleep } = what;
  let sent = 0;
  for (let tries = 0, waitMs = 1_000; ; tries += 1, waitMs *= 2) {
    const before = sent;
    const tried: Reached<Id<'run'>> = await reach(async () => {
      const run = await what.begun();
      await handInOnce(what, run, (at) => {
        sent = Math.max(sent, at);
      });
      return run;
    });
    if (tried.kind === 'done') return { state: 'taken-in', run: tried.value };
    if (tried.kind === 'refused') return { state: 'refused', refusal: tried.refusal };
    // What moves on is no server that is away.
    if (sent > before) [tries, waitMs] = [0, 1_000];
    if (tries + 1 >= triesMax || line.signal.aborted) return { state: 'away', why: tried.why };
    what.onProgress(`${tried.why}; again in ${waitMs / 1_000} s`);
    await sleep(waitMs, line.signal).catch(() => undefined);
  }
}

async function handInOnce(
  { line, log, onProgress }: HandingIn,
  run: Id<'run'>,
  onSent: (at: number) => void,
): Promise<void> {
  const params = { run };
  const there = await line.call(runs.run, { params });
  if (there.state === 'taken-in') return;
  await using file = await open(log, 'r');
  const { size } = await file.stat();
  const { read } = filePart(file);
  for (let at = there.logBytes ?? 0; at < size; ) {
    const bytes = toBase64(await read(at, Math.min(size, at + partBytes)));
    at = (await line.call(runs.addPart, { params, body: { at, bytes } })).size;
    onSent(at);
    onProgress(`log: ${Math.floor((100 * at) / size)} % sent`);
  }
  const items = there.suite === null ? [] : await itemsOf(line, there.suite, { read, size });
  onProgress('log: the server goes through it');
  await line.call(runs.takeIn, { params, body: { size, items } });
}

/** Of which sealed item each sample is: the log names commitments, the server has ids for them. */
async function itemsOf(
  line: Line,
  suite: Id<'suite'>,
  source: Parameters<typeof openEvalLog>[0],
): Promise<{ sample: string; item: Id<'item'> }[]> {
  const idOfCommitment = new Map<string, Id<'item'>>();
  for (let after: string | undefined; ; ) {
    const query = { limit: 200, ...(after === undefined ? {} : { after }) };
    const page = await line.call(suites.items, { params: { suite }, query });
    for (const { id, commitment } of page.items) idOfCommitment.set(commitment, id);
    if (page.next === null) break;
    after = page.next;
  }
  const items = new Map<string, Id<'item'>>();
  const summaries = need(await openEvalLog(source, logCodecs)).eachSummary();
  for (;;) {
    const { value, done } = await summaries.next();
    if (done === true) {
      need(value);
      break;
    }
    const commitment = value.metadata?.['item_commitment'];
    const item = typeof commitment === 'string' ? idOfCommitment.get(commitment) : undefined;
    if (item === undefined) throw noItem(String(value.id));
    items.set(String(value.id), item);
  }
  return [...items].map(([sample, item]) => ({ sample, item }));
}

function noItem(sample: string): Stop {
  return new Stop({
    code: 'no-such-item',
    expected: 'samples of items that the suite has on the server',
    got: sample,
    todo: 'run the suite with --sealed and what its commit wrote',
  });
}
