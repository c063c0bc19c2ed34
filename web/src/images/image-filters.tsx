import { Select, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { sentenceCase } from '../format/words.ts';
import { type ImagesSearch, LEAST_SEVERITIES, STATUSES } from './images-search.ts';

/** Search and filters of the list of images. The server applies them. */
export function ImageFilters(props: { search: ImagesSearch; onChange: (part: ImagesSearch) => void }) {
  const { search, onChange } = props;
  const [text, setText] = useState(search.search ?? '');
  useEffect(() => setText(search.search ?? ''), [search.search]);
  const apply = useDebouncedCallback((value: string) => onChange({ search: value.trim() } as ImagesSearch), 250);
  return (
    <>
      <TextInput
        type="search"
        aria-label="Search images"
        placeholder="Search tag, repository or digest"
        leftSection={<IconSearch size={16} aria-hidden />}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          apply(event.currentTarget.value);
        }}
        style={{ flex: '1 1 15rem', maxWidth: '24rem' }}
      />
      <Select
        aria-label="Verdict"
        placeholder="Any verdict"
        clearable
        w={150}
        data={[
          { value: 'pass', label: 'Passes' },
          { value: 'fail', label: 'Fails' },
        ]}
        value={search.verdict ?? null}
        onChange={(value) => onChange({ verdict: value ?? undefined } as ImagesSearch)}
      />
      <Select
        aria-label="Least severity"
        placeholder="Any severity"
        clearable
        w={170}
        data={LEAST_SEVERITIES.map((value) => ({
          value,
          label: value === 'critical' ? 'Critical' : `${sentenceCase(value)} or worse`,
        }))}
        value={search.severity ?? null}
        onChange={(value) => onChange({ severity: value ?? undefined } as ImagesSearch)}
      />
      <Select
        aria-label="State"
        placeholder="Any state"
        clearable
        w={150}
        data={STATUSES.map((value) => ({ value, label: sentenceCase(value) }))}
        value={search.status ?? null}
        onChange={(value) => onChange({ status: value ?? undefined } as ImagesSearch)}
      />
    </>
  );
}
