import { collect, type FindingSubmission, type Publication, validate } from '@breakwater/contract';
import { type Instant, parseInstant, toBase64, utf8 } from '@breakwater/kernel';
import { expect, vi } from 'vitest';
import type { TestParty, TestServer } from '../../apps/server/test/harness.ts';

export const cjson = 'pkg:deb/debian/cjson';
export const recipe = 'cjson';

/** Adds the one recipe the stories use; the scripted sandbox runs it. */
export async function addRecipe(coordinator: TestParty): Promise<void> {
  const said = toBase64(utf8(JSON.stringify({ package: cjson })));
  await coordinator.client.call(validate.addRecipe, {
    body: { name: recipe, files: { 'recipe.json': said } },
  });
}

/** A finding with a proof; two with the same weakness and place are the same bug. */
export function findingOf(wish: { title: string; where?: string }): FindingSubmission {
  return {
    kind: 'native',
    package: cjson,
    version: '1.7.15-1',
    recipe,
    title: wish.title,
    marking: 'AMBER+STRICT',
    description: `${wish.title}, told at length`,
    weakness: 'CWE-125',
    location: { path: 'cJSON.c', function: wish.where ?? 'parse_string' },
    identifiers: [],
    proof: toBase64(utf8('{"a":"\\')),
  };
}

/** Hands a finding in. */
export async function handIn(finder: TestParty, wish: { title: string; where?: string }) {
  return await finder.client.call(collect.submit, { body: findingOf(wish) });
}

/** Waits until `holds` stops throwing: jobs run at their own pace. */
export async function eventually<T>(holds: () => Promise<T>): Promise<T> {
  return await vi.waitFor(holds, { timeout: 30_000, interval: 50 });
}

/** Waits until every finding of a case was validated. */
export async function validated(coordinator: TestParty, caseId: Case, findings = 1): Promise<void> {
  await eventually(async () => {
    const { items } = await coordinator.client.call(validate.list, { params: { case: caseId } });
    expect(items.filter((v) => v.status === 'finished').length).toBeGreaterThanOrEqual(findings);
  });
}

type Case = NonNullable<Awaited<ReturnType<typeof handIn>>['case']>;

/** The case a submission landed in. */
export function caseOf(submitted: { readonly case: Case | null }): Case {
  if (submitted.case === null) throw new Error('expected a case');
  return submitted.case;
}

/** A healthy server logged no error. */
export function expectHealthy(server: TestServer): void {
  expect(server.errors).toEqual([]);
}

/** Runs `work` and answers with the code it was refused with. */
export async function refusalOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    if (error instanceof Error && 'problem' in error) {
      const { problem } = error as { problem: { code: string } }; // the contract's ProblemError
      return problem.code;
    }
    throw error;
  }
  return 'not refused';
}

/** An hour, as kernel writes it. */
export function at(text: string): Instant {
  const instant = parseInstant(text);
  if (instant === null) throw new Error(`expected an hour, got ${text}`);
  return instant;
}

/** An advisory about the package the stories are about. */
export const advisory: Publication = {
  summary: 'Out-of-bounds read in cJSON',
  details: 'A crafted document reads past its end.',
  affected: [
    {
      ecosystem: 'Debian:12',
      package: 'cjson',
      introduced: '0',
      fixed: '1.7.18-1',
      binaries: ['libcjson1'],
    },
  ],
  aliases: ['CVE-2026-1000'],
  references: [],
  creditFinders: true,
};
