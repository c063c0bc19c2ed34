import { ActionIcon, Button, Group, Menu, Modal, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconDotsVertical, IconRefresh, IconStack2, IconTrash } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { imagesOperations } from '#contract/images.ts';
import type { AnchoreImage } from '#contract/images-schemas.ts';
import { windlassOperations } from '#contract/windlass.ts';
import { useAction } from '../api/operation-action.ts';
import { useMay } from '../session/session.ts';
import { announce, announceError } from '../states/announce.ts';
import { Failure } from '../states/failure.tsx';

/** Annotation that makes an image the base of those built on it. */
const BASE_MARK = 'anchore.user/marked_base_image';

/** What can be done with an image: analyse it again, mark it as a base image, delete it. */
export function ImageMenu({ image, tag, digest }: { image: AnchoreImage; tag: string | undefined; digest: string }) {
  const mayAdd = useMay('createImage');
  const mayDelete = useMay('deleteImage');
  const navigate = useNavigate();
  const [asking, ask] = useDisclosure(false);
  const refreshes = [windlassOperations.list_image_overview, imagesOperations.get_image];
  const again = useAction(imagesOperations.add_image, {
    refreshes,
    onDone: () => announce('The image will be analysed again'),
  });
  const remove = useAction(imagesOperations.delete_image, {
    refreshes: [windlassOperations.list_image_overview],
    onDone: () => {
      announce('The image is being deleted');
      void navigate({ to: '/images' });
    },
  });
  const isBase = image.annotations?.[BASE_MARK] === 'true';
  const mark = useAction(imagesOperations.add_image, {
    refreshes: [...refreshes, imagesOperations.get_image_ancestors],
    onDone: () =>
      announce(isBase ? 'The image is no longer a base image' : 'Images built on it now tell what they inherit'),
  });
  if (!mayAdd && !mayDelete) return null;

  function markAsBase(): void {
    const detail = image.image_detail?.find((one) => one.full_tag === tag);
    if (!detail?.full_tag || !detail.full_digest) return;
    mark.mutate(
      {
        body: {
          source: { digest: { pull_string: detail.full_digest, tag: detail.full_tag } },
          annotations: { [BASE_MARK]: isBase ? 'false' : 'true' },
        },
      },
      { onError: (error) => announceError(error) },
    );
  }

  function analyseAgain(): void {
    const detail = image.image_detail?.find((one) => one.full_tag === tag);
    if (!detail?.full_tag || !detail.full_digest) return;
    again.mutate(
      {
        query: { force: true },
        body: { source: { digest: { pull_string: detail.full_digest, tag: detail.full_tag } } },
      },
      { onError: (error) => announceError(error) },
    );
  }

  return (
    <>
      <Menu position="bottom-end" width={220}>
        <Menu.Target>
          <ActionIcon variant="default" size="lg" aria-label="Actions">
            <IconDotsVertical size={18} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {mayAdd && tag ? (
            <Menu.Item leftSection={<IconRefresh size={16} aria-hidden />} onClick={analyseAgain}>
              Analyse again
            </Menu.Item>
          ) : null}
          {mayAdd && tag ? (
            <Menu.Item leftSection={<IconStack2 size={16} aria-hidden />} onClick={markAsBase}>
              {isBase ? 'No longer a base image' : 'Mark as base image'}
            </Menu.Item>
          ) : null}
          {mayDelete ? (
            <Menu.Item color="red" leftSection={<IconTrash size={16} aria-hidden />} onClick={ask.open}>
              Delete
            </Menu.Item>
          ) : null}
        </Menu.Dropdown>
      </Menu>
      <Modal
        opened={asking}
        onClose={ask.close}
        title="Delete this image?"
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        <Text size="sm">Its analysis, findings and evaluations go with it, under all its tags.</Text>
        {remove.error ? <Failure error={remove.error} /> : null}
        <Group justify="flex-end" gap="xs" mt="lg">
          <Button variant="default" onClick={ask.close}>
            Cancel
          </Button>
          <Button
            color="red.9"
            loading={remove.isPending}
            onClick={() => remove.mutate({ params: { image_digest: digest }, query: { force: true } })}
          >
            Delete
          </Button>
        </Group>
      </Modal>
    </>
  );
}
