export { parseSpdx } from './spdx.ts';
