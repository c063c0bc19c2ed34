import { Modal, Tabs } from '@mantine/core';
import { IconCloudDownload, IconFileUpload } from '@tabler/icons-react';
import { AddFromRegistry } from './add-from-registry.tsx';
import { UploadArchive } from './upload-archive.tsx';

/** Adds an image from a registry, or from a file. */
export function AddImageDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Modal opened={opened} onClose={onClose} title="Add image" size="lg" closeButtonProps={{ 'aria-label': 'Close' }}>
      <Tabs defaultValue="registry" keepMounted={false}>
        <Tabs.List mb="md">
          <Tabs.Tab value="registry" leftSection={<IconCloudDownload size={16} aria-hidden />}>
            From a registry
          </Tabs.Tab>
          <Tabs.Tab value="archive" leftSection={<IconFileUpload size={16} aria-hidden />}>
            Upload an archive
          </Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="registry">
          <AddFromRegistry onDone={onClose} />
        </Tabs.Panel>
        <Tabs.Panel value="archive">
          <UploadArchive onDone={onClose} />
        </Tabs.Panel>
      </Tabs>
    </Modal>
  );
}
