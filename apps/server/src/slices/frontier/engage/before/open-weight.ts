/** How an installation counts models whose weights are given out. */
export type OpenWeight = 'outside' | 'within';

const source =
  'Executive Order 14409 does not speak of them; press reports of August 2026 (Axios, WIRED, Fortune, CNBC, Reuters)';

/** ENG-6: what is told of a model with open weights; null where nothing is to be told. */
export function openWeightOutside(counted: OpenWeight) {
  if (counted === 'within') return null;
  return {
    said:
      'Open-weight models are reported to be outside the framework for now. You can engage ' +
      'nonetheless: nothing else follows from it here.',
    source,
  };
}

/** The same before there is a model, for the page to read before joining. */
export function ofOpenWeight(counted: OpenWeight) {
  const text =
    counted === 'outside'
      ? 'Models with open weights are reported to be outside the framework for now. Whoever ' +
        'develops one can engage nonetheless, and is told so.'
      : 'This installation counts models with open weights as within the framework.';
  return { text, source };
}
