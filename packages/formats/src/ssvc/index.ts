export {
  type DecisionPoint,
  type DecisionTable,
  lookup,
  type SsvcCode,
  type SsvcDecision,
  type SsvcValue,
  valueNamed,
} from './decision-table.ts';
export {
  bod2604Table,
  cisaCoordinatorTable,
  coordinatorPublishTable,
  coordinatorTriageTable,
} from './tables.ts';
