import { defineTrigger } from '../../gate.ts';
import { comparison, holds, required, text } from '../../parameter.ts';
import { compareReleases } from '../../release-order.ts';

/** Fires when the distribution and its release meet the comparison. */
export const deny = defineTrigger({
  name: 'deny',
  description: 'The image is of the named distribution and its release meets the comparison.',
  parameters: {
    distro: required(text, { description: 'Distribution id, as in os-release.', example: 'debian' }),
    version: required(text, { description: 'Release to compare with.', example: '11' }),
    check: required(comparison, { description: 'How the release of the image is compared.', example: '<' }),
  },
  *evaluate({ params, facts, problem }) {
    const { distro } = facts;
    if (!distro || distro.id !== params.distro.trim().toLowerCase()) return;
    if (distro.versionId === undefined) {
      problem({
        severity: 'warn',
        problem_type: 'facts_incomplete',
        details: `distribution ${distro.id} names no release to compare`,
      });
      return;
    }
    if (!holds(compareReleases(distro.versionId, params.version), params.check)) return;
    yield {
      message: `Distribution ${distro.id} ${distro.versionId} is denied (${params.check} ${params.version})`,
      key: `${distro.id}+${distro.versionId}`,
      triggerId: `${distro.id}+${distro.versionId}`,
      evidence: { distro: distro.id, version: distro.versionId },
    };
  },
});
