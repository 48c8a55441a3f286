/** Room to answer one question in, all zero as it begins. */
export interface Space {
  /** For each word asked for, by word number: how well it answers, plus one; 0: not looked at yet. */
  readonly answers: readonly Uint8Array[];
  /** By document: what its words are worth together. */
  readonly total: Uint16Array;
  /** By document: how many of the words asked for it holds, as far as is looked. */
  readonly step: Uint8Array;
  /** By document: what the word looked at is worth. */
  readonly current: Uint8Array;
  /** Documents that hold all words looked at. */
  readonly answered: Uint32Array;
}

interface SpaceSize {
  readonly questions: number;
  readonly words: number;
  readonly documents: number;
}

/** As many searches at once keep their room; each is about ten bytes a document and a word. */
const keptMax = 4;

/**
 * Gives out room and takes it back. A question over a hundred thousand documents needs a megabyte:
 * made anew each time, collecting what was thrown away stops all searches for tens of milliseconds.
 */
export function createSpaces() {
  const kept: Buffers[] = [];
  const buffersOf = new WeakMap<Space, Buffers>();
  return {
    take(size: SpaceSize): Space {
      const buffers = kept.pop() ?? { documents: documentsFor(0), answers: [] };
      if (buffers.documents.total.length < size.documents) {
        buffers.documents = documentsFor(size.documents);
      }
      const answers = Array.from({ length: size.questions }, (_, index) => {
        const before = buffers.answers[index];
        const array =
          before !== undefined && before.length >= size.words
            ? before
            : new Uint8Array(roomFor(size.words));
        buffers.answers[index] = array;
        return array.subarray(0, size.words).fill(0);
      });
      // Cut to size: what comes to the index meanwhile has no room here and is no answer.
      const { total, step, current, answered } = buffers.documents;
      const space = {
        answers,
        total: total.subarray(0, size.documents).fill(0),
        step: step.subarray(0, size.documents).fill(0),
        current: current.subarray(0, size.documents).fill(0),
        answered: answered.subarray(0, size.documents),
      };
      buffersOf.set(space, buffers);
      return space;
    },
    /** To be called once with each room, when nothing looks at it any more. */
    giveBack(space: Space): void {
      const buffers = buffersOf.get(space);
      if (buffers !== undefined && kept.length < keptMax) kept.push(buffers);
      buffersOf.delete(space);
    },
  };
}

interface Buffers {
  documents: Omit<Space, 'answers'>;
  readonly answers: Uint8Array[];
}

function documentsFor(documents: number): Omit<Space, 'answers'> {
  const length = roomFor(documents);
  return {
    total: new Uint16Array(length),
    step: new Uint8Array(length),
    current: new Uint8Array(length),
    answered: new Uint32Array(length),
  };
}

/** With room to grow, so that an installation that grows does not make it anew each time. */
function roomFor(count: number): number {
  return Math.ceil(count * 1.25) + 64;
}
