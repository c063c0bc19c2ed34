import { Button, Group, Paper, Text, Title } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { imageSbomsOperations } from '#contract/image-sboms.ts';
import { useAccountScope } from '../api/account-scope.ts';
import { client } from '../api/client.ts';
import { saveFile } from '../api/download.ts';
import { shortDigest } from '../format/words.ts';
import { Failure } from '../states/failure.tsx';
import { useImageDigest } from './use-image.ts';

const FORMATS = [
  { name: 'SPDX 2.3', file: 'spdx', operation: imageSbomsOperations.get_image_sbom_spdx_json },
  { name: 'CycloneDX 1.6', file: 'cyclonedx', operation: imageSbomsOperations.get_image_sbom_cyclonedx_json },
  { name: 'Native', file: 'native', operation: imageSbomsOperations.get_image_sbom_native_json },
] as const;

/** Downloads of the bill of materials in each format. */
export function SbomDownloads() {
  const digest = useImageDigest();
  const { account } = useAccountScope();
  const download = useMutation({
    mutationFn: async ({ operation, file }: (typeof FORMATS)[number]) => {
      const options = account === undefined ? {} : { account };
      const response = await client.call(operation, { params: { image_digest: digest } }, options);
      saveFile(`${shortDigest(digest)}.${file}.json`, await response.blob());
    },
  });
  return (
    <Paper p="md">
      <Title order={2} mb={4}>
        Bill of materials
      </Title>
      <Text size="sm" c="dimmed" mb="md">
        Every package of the image, as JSON.
      </Text>
      <Group gap="xs">
        {FORMATS.map((format) => (
          <Button
            key={format.file}
            variant="default"
            leftSection={<IconDownload size={16} aria-hidden />}
            loading={download.isPending && download.variables === format}
            onClick={() => download.mutate(format)}
          >
            {format.name}
          </Button>
        ))}
      </Group>
      {download.error ? <Failure error={download.error} /> : null}
    </Paper>
  );
}
