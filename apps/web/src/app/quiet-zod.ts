import { config } from 'zod';

// Must run before the contract's schemas are used: zod otherwise tries `new Function` once, which a
// strict Content-Security-Policy reports as a violation although zod catches it.
config({ jitless: true });
