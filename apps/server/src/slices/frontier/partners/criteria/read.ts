import { type PartnerAsk, PartnerCriterion } from '@breakwater/contract';
import { z } from 'zod';
import type { Services } from '../../../../services.ts';
import { draftCriteria } from './draft.ts';
import { type CriteriaRow, findCriteria } from './store.ts';

const Kept = z.array(PartnerCriterion);

/** The criteria of a row; those of the draft where there is none. An erased version has none. */
export async function criteriaOf(
  { content }: Pick<Services, 'content'>,
  row: CriteriaRow | null,
): Promise<readonly PartnerCriterion[]> {
  if (row === null) return draftCriteria;
  const text = await content.getText(row.content);
  return text === null ? [] : Kept.parse(JSON.parse(text));
}

/** Of a version, the ids of the criteria that apply to what is asked for. */
export async function criteriaFor(
  services: Pick<Services, 'content' | 'database'>,
  version: number,
  asks: PartnerAsk,
): Promise<readonly string[]> {
  const row = await services.database.read((r) => findCriteria(r, version));
  if (row === null) throw new Error(`no criteria of version ${version}`);
  const criteria = await criteriaOf(services, row);
  return criteria.filter(({ appliesTo }) => appliesTo.includes(asks)).map(({ id }) => id);
}
