export * from './crash/crash.ts';
export {
  crashLimits,
  type ReadCrashCode,
  type ReadCrashOptions,
  readCrash,
} from './crash/read-crash.ts';
export {
  explainJoin,
  type Identifiable,
  type IdentityKey,
  type IdentityKind,
  identityKeys,
  normalizeIdentifier,
  type Place,
} from './identity.ts';
export { headlineOf, isNamed, signatureOf } from './signature.ts';
export { weaknessOfCrash } from './weakness.ts';
