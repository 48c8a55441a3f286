export * from './bytes.ts';
export * from './canonical-json.ts';
export { classified, type FoundMarking, type MarkingKind } from './classified/find.ts';
export { refuseClassified } from './classified/refuse.ts';
export * from './id.ts';
export * from './instant.ts';
export * from './marking.ts';
export * from './result.ts';
export * from './special-networks.ts';
