import type { ImageView } from '../../image/types.ts';
import type { ImageMetadata } from '../../model/analysis.ts';
import type { Analyzer, Evidence } from '../types.ts';
import { missingInstructions } from './from-config.ts';
import { instructionOf } from './instruction.ts';

/** Rebuilds a Dockerfile from the image's history and configuration. It reads no files. See readme.md. */
export const dockerfileAnalyzer: Analyzer<never> = {
  name: 'dockerfile',
  version: 1,
  kind: 'evidence',
  select: () => undefined,
  collect(image: ImageView): Evidence {
    return image.metadata ? { dockerfile: { mode: 'Guessed', text: guessDockerfile(image.metadata) } } : {};
  },
};

/** Text of a Dockerfile that would lead to the image: `FROM scratch`, then one instruction per history entry. */
export function guessDockerfile(metadata: Pick<ImageMetadata, 'config' | 'history'>): string {
  const lines = metadata.history
    .map((entry) => (typeof entry.created_by === 'string' ? instructionOf(entry.created_by) : ''))
    .filter((line) => line !== '');
  const inner = metadata.config.config;
  const config = typeof inner === 'object' && inner !== null ? (inner as Record<string, unknown>) : metadata.config;
  return `${['FROM scratch', ...lines, ...missingInstructions(config, lines)].join('\n')}\n`;
}
