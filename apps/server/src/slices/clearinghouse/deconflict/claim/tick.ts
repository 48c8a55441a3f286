import { randomUUID } from 'node:crypto';
import type { Json } from '@breakwater/kernel';
import { system } from '../../../../platform/commands/audience.ts';
import type { CarryOut } from '../../../../platform/commands/together.ts';
import type { Services } from '../../../../services.ts';
import type { Command } from './command.ts';
import { claimsDue } from './store.ts';
import { waitsDue } from './wait-store.ts';

/** So many at once; the rest a tick later. */
const claimsPerTick = 500;
const waitsPerTick = 100;

/**
 * Warns whose claim ends soon, writes down what has ended, and grants what is free to those in line.
 * Several processes may do so at once: whoever comes second finds it done.
 */
export async function passTimeOfClaims(
  { database, clock }: Services,
  carryOut: CarryOut<Command, Json>,
): Promise<void> {
  const now = clock.now();
  const claims = await database.read((r) => claimsDue(r, now, claimsPerTick));
  if (claims.length > 0) await act(carryOut, { kind: 'pass-time', claims });
  const waits = await database.read((r) => waitsDue(r, now, waitsPerTick));
  if (waits.length > 0) await act(carryOut, { kind: 'serve-waits', waits });
}

async function act(carryOut: CarryOut<Command, Json>, input: Command): Promise<void> {
  const operation = `deconflict.${input.kind}`;
  const idempotencyKey = `${input.kind}:${randomUUID()}`;
  const done = await carryOut({
    envelope: { actor: system, operation, idempotencyKey, request: {} },
    input,
  });
  if (!done.ok) throw new Error(`claims could not be kept in time: ${done.refusal.got}`);
}
