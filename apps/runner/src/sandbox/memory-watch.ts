import { readdirSync, readFileSync } from 'node:fs';

const WATCH_EVERY_MS = 50;
const PROCESSES_MAX = 4096;
const PAGE_BYTES = 4096;

/**
 * Where no control group limits memory, looks every 50 ms at what the tree under `root` holds,
 * and calls `over` once when that passes `bytesMax`. Returns how to stop looking.
 */
export function watchMemory(root: number, bytesMax: number, over: () => void): () => void {
  const timer = setInterval(() => {
    if (treeBytes(root) <= bytesMax) return;
    clearInterval(timer);
    over();
  }, WATCH_EVERY_MS);
  return () => clearInterval(timer);
}

/** Private resident bytes of a process and all its descendants; those that vanish count zero. */
export function treeBytes(root: number): number {
  let bytes = 0;
  const queue = [root];
  for (let at = 0; at < queue.length && at < PROCESSES_MAX; at++) {
    const pid = queue[at];
    try {
      const [, resident = 0, shared = 0] = readFileSync(`/proc/${pid}/statm`, 'latin1')
        .split(' ')
        .map(Number);
      bytes += (resident - shared) * PAGE_BYTES;
      for (const thread of readdirSync(`/proc/${pid}/task`)) {
        const children = readFileSync(`/proc/${pid}/task/${thread}/children`, 'latin1').trim();
        if (children !== '') queue.push(...children.split(' ').map(Number));
      }
    } catch {
      // ended while we looked
    }
  }
  return bytes;
}
