import { Button, MultiSelect } from '@mantine/core';
import { useDebouncedValue, useDisclosure } from '@mantine/hooks';
import { useState } from 'react';
import { archivesOperations } from '#contract/archives.ts';
import type { Operation } from '#contract/operation.ts';
import { windlassOperations } from '#contract/windlass.ts';
import { useAction } from '../api/operation-action.ts';
import { useOperation } from '../api/operation-query.ts';
import { plural, shortDigest } from '../format/words.ts';
import { FormDialog } from '../forms/form-dialog.tsx';
import { announce } from '../states/announce.ts';

/** Button and form that put analyses of chosen images away. */
export function ArchiveDialog({ refreshes }: { refreshes: readonly Operation[] }) {
  const [opened, dialog] = useDisclosure(false);
  return (
    <>
      <Button onClick={dialog.open}>Archive images</Button>
      {opened ? <Form refreshes={refreshes} onClose={dialog.close} /> : null}
    </>
  );
}

function Form({ refreshes, onClose }: { refreshes: readonly Operation[]; onClose: () => void }) {
  const [chosen, setChosen] = useState<{ value: string; label: string }[]>([]);
  const [text, setText] = useState('');
  const [search] = useDebouncedValue(text, 250);
  const images = useOperation(
    windlassOperations.list_image_overview,
    { query: { limit: 50, analysis_status: ['analyzed'], ...(search ? { search } : {}) } },
    { keepPrevious: true },
  );
  const add = useAction(archivesOperations.archive_image_analysis, {
    refreshes,
    onDone: (results) => {
      const failed = results.filter(({ status }) => status === 'error');
      const done = results.length - failed.length;
      announce(
        failed.length > 0
          ? `${done} archived, ${failed.length} failed: ${failed[0]?.detail ?? 'no reason was given'}`
          : `${plural(done, 'image')} archived`,
      );
      onClose();
    },
  });
  const found = (images.data?.items ?? []).map((image) => ({
    value: image.image_digest,
    label: image.full_tags[0] ?? shortDigest(image.image_digest),
  }));
  const data = [...chosen, ...found.filter(({ value }) => !chosen.some((one) => one.value === value))];
  return (
    <FormDialog
      opened
      onClose={onClose}
      title="Archive images"
      submit="Archive"
      busy={add.isPending}
      error={add.error ?? images.error}
      disabled={chosen.length === 0}
      onSubmit={() => add.mutate({ body: chosen.map(({ value }) => value) })}
    >
      <MultiSelect
        label="Images"
        description="A copy of the analysis is kept in the archive; the image stays listed until it is deleted."
        placeholder="Search tag or digest"
        data={data}
        value={chosen.map(({ value }) => value)}
        onChange={(values) => setChosen(data.filter(({ value }) => values.includes(value)))}
        searchValue={text}
        onSearchChange={setText}
        searchable
        filter={({ options }) => options}
      />
    </FormDialog>
  );
}
