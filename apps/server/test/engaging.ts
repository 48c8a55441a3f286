import { engage, terms } from '@breakwater/contract';
import { bytesToHex, type Id, sha256, utf8 } from '@breakwater/kernel';
import type { TestParty, TestServer } from './harness.ts';

/** The digest a text is signed by. */
export function digestOfText(text: string): string {
  return `sha256:${bytesToHex(sha256(utf8(text)))}`;
}

/** Opens an engagement, with a codename and nothing else unless said. */
export async function openEngagement(
  developer: TestParty,
  more: Readonly<Record<string, unknown>> = {},
): Promise<{ readonly engagement: Id<'engagement'>; readonly model: Id<'model'> }> {
  const body = { codename: 'Heron', wants: 'both', zone: 'UTC', openWeight: false, ...more };
  return await developer.client.call(engage.open, { body: engage.open.body.parse(body) });
}

/** An engagement with terms that its developer signed, and the act of its opening in the log. */
export async function engageIn(
  server: TestServer,
  { developer, liaison }: { readonly developer: TestParty; readonly liaison: TestParty },
): Promise<Record<'terms' | 'opening', string> & { readonly engagement: Id<'engagement'> }> {
  const { engagement } = await openEngagement(developer, { government: liaison.id });
  const params = { engagement };
  let last = '';
  for (const text of ['Use it for defense.', 'Use it for defense alone.']) {
    const body = { kind: 'use' as const, text };
    const { terms: id, digest } = await liaison.client.call(terms.propose, { params, body });
    await developer.client.call(terms.sign, {
      params: { engagement, terms: id },
      body: { name: 'Sam Doe', title: 'Counsel', digest },
    });
    last = id;
  }
  for (let i = 0; i < 3; i++) await server.services.sequencer.tick();
  const { items } = await developer.client.call(engage.acts, { params });
  const opening = items.find(({ act }) => act === 'engage.opened')?.entry ?? '';
  return { engagement, terms: last, opening };
}
