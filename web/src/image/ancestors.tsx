import { Anchor, Paper, Stack, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { imagesOperations } from '#contract/images.ts';
import { useOperation } from '../api/operation-query.ts';
import { plural, shortDigest } from '../format/words.ts';
import { useImageDigest } from './use-image.ts';

/** Analysed images that this one is built on. Nothing is shown when there are none. */
export function Ancestors() {
  const digest = useImageDigest();
  const ancestors = useOperation(imagesOperations.get_image_ancestors, { params: { image_digest: digest } });
  if (!ancestors.data?.length) return null;
  return (
    <Paper p="md">
      <Title order={2} mb="sm">
        Built on
      </Title>
      <Stack gap="xs">
        {ancestors.data.map((ancestor) => (
          <div key={ancestor.image_digest}>
            <Anchor
              size="sm"
              renderRoot={(props) => (
                <Link to="/images/$digest" params={{ digest: ancestor.image_digest ?? '' }} {...props} />
              )}
            >
              {ancestor.tags?.[0] ?? shortDigest(ancestor.image_digest ?? '')}
            </Anchor>
            <Text size="xs" c="dimmed">
              {plural(ancestor.layers?.length ?? 0, 'shared layer')}
              {ancestor.chosen_base_image ? ', chosen as base image' : ''}
            </Text>
          </div>
        ))}
      </Stack>
    </Paper>
  );
}
