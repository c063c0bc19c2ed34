import { List, Select, SimpleGrid, Text, TextInput } from '@mantine/core';
import { useMemo } from 'react';
import { previewSchedule } from './cron-words.ts';

const USUAL = [
  { value: '0 * * * *', label: 'Every hour' },
  { value: '0 6 * * *', label: 'Every day' },
  { value: '0 6 * * 1-5', label: 'Monday to Friday' },
  { value: '0 6 * * 1', label: 'Every week' },
  { value: '0 6 1 * *', label: 'Every month' },
];
const OWN = 'own';
const ZONES = ['UTC', ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC')];

/** When a query runs: a usual schedule or five fields, a time zone, and what that means. */
export function CronField(props: {
  cron: string;
  zone: string;
  onCron: (cron: string) => void;
  onZone: (zone: string) => void;
}) {
  const { cron, zone, onCron, onZone } = props;
  const preview = useMemo(() => previewSchedule(cron, zone, new Date()), [cron, zone]);
  const usual = USUAL.find(({ value }) => value === cron.trim())?.value ?? OWN;
  const zones = ZONES.includes(zone) ? ZONES : [zone, ...ZONES];
  return (
    <div>
      <SimpleGrid cols={{ base: 1, sm: 3 }} spacing="sm" verticalSpacing="sm">
        <Select
          label="How often"
          description="A schedule to begin with."
          data={[...USUAL, { value: OWN, label: 'By the fields' }]}
          value={usual}
          allowDeselect={false}
          onChange={(value) => value && value !== OWN && onCron(value)}
        />
        <TextInput
          label="Schedule"
          description="Minute, hour, day, month, weekday."
          required
          classNames={{ input: 'mono' }}
          value={cron}
          onChange={(event) => onCron(event.currentTarget.value)}
          error={'problem' in preview ? preview.problem : undefined}
        />
        <Select
          label="Time zone"
          description="Of the schedule."
          data={zones}
          value={zone}
          allowDeselect={false}
          searchable
          limit={100}
          nothingFoundMessage="No such zone"
          onChange={(value) => value && onZone(value)}
        />
      </SimpleGrid>
      <div aria-live="polite">
        {'words' in preview ? (
          <>
            <Text size="sm" mt="xs" fw={600}>
              {preview.words}
            </Text>
            {preview.next.length === 0 ? (
              <Text size="sm" c="dimmed">
                It never comes.
              </Text>
            ) : (
              <List size="sm" c="dimmed" listStyleType="none">
                {preview.next.map((time, at) => (
                  <List.Item key={time.toISOString()}>
                    {at === 0 ? 'Next: ' : 'Then: '}
                    <time dateTime={time.toISOString()}>{inZone(time, zone)}</time>
                  </List.Item>
                ))}
              </List>
            )}
          </>
        ) : null}
      </div>
    </div>
  );
}

/** A moment by the clocks of a zone. */
function inZone(time: Date, timeZone: string): string {
  return new Intl.DateTimeFormat('en-GB', {
    timeZone,
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'short',
  }).format(time);
}
