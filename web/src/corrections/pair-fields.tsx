import { ActionIcon, Autocomplete, Button, Fieldset, Group, Stack, Text, TextInput } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import type { CorrectionFieldMatch } from '#contract/corrections.ts';

/** Names with values, as many as one likes. */
export function PairFields(props: {
  legend: string;
  about?: string;
  names: readonly string[];
  pairs: CorrectionFieldMatch[];
  onChange: (pairs: CorrectionFieldMatch[]) => void;
  valuePlaceholder?: string;
}) {
  const { legend, about, names, pairs, onChange, valuePlaceholder } = props;
  const set = (index: number, part: Partial<CorrectionFieldMatch>) =>
    onChange(pairs.map((pair, at) => (at === index ? { ...pair, ...part } : pair)));
  return (
    <Fieldset legend={legend}>
      <Stack gap="xs">
        {about ? (
          <Text size="xs" c="dimmed">
            {about}
          </Text>
        ) : null}
        {pairs.map((pair, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the lines have no identity but their place
          <Group key={index} gap="xs" wrap="nowrap">
            <Autocomplete
              aria-label={`${legend}: field ${index + 1}`}
              data={[...names]}
              value={pair.field_name}
              onChange={(value) => set(index, { field_name: value })}
              w={170}
            />
            <TextInput
              aria-label={`${legend}: value ${index + 1}`}
              value={pair.field_value}
              onChange={(event) => set(index, { field_value: event.currentTarget.value })}
              style={{ flex: 1 }}
              {...(valuePlaceholder ? { placeholder: valuePlaceholder } : {})}
            />
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={`Remove line ${index + 1} of ${legend}`}
              onClick={() => onChange(pairs.filter((_, at) => at !== index))}
            >
              <IconTrash size={16} aria-hidden />
            </ActionIcon>
          </Group>
        ))}
        <div>
          <Button
            size="compact-sm"
            variant="default"
            onClick={() => onChange([...pairs, { field_name: '', field_value: '' }])}
          >
            Add line
          </Button>
        </div>
      </Stack>
    </Fieldset>
  );
}
