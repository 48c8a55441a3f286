import type { AssessmentFigures, EvaluationFigures, EvaluationPart } from '@breakwater/contract';

/** DES-13: an evaluation cut to the chosen parts; whatever was not chosen is null. */
export function cut(
  figures: EvaluationFigures,
  parts: readonly EvaluationPart[],
): AssessmentFigures {
  const by = figures.counts === 'all' ? figures.all : figures.withoutInvalid;
  const chosen = <T>(part: EvaluationPart, value: T): T | null =>
    parts.includes(part) ? value : null;
  return {
    outcome: chosen('outcome', by.outcome),
    estimate: chosen('estimate', by.estimate),
    budget: chosen('budget', figures.budget),
    power: chosen('power', figures.power),
    contamination: chosen('contamination', figures.contamination),
    reviews: chosen('reviews', figures.reviews),
  };
}
