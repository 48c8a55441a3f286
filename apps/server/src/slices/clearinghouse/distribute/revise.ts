import type { distribute } from '@breakwater/contract';
import { digestOf, ok, type Result, refuse, utf8 } from '@breakwater/kernel';
import { everyone, levels } from '../../../platform/commands/audience.ts';
import { stale, tellChange } from '../../../platform/commands/revision.ts';
import { setAudience } from '../../../platform/commands/visibility.ts';
import { type Call, notFound, responseOf } from '../../../route.ts';
import type { Services } from '../../../services.ts';
import { decideRevise } from './decide.ts';
import { creditsOf, osvText, type PublishNeeds, publishable } from './publish.ts';
import { insertVersion, setNewest } from './versions/store.ts';

/** Publishes a later version of an advisory under its id; the earlier ones stay as they were. */
export async function revise(
  services: Services,
  needs: PublishNeeds,
  call: Call<typeof distribute.revise>,
): Promise<Result<{ advisory: string; version: number }>> {
  const { params, body, envelope, actor } = call;
  const { ifRevision, change, ...wish } = body;
  const credits = await creditsOf(services, needs, params.case);
  const executed = await services.execute(envelope, async (tx, now) => {
    const of = { needs, wish, caseId: params.case, credits, now, change };
    const found = await publishable(services, tx, of);
    if (found === null) return notFound('a case');
    const changed = stale(ifRevision, found.room.revision);
    if (changed !== null) return refuse(changed);
    const decided = decideRevise(found.room, wish, found.facts);
    if (!decided.ok) return decided;
    const { record: osv, documents } = decided.value;
    const { id: advisory, patch, revisions } = found.facts;
    const version = revisions.length + 1;
    await insertVersion(tx, { advisory, version, publishedAt: now, change, osv, documents });
    await setNewest(tx, { advisory, osv, patch: wish.patch ?? null });
    // What was open before stays open: it was published, and versions name it still.
    const opened = [wish.patch, patch?.attestation].filter((s) => s !== undefined && s !== null);
    for (const subject of opened) {
      await setAudience(tx, subject, [{ principal: everyone, level: levels.detail }]);
    }
    const digest = digestOf(utf8(osvText(osv)));
    const data = { advisory, version, osv: digest, patch: wish.patch ?? null };
    return ok({
      events: [{ act: 'distribute.revised', subject: params.case, data }],
      response: { advisory, version },
    });
  });
  return responseOf(await tellChange(services, executed, { subject: params.case, actor }));
}
