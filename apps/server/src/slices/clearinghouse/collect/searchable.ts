import type { Source } from '../../../platform/search/source.ts';
import type { FindingFacts } from './decide.ts';
import { searchableRows } from './store.ts';

/** Findings, to be found by their title, package and version, and by what was read out of them. */
export const searchableFindings: Source = (reader, wish) =>
  searchableRows(reader, wish, (place) => (text) => {
    const facts = JSON.parse(text) as FindingFacts; // written by us, authenticated by the store
    return (place === 'identifier' ? identifiersOf(facts) : wordsOf(facts)).join('\n');
  });

function identifiersOf({ identifiers, weakness }: FindingFacts): readonly string[] {
  return [...identifiers, ...(weakness === null ? [] : [weakness])];
}

/** Where it is and what it says; of a crash, what kind it was and the functions it went through. */
function wordsOf({ description, location, crash }: FindingFacts): readonly string[] {
  return [
    ...(location === null ? [] : [location.path, location.function ?? '']),
    ...(crash === null ? [] : [crash.type, ...crash.frames.map((frame) => frame.function)]),
    ...(description === null ? [] : [description]),
  ];
}
