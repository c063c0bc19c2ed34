import { defineTrigger } from '../../gate.ts';
import { integer, required } from '../../parameter.ts';

/** Fires when evaluations are stored and all of them are too old. */
export const stigEvaluationsOutdated = defineTrigger({
  name: 'stig_evaluations_outdated',
  description: 'Every STIG evaluation stored with the image is too old; one fresh evaluation is enough.',
  parameters: {
    max_days_since_stig_evaluation: required(integer, { description: 'Oldest accepted age in days.', example: '30' }),
  },
  *evaluate({ params, read, clock }) {
    const evaluations = read('stigEvaluations');
    if (!evaluations || evaluations.length === 0) return;
    const days = params.max_days_since_stig_evaluation;
    // The newest decides, and only its age bounds the validity of the answer.
    const newest = evaluations.reduce((a, b) => (Date.parse(b.evaluatedAt) > Date.parse(a.evaluatedAt) ? b : a));
    if (clock.olderThan(newest.evaluatedAt, days) === false) return;
    yield {
      message: `The newest STIG evaluation (${newest.evaluatedAt}) is older than ${days} days`,
      key: String(days),
      triggerId: 'stig_evaluations_outdated',
      evidence: { evaluatedAt: newest.evaluatedAt, days },
    };
  },
});
