import type { Json } from '@breakwater/kernel';

/** Fields of a JSON object. */
export type Fields = { readonly [key: string]: Json };

/** Whether something that JSON.parse gave is an object. */
export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
