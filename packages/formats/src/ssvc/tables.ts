import { decisionTable } from './decision-table.ts';
import bod from './tables/cisa-bod-26-04-1-0-0.json' with { type: 'json' };
import cisa from './tables/cisa-coordinator-2-0-3.json' with { type: 'json' };
import publish from './tables/coordinator-publish-1-0-0.json' with { type: 'json' };
import triage from './tables/coordinator-triage-1-0-0.json' with { type: 'json' };

/** CISA's binding operational directive 26-04, Table 1: how soon a federal asset is fixed. */
export const bod2604Table = decisionTable(bod);

/** CISA's tree: Track, Track*, Attend or Act on a vulnerability. */
export const cisaCoordinatorTable = decisionTable(cisa);

/** Whether a coordinator takes a report on: Decline, Track or Coordinate. */
export const coordinatorTriageTable = decisionTable(triage);

/** Whether a coordinator publishes. */
export const coordinatorPublishTable = decisionTable(publish);
