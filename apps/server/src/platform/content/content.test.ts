import { describe } from 'vitest';
import { contentConformance } from './content.conformance.ts';
import { openContentStore } from './content.ts';
import { openKeyStore } from './key-store.ts';

describe('content on files, encrypted per item', () => {
  contentConformance(async (directory, keys) =>
    openContentStore(directory, await openKeyStore(keys)),
  );
});
