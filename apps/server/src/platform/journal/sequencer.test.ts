import { describe } from 'vitest';
import { openTestDatabase } from '../../../test/database.ts';
import { sequencerConformance } from './sequencer.conformance.ts';

describe('the log', () => {
  sequencerConformance(openTestDatabase);
});
