import type { Need, Operation } from '@breakwater/contract';

/** What the policies call the things an operation can be about. */
export const entityOf: Readonly<Record<Need['subject'], string>> = {
  case: 'Case',
  finding: 'Finding',
  notice: 'Notice',
  join: 'Join',
  suite: 'Suite',
  run: 'Run',
  engagement: 'Engagement',
  rule: 'Rule',
  file: 'File',
  determination: 'Determination',
  plan: 'Plan',
  window: 'Window',
  grant: 'Grant',
  gkey: 'GatewayKey',
};
/** What an operation acts on that is about no single thing. */
export const installation = 'Installation';

const weighedAs = { marking: '"marking": String' } as const;

/**
 * The Cedar schema: `base` and one action per operation. So a policy that names an operation which
 * does not exist, or weighs what it does not declare to weigh, fails the validation.
 */
export function schemaText(base: string, operations: readonly Operation[]): string {
  return [base, ...operations.map(actionText)].join('\n');
}

function actionText({ id, needs }: Operation): string {
  const context = [
    '"role_allows": Bool',
    '"key_allows": Bool',
    ...(needs === undefined ? [] : ['"sees": Sees']),
    ...(needs?.weighs ?? []).map((fact) => weighedAs[fact]),
  ];
  const resource = needs === undefined ? installation : entityOf[needs.subject];
  return `action "${id}" appliesTo { principal: Party, resource: ${resource}, context: { ${context.join(', ')} } };`;
}
