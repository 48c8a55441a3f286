import { setTimeout as delay } from 'node:timers/promises';
import type { Acknowledged, ServerProcess } from '../../demo/driver/server.ts';

/** Someone who writes down what the server told anybody, and believes nothing else. */
export interface Witness {
  /** Every write that was answered with success, in order. */
  readonly acknowledged: readonly Acknowledged[];
  /** Every checkpoint that was ever served, each once, in order. */
  readonly checkpoints: readonly Uint8Array[];
  hear(answer: Acknowledged): void;
  /** Looks at the log's checkpoint again and again; answers with how to stop. */
  watch(server: ServerProcess): () => Promise<void>;
}

/** A witness who has seen nothing yet. */
export function createWitness(): Witness {
  const acknowledged: Acknowledged[] = [];
  const checkpoints = new Map<string, Uint8Array>();
  return {
    acknowledged,
    get checkpoints() {
      return [...checkpoints.values()];
    },
    hear: (answer) => void acknowledged.push(answer),
    watch(server) {
      const stopping = new AbortController();
      const watching = (async () => {
        while (!stopping.signal.aborted) {
          const note = await checkpointOf(server);
          if (note !== null) checkpoints.set(note, new TextEncoder().encode(note));
          await delay(50);
        }
      })();
      return async () => {
        stopping.abort();
        await watching;
      };
    },
  };
}

/** null while the server is away or has signed nothing. */
async function checkpointOf(server: ServerProcess): Promise<string | null> {
  try {
    const response = await fetch(`${server.address}/log/checkpoint`);
    return response.ok ? await response.text() : null;
  } catch {
    return null;
  }
}
