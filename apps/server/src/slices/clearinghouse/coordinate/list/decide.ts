import type { DueReason, Embargo, Stage, WaitsFor } from '@breakwater/contract';
import type { Instant } from '@breakwater/kernel';

/** How far the proofs of the findings a reader knows are, while the case is `received`. */
export type ProofState =
  | { readonly state: 'none' | 'failed' | 'reproduced' }
  | { readonly state: 'under-way'; readonly since: Instant };

/** The newest patch, and what became of it; null: none yet. */
export interface PatchFact {
  readonly requestedAt: Instant;
  readonly finishedAt: Instant | null;
}

/** A case as its turn is told from: to whoever works on it. */
export interface TurnFacts {
  readonly stage: Stage;
  readonly embargo: Embargo;
  /** When it reached its stage. */
  readonly since: Instant;
  readonly proof: ProofState;
  readonly patch: PatchFact | null;
  /** When an owner last did anything here, coming in included. */
  readonly ownerActedAt: Instant | null;
}

export interface Due {
  readonly at: Instant;
  readonly because: DueReason;
}

export interface Turn {
  readonly waiting: WaitsFor;
  readonly due: Due | null;
}

const dayMs = 24 * 60 * 60 * 1_000;
/** How long each may take before the case counts as overdue; COO-19. */
export const patience = {
  owner: 14 * dayMs,
  coordinator: 7 * dayMs,
  machine: dayMs,
} as const;

/** Whose turn it is in a case, and from when on it is overdue, as those see it who work on it. */
export function turnOf(facts: TurnFacts): Turn {
  return withEmbargo(stepOf(facts), facts);
}

/**
 * The same for whoever sees the summary alone, from what it is shown: the stage, the embargo and
 * the proofs of its own findings.
 */
export function turnShown(facts: Pick<TurnFacts, 'stage' | 'embargo' | 'proof'>): Turn {
  return withEmbargo({ waiting: waitingShown(facts), due: stuck(facts) }, facts);
}

function stepOf(facts: TurnFacts): Turn {
  const { stage, since, proof, patch, ownerActedAt } = facts;
  switch (stage) {
    case 'received':
      if (proof.state === 'none') return coordinatorsTurn(since);
      return { waiting: waitingShown(facts), due: stuck(facts) };
    case 'reproduced':
    case 'patch-verified':
      return coordinatorsTurn(since);
    case 'with-owner':
      return ownersTurn(ownerActedAt ?? since);
    case 'patch-proposed':
      if (patch !== null && patch.finishedAt === null) {
        const due = after(patch.requestedAt, patience.machine, 'patch-stuck');
        return { waiting: 'nobody', due };
      }
      return ownersTurn(latest(ownerActedAt ?? since, patch?.finishedAt ?? null));
    case 'published':
    case 'merged':
      return { waiting: 'nobody', due: null };
  }
}

function waitingShown({ stage, proof }: Pick<TurnFacts, 'stage' | 'proof'>): WaitsFor {
  switch (stage) {
    case 'received':
      if (proof.state === 'under-way') return 'nobody';
      return proof.state === 'failed' ? 'finder' : 'coordinator';
    case 'reproduced':
    case 'patch-verified':
      return 'coordinator';
    case 'with-owner':
    case 'patch-proposed':
      return 'owner';
    case 'published':
    case 'merged':
      return 'nobody';
  }
}

function coordinatorsTurn(since: Instant): Turn {
  return {
    waiting: 'coordinator',
    due: after(since, patience.coordinator, 'coordinator-silent'),
  };
}

function ownersTurn(since: Instant): Turn {
  return { waiting: 'owner', due: after(since, patience.owner, 'owner-silent') };
}

/** A proof that was asked for and of which nothing came back: its job died, or no sandbox is there. */
function stuck({ stage, proof }: Pick<TurnFacts, 'stage' | 'proof'>): Due | null {
  if (stage !== 'received' || proof.state !== 'under-way') return null;
  return after(proof.since, patience.machine, 'proof-stuck');
}

/** What is public and not published waits for the coordinator, whoever else was asked before. */
function withEmbargo(step: Turn, { stage, embargo }: Pick<TurnFacts, 'stage' | 'embargo'>): Turn {
  if (stage === 'published' || stage === 'merged' || embargo.state === 'open') return step;
  const over = embargo.state === 'ended';
  const at = over ? embargo.endedAt : embargo.endsAt;
  return {
    waiting: over ? 'coordinator' : step.waiting,
    due: step.due !== null && step.due.at < at ? step.due : { at, because: 'embargo-ended' },
  };
}

function after(since: Instant, milliseconds: number, because: DueReason): Due {
  // toISOString writes instants as kernel does.
  return { at: new Date(Date.parse(since) + milliseconds).toISOString() as Instant, because };
}

function latest(a: Instant, b: Instant | null): Instant {
  return b !== null && b > a ? b : a;
}
