import type { Component } from '@breakwater/formats/inventory';
import type { CompiledAdvisory } from './advisory.ts';
import { type Assessment, createExposureIndex } from './exposure-index.ts';

/**
 * Which of these advisories affect this inventory?
 *
 * In: the components of one inventory and any number of prepared advisories.
 * Out: matches and undecided components in the order of the advisories; `inventoryId` is ''.
 */
export function matchInventory(
  components: readonly Component[],
  advisories: Iterable<CompiledAdvisory>,
): Assessment {
  const index = createExposureIndex();
  index.put('', components);
  const assessments = Array.from(advisories, (advisory) => index.assess(advisory));
  return {
    matches: assessments.flatMap((each) => each.matches),
    undecided: assessments.flatMap((each) => each.undecided),
  };
}
