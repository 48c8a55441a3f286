/** One of those who wait for the same file. */
interface Waiting<K, V> {
  readonly asked: K;
  resolve(answer: V): void;
  reject(error: unknown): void;
}

/**
 * Gathers what is asked of the same `group` within one turn of the event loop and has it answered
 * together, in that order. Nothing is begun before all of it was asked: no answer is older than its
 * question.
 */
export function gathering<K, V>(
  groupOf: (asked: K) => string,
  answer: (group: string, asked: readonly K[]) => Promise<readonly V[]>,
): (asked: K) => Promise<V> {
  const groups = new Map<string, Waiting<K, V>[]>();

  async function answerAll(group: string, waiting: readonly Waiting<K, V>[]): Promise<void> {
    try {
      const asked = waiting.map((each) => each.asked);
      const answers = await answer(group, asked);
      for (const [i, each] of waiting.entries()) {
        // As many answers as questions, in their order.
        each.resolve(answers[i] as V);
      }
    } catch (error) {
      for (const each of waiting) each.reject(error);
    }
  }

  return (asked) =>
    new Promise<V>((resolve, reject) => {
      const group = groupOf(asked);
      const waiting = groups.get(group);
      if (waiting !== undefined) {
        waiting.push({ asked, resolve, reject });
        return;
      }
      const first = [{ asked, resolve, reject }];
      groups.set(group, first);
      setImmediate(() => {
        groups.delete(group);
        void answerAll(group, first);
      });
    });
}
