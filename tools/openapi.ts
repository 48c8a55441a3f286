/**
 * docs/openapi.json: the API's description as the contract gives it, checked in so that a review
 * shows what changes for clients. `--write` renews it.
 */
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { openApi } from '@breakwater/contract';

/** The file's text: the same contract gives the same bytes. */
export function openApiText(): string {
  return `${JSON.stringify(openApi(), null, 1)}\n`;
}

if (import.meta.main && process.argv.includes('--write')) {
  writeFileSync(join(resolve(import.meta.dirname, '..'), 'docs/openapi.json'), openApiText());
}
