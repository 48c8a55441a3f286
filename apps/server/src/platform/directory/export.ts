import { directory as contract } from '@breakwater/contract';
import { type Refusal, type Result, refuse } from '@breakwater/kernel';
import type { Call } from '../../route.ts';
import type { Services } from '../../services.ts';
import { ArchiveTooLarge, packZip } from './archive.ts';
import {
  type ExportDocument,
  type ExportNeeds,
  type ExportSource,
  exportSource,
} from './export-source.ts';

/** The export of the caller's party as a zip, or the refusal that it is too large for one. */
export async function exportParty(
  services: Services,
  needs: ExportNeeds,
  call: Pick<Call<typeof contract.exportOwn>, 'actor' | 'permissions'>,
): Promise<Result<Uint8Array>> {
  const { actor, permissions } = call;
  const source = exportSource(services, needs, { actor, permissions, scope: null });
  try {
    return { ok: true, value: await packZip(documents(source, needs)) };
  } catch (error) {
    if (error instanceof ArchiveTooLarge) return refuse(tooLarge);
    throw error;
  }
}

async function* documents(
  source: ExportSource,
  { exports }: ExportNeeds,
): AsyncGenerator<ExportDocument> {
  yield* exportOf(source);
  for (const each of exports) yield* each(source);
}

/** The party itself and its people. */
async function* exportOf(source: ExportSource): AsyncGenerator<ExportDocument> {
  const me = await source.get(contract.whoAmI);
  if (me !== null) yield { path: 'party.json', value: me.party };
  const members = [];
  for await (const member of source.pages(contract.listMembers)) members.push(member);
  yield { path: 'members.json', value: members };
}

const tooLarge: Refusal = {
  code: 'export-too-large',
  expected: 'at most 512 MiB of what your party handed in',
  got: 'more',
  todo: 'ask the administrator, who can hand you the files themselves',
};
