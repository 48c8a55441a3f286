export * from './bytes.ts';
export * from './canonical-json.ts';
export * from './id.ts';
export * from './instant.ts';
export * from './marking.ts';
export * from './result.ts';
export * from './special-networks.ts';
