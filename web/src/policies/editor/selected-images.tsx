import { Button, Group, Paper, Stack, Text, TextInput, Title } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import type { ImageSelectionRule, Policy } from '#contract/policies.ts';
import { ImageReferenceFields } from './image-reference-fields.tsx';
import { freshId, withoutPart, withPart } from './policy-parts.ts';

const LISTS = [
  { member: 'allowlisted_images', title: 'Allowed images', about: 'They pass, whatever is found in them.' },
  { member: 'denylisted_images', title: 'Denied images', about: 'They fail, whatever is found in them.' },
] as const;

/** Images that pass or fail without a look at their findings. */
export function SelectedImages({ policy, onChange }: { policy: Policy; onChange: (policy: Policy) => void }) {
  return (
    <Stack gap="lg">
      {LISTS.map(({ member, title, about }) => {
        const rules: ImageSelectionRule[] = policy[member] ?? [];
        const change = (next: ImageSelectionRule[]) => onChange({ ...policy, [member]: next });
        return (
          <section key={member}>
            <Title order={3}>{title}</Title>
            <Text size="sm" c="dimmed" mb="xs">
              {about}
            </Text>
            <Stack gap="sm">
              {rules.map((rule) => (
                <Paper key={rule.id} p="md">
                  <Group gap="xs" align="flex-end" mb="xs">
                    <TextInput
                      label="Name"
                      value={rule.name}
                      onChange={(event) => change(withPart(rules, { ...rule, name: event.currentTarget.value }))}
                      style={{ flex: '1 1 12rem' }}
                    />
                    <Button
                      variant="default"
                      aria-label={`Delete ${rule.name}`}
                      onClick={() => change(withoutPart(rules, rule.id))}
                    >
                      Delete
                    </Button>
                  </Group>
                  <ImageReferenceFields
                    value={rule}
                    onChange={(selection) => change(withPart(rules, { ...rule, ...selection }))}
                  />
                </Paper>
              ))}
              <div>
                <Button
                  variant="default"
                  leftSection={<IconPlus size={16} aria-hidden />}
                  aria-label={`Add images to ${title}`}
                  onClick={() =>
                    change([
                      ...rules,
                      {
                        id: freshId(),
                        name: 'Images',
                        registry: '*',
                        repository: 'team/app',
                        image: { type: 'tag', value: '*' },
                      },
                    ])
                  }
                >
                  Add images
                </Button>
              </div>
            </Stack>
          </section>
        );
      })}
    </Stack>
  );
}
