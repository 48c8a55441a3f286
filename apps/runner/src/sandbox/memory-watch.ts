import { readdirSync, readFileSync } from 'node:fs';

const WATCH_EVERY_MS = 50;
const PROCESSES_MAX = 4096;

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

/** What a process and all its descendants hold; those that vanish count zero. */
export function treeBytes(root: number): number {
  const tree = treeOf(root);
  return tree.reduce((sum, pid) => sum + heldBytes(pid), 0);
}

function treeOf(root: number): number[] {
  const tree = [root];
  for (let at = 0; at < tree.length && at < PROCESSES_MAX; at++) {
    const pid = tree[at];
    try {
      for (const thread of readdirSync(`/proc/${pid}/task`)) {
        const children = readFileSync(`/proc/${pid}/task/${thread}/children`, 'latin1').trim();
        if (children !== '') tree.push(...children.split(' ').map(Number));
      }
    } catch {
      // ended while we looked
    }
  }
  return tree;
}

/** The proportional share: pages that forks still have in common are not counted per fork. */
function heldBytes(pid: number): number {
  try {
    const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1');
    const kilobytes = [...rollup.matchAll(/^Pss_(?:Anon|Shmem):\s+(\d+) kB$/gm)];
    return kilobytes.reduce((sum, [, count]) => sum + Number(count) * 1024, 0);
  } catch {
    return 0;
  }
}
