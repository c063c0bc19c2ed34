import { windlassExplanationsOperations } from '#contract/windlass-explanations.ts';
import { useOperation } from '../../api/operation-query.ts';
import { Answer } from '../../states/answer.tsx';
import { useImageDigest } from '../use-image.ts';
import { ExplanationView } from './explanation-view.tsx';

/** Asks why the image has, or has not, a vulnerability, and shows the answer. */
export function Why({ vulnerability, packageName }: { vulnerability?: string; packageName?: string }) {
  const digest = useImageDigest();
  const answer = useOperation(windlassExplanationsOperations.explain_image_vulnerability, {
    params: { image_digest: digest },
    query: { ...(vulnerability ? { vulnerability } : {}), ...(packageName ? { package: packageName } : {}) },
  });
  return <Answer of={answer}>{(data) => <ExplanationView answer={data} />}</Answer>;
}
