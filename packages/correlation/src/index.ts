export * from './crash.ts';
export {
  explainJoin,
  type Identifiable,
  type IdentityKey,
  type IdentityKind,
  identityKeys,
  normalizeIdentifier,
  type Place,
} from './identity.ts';
export { crashLimits, type ReadCrashCode, type ReadCrashOptions, readCrash } from './read-crash.ts';
export { signatureOf } from './signature.ts';
