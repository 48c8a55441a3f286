export {
  type SarifClosed,
  type SarifFinding,
  type SarifFingerprint,
  type SarifLevel,
  type SarifPlace,
  type SarifRow,
  type SarifRowCode,
  type SarifRule,
  type SarifRun,
  sarifLimits,
} from './finding.ts';
export {
  createNumbering,
  identityOfSarif,
  type SarifIdentity,
  sarifToolName,
} from './identity.ts';
export type { SarifCode, SarifOutline } from './outline.ts';
export {
  outlineSarif,
  readSarif,
  readSarifInSteps,
  type Sarif,
  type SarifChunks,
  sarifResults,
} from './sarif.ts';
