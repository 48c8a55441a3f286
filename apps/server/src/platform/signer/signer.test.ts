import { describe } from 'vitest';
import { signerConformance } from './signer.conformance.ts';
import { openSigner } from './signer.ts';

describe('signing keys on files', () => {
  signerConformance(openSigner);
});
