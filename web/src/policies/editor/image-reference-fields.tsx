import { Group, Select, TextInput } from '@mantine/core';
import type { ImageRef } from '#contract/policies.ts';

/** The images that a mapping or a list concerns. */
export interface ImageSelection {
  registry: string;
  repository: string;
  image: ImageRef;
}

/** Registry, repository and tag, digest or id; `*` stands for anything. */
export function ImageReferenceFields(props: { value: ImageSelection; onChange: (value: ImageSelection) => void }) {
  const { value, onChange } = props;
  return (
    <Group gap="xs" align="flex-end">
      <TextInput
        label="Registry"
        value={value.registry}
        onChange={(event) => onChange({ ...value, registry: event.currentTarget.value })}
        style={{ flex: '1 1 9rem' }}
      />
      <TextInput
        label="Repository"
        value={value.repository}
        onChange={(event) => onChange({ ...value, repository: event.currentTarget.value })}
        style={{ flex: '1 1 9rem' }}
      />
      <Select
        label="By"
        data={[
          { value: 'tag', label: 'Tag' },
          { value: 'digest', label: 'Digest' },
          { value: 'id', label: 'Image id' },
        ]}
        value={value.image.type}
        allowDeselect={false}
        onChange={(type) =>
          onChange({ ...value, image: { ...value.image, type: (type as ImageRef['type'] | null) ?? 'tag' } })
        }
        w={120}
      />
      <TextInput
        label="Value"
        value={value.image.value}
        onChange={(event) => onChange({ ...value, image: { ...value.image, value: event.currentTarget.value } })}
        style={{ flex: '1 1 8rem' }}
      />
    </Group>
  );
}
