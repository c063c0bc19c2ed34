import { Group, SegmentedControl, TextInput } from '@mantine/core';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { changedSearch, type SearchChange } from '../../routes/changed-search.ts';
import { useImageDigest } from '../use-image.ts';
import { Changes } from './changes.tsx';
import { daysAgo, type HistorySearch } from './history-search.ts';
import { Past } from './past.tsx';

const route = getRouteApi('/app/images/$digest/history');

/** What changed about the findings of the image, and what was known of it once. */
export function HistoryTab() {
  const digest = useImageDigest();
  const search = route.useSearch();
  const navigate = useNavigate();
  const { view, from = daysAgo(30), to } = search;
  const change = (part: SearchChange<HistorySearch>) =>
    void navigate({
      to: '/images/$digest/history',
      params: { digest },
      search: changedSearch(search, part),
      replace: true,
    });
  return (
    <>
      <Group gap="sm" mb="md" align="flex-end">
        <SegmentedControl
          aria-label="What to show"
          value={view ?? 'changes'}
          onChange={(value) => change({ view: value === 'past' ? 'past' : undefined })}
          data={[
            { value: 'changes', label: 'What changed' },
            { value: 'past', label: 'As it was' },
          ]}
        />
        <TextInput
          type="date"
          label={view === 'past' ? 'At the end of' : 'Since the end of'}
          value={from}
          max={daysAgo(0)}
          onChange={(event) => change({ from: event.currentTarget.value || undefined })}
        />
        {view === 'past' ? null : (
          <TextInput
            type="date"
            label="Until the end of"
            value={to ?? ''}
            max={daysAgo(0)}
            onChange={(event) => change({ to: event.currentTarget.value || undefined })}
          />
        )}
      </Group>
      {view === 'past' ? <Past digest={digest} at={from} /> : <Changes digest={digest} from={from} to={to} />}
    </>
  );
}
