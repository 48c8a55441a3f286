import { describe } from 'vitest';
import { onPostgres, openTestDatabase } from '../../../test/database.ts';
import { databaseConformance } from './database.conformance.ts';

describe(onPostgres ? 'PostgreSQL' : 'the embedded database', () => {
  databaseConformance(openTestDatabase);
});
