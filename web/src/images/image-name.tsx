import { Anchor, Text, Tooltip } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { ImageOverview } from '#contract/windlass.ts';
import { plural, shortDigest } from '../format/words.ts';
import classes from './images.module.css';

/** First tag of an image as a link, its other tags counted, its digest below, and whether its evidence has gaps. */
export function ImageName({ image }: { image: ImageOverview }) {
  const [first, ...others] = image.full_tags;
  const digest = shortDigest(image.image_digest);
  const [registry, name] = splitTag(first ?? '');
  const gaps = image.problems?.length ?? 0;
  return (
    <div className={classes.name}>
      <div className={classes.tagLine}>
        <Anchor
          fw={600}
          className="truncate"
          title={first ?? image.image_digest}
          renderRoot={(props) => <Link to="/images/$digest" params={{ digest: image.image_digest }} {...props} />}
        >
          {name || digest}
        </Anchor>
        {others.length > 0 ? (
          <Tooltip label={others.join('\n')} style={{ whiteSpace: 'pre' }}>
            <span className={classes.more}>+{others.length}</span>
          </Tooltip>
        ) : null}
        {gaps > 0 ? (
          <Tooltip
            multiline
            maw={420}
            label={image.problems!.map((problem) => problem.message).join('\n')}
            style={{ whiteSpace: 'pre-line' }}
          >
            <span className={classes.gap} role="img" aria-label={`Incomplete: ${plural(gaps, 'problem')}`}>
              <IconAlertTriangle size={15} aria-hidden />
            </span>
          </Tooltip>
        ) : null}
      </div>
      <Text span size="xs" c="dimmed" className="truncate">
        {registry ? `${registry} · ` : ''}
        <span className="mono">{digest}</span>
      </Text>
    </div>
  );
}

/** Registry, and the rest of a tag: what tells images apart comes last and must not be cut off. */
function splitTag(tag: string): [registry: string, name: string] {
  const slash = tag.indexOf('/');
  return slash < 0 ? ['', tag] : [tag.slice(0, slash), tag.slice(slash + 1)];
}
