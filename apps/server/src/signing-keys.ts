import { ok, type Refusal } from '@breakwater/kernel';
import { answerRefusal } from './answer.ts';
import type { App } from './http.ts';
import { administrator } from './platform/commands/audience.ts';
import { keyUses, type PublicKey } from './platform/signer/signer.ts';
import { idempotencyKeyNeeded, idempotencyKeyShape } from './request.ts';
import type { Services } from './services.ts';

/**
 * The signing keys, for the administrator on the local socket alone: backup and rotation. They
 * are no operations of the contract, because no key of the API ever opens them.
 */
export function serveSigningKeys(app: App, { signer, execute, clock }: Services): void {
  app.get('/admin/keys', (c) =>
    c.env?.administrator === true ? c.text(signer.backup()) : c.notFound(),
  );
  app.post('/admin/keys/rotate', async (c) => {
    if (c.env?.administrator !== true) return c.notFound();
    const use = keyUses.find((each) => each === c.req.query('use'));
    if (use === undefined) return answerRefusal(c, useUnknown);
    const idempotencyKey = c.req.header('idempotency-key') ?? '';
    if (!idempotencyKeyShape.test(idempotencyKey)) return answerRefusal(c, idempotencyKeyNeeded);
    let made: Promise<PublicKey> | null = null;
    const executed = await execute(
      {
        actor: administrator,
        operation: 'signer.rotate',
        idempotencyKey,
        request: { use },
      },
      async () => {
        // Made inside, so that a repeated request finds its answer before a second key is made;
        // once, because a transaction that conflicts is tried again. A crash before the commit
        // leaves a published key without its entry, never an entry without its key.
        made ??= signer.rotate(use, clock.now());
        const { id: key, createdAt } = await made;
        const event = { act: 'signer.rotated', subject: key, data: { use, key } };
        return ok({ events: [event], response: { use, key, createdAt } });
      },
    );
    return executed.ok ? c.json(executed.value.response) : answerRefusal(c, executed.refusal);
  });
}

const useUnknown: Refusal = {
  code: 'input-malformed',
  expected: `?use= with one of ${keyUses.join(', ')}`,
  got: 'another, or none',
  todo: 'name the use of the key',
};
