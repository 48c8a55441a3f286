import { z } from 'zod';
import { fault, guarded } from './fault.ts';
import { evalLogLimits as limits } from './limits.ts';
import { parseLogJson } from './log-json.ts';
import type { OpenedLog } from './open-eval-log.ts';
import { type LogSample, openSample } from './sample.ts';
import { readParts } from './sample-chunks.ts';
import { indexSample, readFirstEvents } from './sample-text.ts';
import { shaped } from './shaped.ts';
import { LogHeader, LogReduction, type SampleSummary } from './shapes.ts';
import type { LogCodecs, LogSource } from './source.ts';
import { keyText, readSummaries, type SampleKey, summaryOf } from './summaries.ts';
import { keptText, packedText, wholeText } from './text.ts';
import { type Directory, damaged, type Member, readDirectory } from './zip-directory.ts';
import { readMember, type Zip } from './zip-member.ts';
import { walkMembers } from './zip-walk.ts';

interface Archive {
  readonly zip: Zip;
  readonly members: ReadonlyMap<string, Member>;
}

/** Opens an `.eval` archive; one without a directory by what can be found of it. */
export async function openArchive(source: LogSource, codecs: LogCodecs): Promise<OpenedLog> {
  return await openMembers(await readMembers(source, codecs), source, codecs);
}

/** Its directory; of a file that was cut off, the members that are whole. */
export async function readMembers(source: LogSource, codecs: LogCodecs): Promise<Directory> {
  const directory = await readDirectory(source);
  if (directory !== null) return directory;
  const walked = await walkMembers(source);
  const last = [...walked.members.values()].at(-1);
  if (last === undefined) return walked;
  const isWhole = await guarded(async () => {
    if (last.bytes === 0) throw damaged('a member that was begun');
    for await (const _ of readMember({ source, codecs, end: walked.start }, last));
  });
  if (isWhole.ok) return walked;
  const members = new Map([...walked.members].filter(([name]) => name !== last.name));
  return { members, start: last.offset };
}

/** Opens the log that these members of a file are. */
export async function openMembers(
  { members, start }: Directory,
  source: LogSource,
  codecs: LogCodecs,
): Promise<OpenedLog> {
  const archive = { zip: { source, codecs, end: start }, members };
  const whole = members.get('header.json');
  const begun = whole ?? members.get('_journal/start.json');
  if (begun === undefined) {
    const expected = 'an archive with header.json or _journal/start.json';
    throw fault('not-a-log', { expected, got: `one of ${members.size} other members` });
  }
  const header = shaped(LogHeader, await readMemberJson(archive, begun), begun.name);
  const list = new SummaryList(archive);
  return {
    form: 'eval',
    isFinished: whole !== undefined,
    header,
    sampleCount: samplesOf(members).length,
    summaries: () => list.each(),
    count: () => list.count(),
    reductions: async () => {
      const member = members.get('reductions.json');
      if (member === undefined) return [];
      return shaped(z.array(LogReduction), await readMemberJson(archive, member), member.name);
    },
    sample: (key) => readSample(archive, key),
    firstEvents: async (key, limit) => {
      const member = members.get(`samples/${keyText(key)}.json`);
      if (member !== undefined)
        return await readFirstEvents(packedText(archive.zip, member), limit);
      const lists = await readParts({ ...archive, prefix: partsOf(archive, key) });
      const fit = lists.fit('events', 0, limit);
      return await lists.items(
        'events',
        Array.from({ length: fit }, (_, i) => i),
      );
    },
  };
}

async function readMemberJson({ zip }: Archive, member: Member): Promise<unknown> {
  const bytes = await wholeText(packedText(zip, member), limits.documentBytesMax);
  return parseLogJson(bytes, member.name);
}

async function readSample({ zip, members }: Archive, key: SampleKey): Promise<LogSample> {
  const member = members.get(`samples/${keyText(key)}.json`);
  if (member !== undefined) {
    const scratch = await zip.codecs.scratch?.();
    const text =
      scratch === undefined ? packedText(zip, member) : await keptText(zip, member, scratch);
    return await openSample(await indexSample(text));
  }
  const parts = await readParts({ zip, members, prefix: partsOf({ zip, members }, key) });
  return await openSample(parts);
}

/** Where the parts of a sample lie that is not in one member. */
function partsOf({ members }: Archive, key: SampleKey): string {
  const prefix = `samples/${keyText(key)}`;
  if (members.has(`${prefix}/sample.json`)) return prefix;
  const todo = 'take id and epoch from the summaries';
  throw fault('no-such-sample', { expected: 'a sample of the log', got: keyText(key), todo });
}

/** The summaries of an archive: of its header's time, else of its journal, else of its samples. */
class SummaryList {
  readonly #archive: Archive;
  /** Of the journal's summaries, those that a later one of the same sample replaces. */
  #replaced: Promise<{ numbers: ReadonlySet<number>; count: number }> | null = null;

  constructor(archive: Archive) {
    this.#archive = archive;
  }

  async count(): Promise<number> {
    return (await this.#outline()).count;
  }

  async *each(): AsyncGenerator<SampleSummary> {
    const { numbers } = await this.#outline();
    let number = 0;
    for await (const summary of this.#all()) {
      if (!numbers.has(number)) yield summary;
      number += 1;
    }
  }

  #outline(): Promise<{ numbers: ReadonlySet<number>; count: number }> {
    this.#replaced ??= this.#findReplaced();
    return this.#replaced;
  }

  async #findReplaced(): Promise<{ numbers: ReadonlySet<number>; count: number }> {
    const last = new Map<string, number>();
    const numbers = new Set<number>();
    let number = 0;
    for await (const summary of this.#all()) {
      const key = keyText(summary);
      const before = last.get(key);
      if (before !== undefined) numbers.add(before);
      last.set(key, number);
      number += 1;
    }
    return { numbers, count: last.size };
  }

  async *#all(): AsyncGenerator<SampleSummary> {
    const { zip, members } = this.#archive;
    const whole = members.get('summaries.json');
    const lists = whole === undefined ? journalOf(members) : [whole];
    yield* readSummaries(lists.map((member) => packedText(zip, member)));
    if (whole !== undefined || lists.length > 0) return;
    for (const key of samplesOf(members)) {
      const { head, messageCount } = await readSample(this.#archive, key);
      yield summaryOf(head, messageCount);
    }
  }
}

/** The samples that members are named by. */
function samplesOf(members: ReadonlyMap<string, Member>): readonly SampleKey[] {
  return [...members.keys()].flatMap((name) => {
    const named = /^samples\/(.+)_epoch_(\d{1,9})(?:\.json|\/sample\.json)$/su.exec(name);
    const [, id, epoch] = named ?? [];
    return id === undefined ? [] : [{ id, epoch: Number(epoch) }];
  });
}

/** `_journal/summaries/1.json` and so on, in their order. */
function journalOf(members: ReadonlyMap<string, Member>): readonly Member[] {
  return [...members.values()]
    .flatMap((member) => {
      const number = /^_journal\/summaries\/(\d{1,9})\.json$/.exec(member.name)?.[1];
      return number === undefined ? [] : [{ member, number: Number(number) }];
    })
    .toSorted((a, b) => a.number - b.number)
    .map(({ member }) => member);
}
