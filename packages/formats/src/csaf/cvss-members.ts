/**
 * The members of CVSS objects (FIRST's JSON schemas of 2.0, 3.0 and 3.1), the metric of the vector
 * each repeats, and the word each value of the metric has there.
 */

type Words = ReadonlyMap<string, string>;

/** From the metric's name and its values, `value=WORD`. */
function row(member: string, metric: string, values: string) {
  const words = values.split(' ').map((each): [string, string] => {
    const [value = '', word = ''] = each.split('=');
    return [value, word];
  });
  return { member, metric, words: new Map(words) };
}

export interface CvssMember {
  readonly member: string;
  readonly metric: string;
  readonly words: Words;
}

const impactTwo = 'N=NONE P=PARTIAL C=COMPLETE';
const requirementTwo = 'L=LOW M=MEDIUM H=HIGH ND=NOT_DEFINED';

const two: readonly CvssMember[] = [
  row('accessVector', 'AV', 'N=NETWORK A=ADJACENT_NETWORK L=LOCAL'),
  row('accessComplexity', 'AC', 'H=HIGH M=MEDIUM L=LOW'),
  row('authentication', 'Au', 'M=MULTIPLE S=SINGLE N=NONE'),
  row('confidentialityImpact', 'C', impactTwo),
  row('integrityImpact', 'I', impactTwo),
  row('availabilityImpact', 'A', impactTwo),
  row('exploitability', 'E', 'U=UNPROVEN POC=PROOF_OF_CONCEPT F=FUNCTIONAL H=HIGH ND=NOT_DEFINED'),
  row(
    'remediationLevel',
    'RL',
    'OF=OFFICIAL_FIX TF=TEMPORARY_FIX W=WORKAROUND U=UNAVAILABLE ND=NOT_DEFINED',
  ),
  row('reportConfidence', 'RC', 'UC=UNCONFIRMED UR=UNCORROBORATED C=CONFIRMED ND=NOT_DEFINED'),
  row(
    'collateralDamagePotential',
    'CDP',
    'N=NONE L=LOW LM=LOW_MEDIUM MH=MEDIUM_HIGH H=HIGH ND=NOT_DEFINED',
  ),
  row('targetDistribution', 'TD', 'N=NONE L=LOW M=MEDIUM H=HIGH ND=NOT_DEFINED'),
  row('confidentialityRequirement', 'CR', requirementTwo),
  row('integrityRequirement', 'IR', requirementTwo),
  row('availabilityRequirement', 'AR', requirementTwo),
];

const vector = 'N=NETWORK A=ADJACENT_NETWORK L=LOCAL P=PHYSICAL';
const lowHigh = 'H=HIGH L=LOW';
const noneToHigh = 'H=HIGH L=LOW N=NONE';
const interaction = 'N=NONE R=REQUIRED';
const scope = 'U=UNCHANGED C=CHANGED';
const requirement = 'L=LOW M=MEDIUM H=HIGH X=NOT_DEFINED';

const three: readonly CvssMember[] = [
  row('attackVector', 'AV', vector),
  row('attackComplexity', 'AC', lowHigh),
  row('privilegesRequired', 'PR', noneToHigh),
  row('userInteraction', 'UI', interaction),
  row('scope', 'S', scope),
  row('confidentialityImpact', 'C', noneToHigh),
  row('integrityImpact', 'I', noneToHigh),
  row('availabilityImpact', 'A', noneToHigh),
  row(
    'exploitCodeMaturity',
    'E',
    'U=UNPROVEN P=PROOF_OF_CONCEPT F=FUNCTIONAL H=HIGH X=NOT_DEFINED',
  ),
  row(
    'remediationLevel',
    'RL',
    'O=OFFICIAL_FIX T=TEMPORARY_FIX W=WORKAROUND U=UNAVAILABLE X=NOT_DEFINED',
  ),
  row('reportConfidence', 'RC', 'U=UNKNOWN R=REASONABLE C=CONFIRMED X=NOT_DEFINED'),
  row('confidentialityRequirement', 'CR', requirement),
  row('integrityRequirement', 'IR', requirement),
  row('availabilityRequirement', 'AR', requirement),
  row('modifiedAttackVector', 'MAV', `${vector} X=NOT_DEFINED`),
  row('modifiedAttackComplexity', 'MAC', `${lowHigh} X=NOT_DEFINED`),
  row('modifiedPrivilegesRequired', 'MPR', `${noneToHigh} X=NOT_DEFINED`),
  row('modifiedUserInteraction', 'MUI', `${interaction} X=NOT_DEFINED`),
  row('modifiedScope', 'MS', `${scope} X=NOT_DEFINED`),
  row('modifiedConfidentialityImpact', 'MC', `${noneToHigh} X=NOT_DEFINED`),
  row('modifiedIntegrityImpact', 'MI', `${noneToHigh} X=NOT_DEFINED`),
  row('modifiedAvailabilityImpact', 'MA', `${noneToHigh} X=NOT_DEFINED`),
];

/** By the version a CVSS object says. */
export const cvssMembers: Readonly<Record<'2.0' | '3.0' | '3.1', readonly CvssMember[]>> = {
  '2.0': two,
  '3.0': three,
  '3.1': three,
};
