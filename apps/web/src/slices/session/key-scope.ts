import { operations } from '@breakwater/contract';

/** What `breakwater mcp` calls for an agent: to claim, pre-check, hand in, and ask what became. */
export const forAgents: readonly string[] = [
  'collect.get',
  'collect.list-mine',
  'collect.preview',
  'collect.submit',
  'coordinate.get',
  'coordinate.list',
  'coordinate.messages',
  'deconflict.claim',
  'deconflict.get-claim',
  'deconflict.list-claims',
  'deconflict.map',
  'deconflict.may',
  'deconflict.precheck-buckets',
  'deconflict.precheck-evaluate',
  'deconflict.precheck-keys',
  'deconflict.preview-claim',
  'deconflict.release-claim',
  'deconflict.renew-claim',
  'deconflict.use-claim',
  'deconflict.wishes',
  'directory.who-am-i',
  'validate.list',
  'validate.list-recipes',
];

export interface Act {
  readonly id: string;
  readonly summary: string;
}

/** The acts that `permissions` allow, by slice, each in its contract's words. */
export function actsBySlice(
  permissions: readonly string[],
): readonly (readonly [slice: string, acts: readonly Act[]])[] {
  const allowed = operations.filter(({ id }) => permissions.includes(id));
  return [...Map.groupBy(allowed, ({ id }) => id.slice(0, id.indexOf('.')))];
}
