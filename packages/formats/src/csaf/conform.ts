import { ok, type Result, refuse } from '@breakwater/kernel';
import * as document from './conform-document.ts';
import * as products from './conform-products.ts';
import * as profiles from './conform-profiles.ts';
import * as scores from './conform-scores.ts';
import * as terms from './conform-terms.ts';
import * as versions from './conform-versions.ts';
import type { CsafFault, Finding } from './fault.ts';
import { CsafDocument } from './structure.ts';

type Test = (document: CsafDocument) => Iterable<Finding>;

/** Every mandatory test of CSAF 2.0, by its number in section 6.1. */
export const mandatoryTests: Readonly<Record<string, Test>> = {
  '6.1.1': products.missingProducts,
  '6.1.2': products.repeatedProducts,
  '6.1.3': products.circularProducts,
  '6.1.4': products.missingGroups,
  '6.1.5': products.repeatedGroups,
  '6.1.6': products.contradictions,
  '6.1.7': scores.repeatedScores,
  '6.1.8': scores.malformedCvss,
  '6.1.9': scores.miscomputedCvss,
  '6.1.10': scores.inconsistentCvss,
  '6.1.11': terms.unknownWeaknesses,
  '6.1.12': terms.unknownLanguages,
  '6.1.13': terms.malformedPurls,
  '6.1.14': versions.unsortedRevisions,
  '6.1.15': document.translatorWithoutSource,
  '6.1.16': versions.staleVersion,
  '6.1.17': versions.undeclaredDraft,
  '6.1.18': versions.releasedDrafts,
  '6.1.19': versions.preReleaseRevisions,
  '6.1.20': versions.releasedPreRelease,
  '6.1.21': versions.missingRevisions,
  '6.1.22': versions.repeatedRevisions,
  '6.1.23': document.repeatedCves,
  '6.1.24': document.repeatedInvolvements,
  '6.1.25': products.repeatedAlgorithms,
  '6.1.26': document.pretendedProfile,
  '6.1.27.1': profiles.missingDocumentNotes,
  '6.1.27.2': profiles.missingReferences,
  '6.1.27.3': profiles.unexpectedVulnerabilities,
  '6.1.27.4': profiles.missingProductTree,
  '6.1.27.5': profiles.missingVulnerabilityNotes,
  '6.1.27.6': profiles.missingProductStatus,
  '6.1.27.7': profiles.missingVexStatus,
  '6.1.27.8': profiles.missingVexId,
  '6.1.27.9': profiles.missingImpacts,
  '6.1.27.10': profiles.missingActions,
  '6.1.27.11': profiles.missingVulnerabilities,
  '6.1.28': document.translationIntoItself,
  '6.1.29': products.loneRemediations,
  '6.1.30': versions.mixedVersions,
  '6.1.31': products.rangesAsVersions,
  '6.1.32': products.loneFlags,
  '6.1.33': products.repeatedJustifications,
};

/** More would help nobody, and a document of millions of faults shall not cost their words. */
const faultsMax = 1_000;

/**
 * What keeps `value` from being a valid CSAF 2.0 document: breaches of the shape, or failures of
 * mandatory tests; at most 1,000. None: it is valid (section 9.1, CSAF basic validator).
 */
export function csafFaults(value: unknown): readonly CsafFault[] {
  const shape = CsafDocument.safeParse(value);
  if (!shape.success) {
    return shape.error.issues.slice(0, faultsMax).map(({ path, message }) => ({
      test: 'schema',
      pointer: path
        .map((part) => `/${String(part).replace(/~/g, '~0').replace(/\//g, '~1')}`)
        .join(''),
      text: message,
    }));
  }
  const faults: CsafFault[] = [];
  for (const [test, findings] of Object.entries(mandatoryTests)) {
    for (const [pointer, text] of findings(shape.data)) {
      faults.push({ test, pointer, text });
      if (faults.length === faultsMax) return faults;
    }
  }
  return faults;
}

/**
 * Says whether `value` is a valid CSAF 2.0 document; to be asked before one is released.
 *
 * Out: the same value, typed. The first fault is the refusal, with a pointer to it.
 */
export function conformCsaf(value: unknown): Result<CsafDocument, 'csaf-nonconforming'> {
  const [fault] = csafFaults(value);
  // pays: without a fault the shape is the schema's, which asked for this very type
  if (fault === undefined) return ok(value as CsafDocument);
  return refuse({
    code: 'csaf-nonconforming' as const,
    expected: 'a document that obeys CSAF 2.0',
    got: `at ${fault.pointer || 'its top'}: ${fault.text} (${fault.test})`.slice(0, 300),
    todo: 'correct it; section 6.1 of the standard describes each test',
    pointer: fault.pointer,
  });
}
