import { Paper } from '@mantine/core';
import { imageContentOperations } from '#contract/image-content.ts';
import { useOperation } from '../../api/operation-query.ts';
import { Answer } from '../../states/answer.tsx';
import { Nothing } from '../../states/nothing.tsx';
import { asText, fromBase64 } from './base64.ts';
import classes from './contents.module.css';

type Kind = 'dockerfile' | 'docker_history' | 'manifest';

/** Dockerfile, history or manifest of the image as text. */
export function DockerfileView({ digest, kind }: { digest: string; kind: Kind }) {
  const answer = useOperation(imageContentOperations.get_image_metadata_by_type, {
    params: { image_digest: digest, metadata_type: kind },
  });
  return (
    <Answer of={answer}>
      {({ metadata }) => {
        const text = metadataText(metadata);
        return (
          <Paper>
            {text ? (
              // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
              <pre className={classes.text} tabIndex={0}>
                {text}
              </pre>
            ) : (
              <Nothing title="The image has none" />
            )}
          </Paper>
        );
      }}
    </Answer>
  );
}

/** The API sends base64; JSON is indented for reading. */
function metadataText(metadata: unknown): string {
  if (typeof metadata !== 'string') return metadata === undefined ? '' : JSON.stringify(metadata, null, 2);
  let text = metadata;
  try {
    text = asText(fromBase64(metadata)) ?? metadata;
  } catch {
    // plain text already
  }
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
