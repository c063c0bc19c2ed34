import { defineTrigger } from '../../gate.ts';

/** Fires when no STIG evaluation is stored with the image. */
export const noStigEvaluationsAvailable = defineTrigger({
  name: 'no_stig_evaluations_available',
  description: 'No STIG evaluation is stored with the image.',
  parameters: {},
  *evaluate({ read }) {
    const evaluations = read('stigEvaluations');
    if (!evaluations || evaluations.length > 0) return;
    yield {
      message: 'No STIG evaluation is stored with the image',
      key: 'none',
      triggerId: 'no_stig_evaluations_available',
    };
  },
});
