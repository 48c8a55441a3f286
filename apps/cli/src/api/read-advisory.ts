import { distribute } from '@breakwater/contract';
import { queryFields } from './fields.ts';
import { runOperation } from './run-operation.ts';

/** `advisory`: what is published, as the server serves it, to the byte. */
export const readAdvisory = runOperation(distribute.advisory, {
  body: [],
  query: queryFields(distribute.advisory),
});
