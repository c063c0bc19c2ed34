import { Button, Checkbox, FileInput, Group, Stack, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { imagesOperations } from '#contract/images.ts';
import { windlassOperations } from '#contract/windlass.ts';
import { useAction } from '../api/operation-action.ts';
import { announce } from '../states/announce.ts';
import { Failure } from '../states/failure.tsx';
import { imageSource } from './image-source.ts';

/** Form that adds an image by its tag or digest. */
export function AddFromRegistry({ onDone }: { onDone: () => void }) {
  const [reference, setReference] = useState('');
  const [tag, setTag] = useState('');
  const [force, setForce] = useState(false);
  const [subscribe, setSubscribe] = useState(true);
  const [dockerfile, setDockerfile] = useState<File | null>(null);
  const byDigest = reference.includes('@sha256:');
  const add = useAction(imagesOperations.add_image, {
    refreshes: [windlassOperations.list_image_overview],
    onDone: () => {
      announce(`${reference.trim()} was added`);
      onDone();
    },
  });

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    const source = imageSource(reference, tag, dockerfile ? await dockerfile.text() : undefined);
    add.mutate({ query: { force, auto_subscribe: subscribe }, body: { source } });
  }

  return (
    <form onSubmit={(event) => void submit(event)}>
      <Stack gap="md">
        <TextInput
          label="Image"
          description="As for docker pull. Without a registry it is docker.io."
          placeholder="registry.example.com/team/app:1.4"
          required
          data-autofocus
          value={reference}
          onChange={(event) => setReference(event.currentTarget.value)}
        />
        {byDigest ? (
          <TextInput
            label="Tag"
            description="The name under which this digest is listed."
            placeholder="registry.example.com/team/app:1.4"
            required
            value={tag}
            onChange={(event) => setTag(event.currentTarget.value)}
          />
        ) : null}
        <FileInput
          label="Dockerfile"
          description="Optional: policy rules then check it instead of the image's history."
          placeholder="Choose a file"
          clearable
          value={dockerfile}
          onChange={setDockerfile}
        />
        <Stack gap="xs">
          <Checkbox
            label="Watch the tag for new images"
            checked={subscribe}
            onChange={(event) => setSubscribe(event.currentTarget.checked)}
          />
          <Checkbox
            label="Analyse again if it is already known"
            checked={force}
            onChange={(event) => setForce(event.currentTarget.checked)}
          />
        </Stack>
        {add.error ? <Failure error={add.error} /> : null}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onDone}>
            Cancel
          </Button>
          <Button type="submit" loading={add.isPending} disabled={!reference.trim() || (byDigest && !tag.trim())}>
            Add image
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
