export * from './attestation.ts';
export * from './interval.ts';
export * from './npm-lock.ts';
export * from './observation.ts';
export * from './patch.ts';
export * from './recipe.ts';
export { RecipePath } from './recipe-path.ts';
export { type NpmSource, pinOf, Source } from './recipe-source.ts';
export * from './validation.ts';
