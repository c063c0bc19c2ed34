import { Button, Checkbox, FileInput, Group, Progress, Stack, TagsInput, Text } from '@mantine/core';
import { IconPackage } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useRef, useState } from 'react';
import type { CallResult } from '#client/index.ts';
import { windlassOperations } from '#contract/windlass.ts';
import { useAccountScope } from '../api/account-scope.ts';
import { client } from '../api/client.ts';
import { operationKey } from '../api/operation-query.ts';
import { uploadFile } from '../api/upload.ts';
import { formatSize } from '../format/size.ts';
import { plural } from '../format/words.ts';
import { announce } from '../states/announce.ts';
import { Failure } from '../states/failure.tsx';

type Uploaded = CallResult<typeof windlassOperations.upload_image_archive>;

/** Form that sends an image archive and shows how much of it has gone. */
export function UploadArchive({ onDone }: { onDone: () => void }) {
  const queries = useQueryClient();
  const { account } = useAccountScope();
  const [file, setFile] = useState<File | null>(null);
  const [tags, setTags] = useState<string[]>([]);
  const [force, setForce] = useState(false);
  const [sent, setSent] = useState<number>();
  const [error, setError] = useState<unknown>();
  const running = useRef<AbortController>(null);

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (!file) return;
    const controller = new AbortController();
    running.current = controller;
    setError(undefined);
    setSent(0);
    try {
      const query = { force, ...(tags.length ? { tag: tags } : {}) };
      const upload = client.prepare(windlassOperations.upload_image_archive, { query, raw: file });
      if (account !== undefined) upload.headers['x-anchore-account'] = account;
      const { items } = await uploadFile<Uploaded>(upload, file, { signal: controller.signal, onProgress: setSent });
      announce(`${plural(items.length, 'image')} added from ${file.name}`);
      await queries.invalidateQueries({ queryKey: operationKey(windlassOperations.list_image_overview) });
      onDone();
    } catch (thrown) {
      if (!controller.signal.aborted) setError(thrown);
    } finally {
      setSent(undefined);
    }
  }

  return (
    <form onSubmit={(event) => void submit(event)}>
      <Stack gap="md">
        <FileInput
          label="Archive"
          description="Made by docker save, podman save or skopeo; also an OCI layout as tar. May be compressed."
          placeholder="Choose a file"
          leftSection={<IconPackage size={16} aria-hidden />}
          required
          clearable
          disabled={sent !== undefined}
          value={file}
          onChange={setFile}
        />
        <TagsInput
          label="Tags"
          description="Without any, the tags in the archive are used."
          placeholder={tags.length ? '' : 'registry.example.com/team/app:1.4'}
          disabled={sent !== undefined}
          value={tags}
          onChange={setTags}
        />
        <Checkbox
          label="Analyse again if it is already known"
          checked={force}
          disabled={sent !== undefined}
          onChange={(event) => setForce(event.currentTarget.checked)}
        />
        {sent !== undefined && file ? <Sending sent={sent} size={file.size} /> : null}
        {error ? <Failure error={error} /> : null}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={() => (sent === undefined ? onDone() : running.current?.abort())}>
            {sent === undefined ? 'Cancel' : 'Stop the upload'}
          </Button>
          <Button type="submit" loading={sent !== undefined} disabled={!file}>
            Upload
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function Sending({ sent, size }: { sent: number; size: number }) {
  const all = sent >= size;
  return (
    <Stack gap={4}>
      <Progress value={size ? (100 * sent) / size : 100} animated={all} aria-label="Upload" />
      <Text size="xs" c="dimmed" role="status">
        {all ? 'All sent; the server checks the archive…' : `${formatSize(sent)} of ${formatSize(size)}`}
      </Text>
    </Stack>
  );
}
