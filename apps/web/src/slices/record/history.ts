import { toBase64, utf8 } from '@breakwater/kernel';
import type { HashReader, SignedCheckpoint } from '@breakwater/log';
import {
  checkConsistency,
  consistencyProof,
  equalBytes,
  openCheckpoint,
  parseVerifierKey,
} from '@breakwater/log';
import type { Check, CheckStep } from './check-steps.ts';

/** What a browser remembers of a log: which key signed, and the checkpoint as it was signed. */
export interface Remembered {
  readonly key: string;
  readonly checkpoint: string;
}

interface History {
  readonly before: Remembered;
  readonly now: SignedCheckpoint;
  readonly key: string;
  /** Reads the log's hashes at the size of `now`; what it gives is checked, not trusted. */
  readonly read: HashReader;
}

const title = 'The log only grew since this browser last looked';

/** Whether the log of today begins with the log remembered (RFC 9162, 2.1.4.2). */
export async function historyStep({ before, now, key, read }: History): Promise<CheckStep> {
  const old = rememberedCheckpoint(before);
  if (old === null || before.key !== key || old.origin !== now.origin) {
    return cannotTell('This browser remembers a log with another key; the two are not compared.');
  }
  if (old.size > now.size) {
    const words = `It signed ${old.size} entries before and ${now.size} now: entries were taken back.`;
    return { title, state: 'fails', words: `${words} ${keepBoth}` };
  }
  if (old.size === now.size) {
    const same = equalBytes(old.root, now.root);
    const words = same
      ? `Then as now: ${now.size} entries with the same root.`
      : `It signed two different states of ${now.size} entries: its history was forked. ${keepBoth}`;
    return { title, state: same ? 'holds' : 'fails', words };
  }
  if (old.size === 0) return grew(old, now);
  const proof = await consistencyProof({ oldSize: old.size, size: now.size, read });
  if (!proof.ok) return cannotTell(`The log’s files lack what proves it: ${proof.refusal.got}.`);
  const claim = { oldSize: old.size, oldRoot: old.root, size: now.size, root: now.root };
  if (checkConsistency({ ...claim, proof: proof.value })) return grew(old, now);
  const words =
    `The hashes served do not lead from root ${toBase64(old.root)} of ${old.size} entries to ` +
    `today’s ${now.size}: the history was rewritten, or the log’s files are damaged.`;
  return { title, state: 'fails', words: `${words} ${keepBoth}` };
}

const keepBoth = 'Keep what you saved; run “breakwater log check” to find out more.';

/** `check` with one more step at its end. */
export function withStep(check: Check, step: CheckStep): Check {
  return {
    ...check,
    holds: check.holds && step.state === 'holds',
    steps: [...check.steps, step],
  };
}

function rememberedCheckpoint({ key, checkpoint }: Remembered): SignedCheckpoint | null {
  const parsed = parseVerifierKey(key);
  const opened = parsed.ok ? openCheckpoint(utf8(checkpoint), [parsed.value]) : parsed;
  return opened.ok ? opened.value : null;
}

function grew(old: SignedCheckpoint, now: SignedCheckpoint): CheckStep {
  const words = `From ${old.size} to ${now.size} entries; nothing before was changed.`;
  return { title, state: 'holds', words };
}

function cannotTell(words: string): CheckStep {
  return { title, state: 'cannot-tell', words };
}
