import {
  readCommitment,
  readItem,
  readSealed,
  type SealCode,
  type SealedSuite,
  type Task,
} from '@breakwater/benchmark';
import type { Body, suites } from '@breakwater/contract';
import { ok, type Result } from '@breakwater/kernel';

type SealBody = Body<typeof suites.seal>;

/** What is known of a suite from a file that `benchmark commit` wrote. */
export interface ToSeal {
  readonly root: string;
  /** What the server is told of each item, in their order. */
  readonly items: SealBody['items'];
  /** Salts and items, where the file holds them; they are sent only where their keeper asks for it. */
  readonly bodies: readonly { readonly salt: string; readonly item: string }[] | null;
}

type HumanTime = NonNullable<SealBody['items'][number]['humanTime']>;

const sources: Readonly<Record<Task['humanTime']['source'], HumanTime>> = {
  "author's estimate": 'expert_estimate',
  'timed baseline': 'completion',
  published: 'published',
};

/**
 * Reads the public file, or the secret one. Both are checked here: salts and items make the
 * commitments, and these lead to the root.
 */
export function readToSeal(bytes: Uint8Array): Result<ToSeal, SealCode> {
  const published = readCommitment(bytes);
  if (published.ok) {
    const { root, items } = published.value;
    return ok({ root, items: items.map((commitment) => ({ commitment })), bodies: null });
  }
  const sealed = readSealed(bytes);
  if (sealed.ok) return ok(ofSealed(sealed.value));
  // A public file whose items do not lead to its root is told as that, and not as no secret one.
  return published.refusal.code === 'commitment-differs' ? published : sealed;
}

function ofSealed({ root, items }: SealedSuite): ToSeal {
  return {
    root,
    items: items.map(({ commitment, item }) => {
      const read = readItem(item);
      const source = read.ok ? sources[read.value.task.humanTime.source] : undefined;
      return { commitment, ...(source === undefined ? {} : { humanTime: source }) };
    }),
    bodies: items.map(({ salt, item }) => ({ salt, item })),
  };
}
