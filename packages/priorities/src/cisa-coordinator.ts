import { cisaCoordinatorTable } from '@breakwater/formats/ssvc';
import { mostUrgent } from './urgency.ts';

/** Value keys and names; undefined is unknown. */
export interface CisaKnown {
  /** Unknown counts as none, which SSVC defines as no evidence of it. */
  readonly exploitation: 'N' | 'P' | 'A' | undefined;
  readonly automatable: 'N' | 'Y' | undefined;
  readonly impact: 'P' | 'T' | undefined;
  readonly missionPrevalence: MissionPrevalence | undefined;
  readonly publicWellBeing: PublicWellBeing | undefined;
}

export type MissionPrevalence = 'minimal' | 'support' | 'essential';
export type PublicWellBeing = 'minimal' | 'material' | 'irreversible';

export interface SsvcPriority {
  /** `Track`, `Track*`, `Attend` or `Act`. */
  readonly decision: string;
  readonly table: string;
  readonly row: string;
  /** False where a missing input leaves other decisions possible. */
  readonly isCertain: boolean;
}

/** CISA's coordinator tree; among what missing inputs leave possible, the most urgent decision. */
export function cisaCoordinator(known: CisaKnown): SsvcPriority {
  const decision = mostUrgent(cisaCoordinatorTable, {
    'ssvc:E:1.1.0': [known.exploitation ?? 'N'],
    'ssvc:A:2.0.0': known.automatable === undefined ? ['N', 'Y'] : [known.automatable],
    'ssvc:TI:1.0.0': known.impact === undefined ? ['P', 'T'] : [known.impact],
    'ssvc:MWI:1.0.0': wellBeingImpacts(known),
  });
  const { table, row, outcome } = decision;
  const isCertain = decision.isCertain && known.exploitation !== undefined;
  return { decision: outcome.name, table, row, isCertain };
}

/** CISA's SSVC guide: High if essential or irreversible, Low if both are minimal, else Medium. */
function wellBeingImpacts(known: CisaKnown): readonly string[] {
  const missions = known.missionPrevalence ?? 'unknown';
  const harms = known.publicWellBeing ?? 'unknown';
  if (missions === 'essential' || harms === 'irreversible') return ['H'];
  if (missions === 'unknown' && harms === 'unknown') return ['L', 'M', 'H'];
  if (missions === 'minimal' && harms === 'minimal') return ['L'];
  if (missions === 'unknown') return harms === 'minimal' ? ['L', 'M', 'H'] : ['M', 'H'];
  if (harms === 'unknown') return missions === 'minimal' ? ['L', 'M', 'H'] : ['M', 'H'];
  return ['M'];
}
