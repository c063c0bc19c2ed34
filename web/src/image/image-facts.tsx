import { Paper, Stack, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import type { AnchoreImage } from '#contract/images-schemas.ts';
import { formatSize } from '../format/size.ts';
import { Ago } from '../states/ago.tsx';
import { Copyable } from '../states/copyable.tsx';
import classes from './image.module.css';

/** Digests, tags and configuration of an image. */
export function ImageFacts({ image }: { image: AnchoreImage }) {
  const about = image.image_content?.metadata ?? {};
  const details = image.image_detail ?? [];
  const tags = [...new Set(details.flatMap((detail) => detail.full_tag ?? []))];
  const imageId = details[0]?.image_id;
  const annotations = Object.entries(image.annotations ?? {});
  return (
    <Paper p="md">
      <Title order={2} mb="md">
        About
      </Title>
      <dl className={classes.facts}>
        <Fact name="Tags">
          <Stack gap={2}>
            {tags.map((tag) => (
              <Copyable key={tag} value={tag} label="tag" />
            ))}
          </Stack>
        </Fact>
        <Fact name="Digest">{image.image_digest ? <Copyable value={image.image_digest} label="digest" /> : null}</Fact>
        {image.parent_digest && image.parent_digest !== image.image_digest ? (
          <Fact name="Index digest">
            <Copyable value={image.parent_digest} label="index digest" />
          </Fact>
        ) : null}
        {imageId ? (
          <Fact name="Image id">
            <Copyable value={imageId} label="image id" />
          </Fact>
        ) : null}
        <Fact name="Distribution">
          {[about.distro, about.distro_version].filter(Boolean).join(' ') || 'None recognised'}
        </Fact>
        <Fact name="Architecture">{about.arch ?? 'Unknown'}</Fact>
        <Fact name="Size">{formatSize(about.image_size) || 'Unknown'}</Fact>
        <Fact name="Layers">{about.layer_count ?? 'Unknown'}</Fact>
        <Fact name="Dockerfile">{about.dockerfile_mode === 'Actual' ? 'As given' : 'Derived from the history'}</Fact>
        <Fact name="Added">
          <Ago time={image.created_at} />
        </Fact>
        <Fact name="Analysed">
          <Ago time={image.analyzed_at} />
        </Fact>
        {annotations.map(([name, value]) => (
          <Fact key={name} name={name}>
            {typeof value === 'string' ? value : JSON.stringify(value)}
          </Fact>
        ))}
      </dl>
    </Paper>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}
