import { JsonInput, List, Text } from '@mantine/core';
import { useState } from 'react';
import type { z } from 'zod';
import { type OsvDocument, windlassAdvisoriesOperations } from '#contract/windlass-advisories.ts';
import { useAction } from '../api/operation-action.ts';
import { FormDialog } from '../forms/form-dialog.tsx';
import { announce } from '../states/announce.ts';
import { Notice } from '../states/notice.tsx';

type Osv = z.input<typeof OsvDocument>;

const SAMPLE = {
  id: 'ACME-2026-0001',
  summary: 'What the flaw is, in a sentence',
  severity: [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H' }],
  affected: [
    {
      package: { ecosystem: 'npm', name: '@acme/shop' },
      ranges: [{ type: 'SEMVER', events: [{ introduced: '0' }, { fixed: '2.4.1' }] }],
    },
  ],
};

/** An advisory as an OSV document, for reading, changing or adding. */
export function AdvisoryDialog(props: { document?: Osv; problems?: readonly string[]; onClose: () => void }) {
  const { document, problems = [], onClose } = props;
  const [text, setText] = useState(() => JSON.stringify(document ?? SAMPLE, null, 2));
  const [unreadable, setUnreadable] = useState<unknown>();
  const options = {
    refreshes: [windlassAdvisoriesOperations.list_private_advisories],
    onDone: () => {
      announce('Saved. Images are matched against it.');
      onClose();
    },
  };
  const add = useAction(windlassAdvisoriesOperations.create_private_advisory, options);
  const update = useAction(windlassAdvisoriesOperations.put_private_advisory, options);

  function submit(): void {
    setUnreadable(undefined);
    let body: Osv;
    try {
      body = JSON.parse(text) as Osv;
    } catch (error) {
      setUnreadable(new Error(`This is not JSON: ${error instanceof Error ? error.message : String(error)}`));
      return;
    }
    if (document) update.mutate({ params: { id: String(document.id) }, body });
    else add.mutate({ body });
  }

  return (
    <FormDialog
      opened
      onClose={onClose}
      title={document ? `Advisory ${String(document.id)}` : 'Add advisory'}
      submit={document ? 'Save' : 'Add advisory'}
      size="xl"
      busy={add.isPending || update.isPending}
      error={unreadable ?? add.error ?? update.error}
      onSubmit={submit}
    >
      {problems.length > 0 ? (
        <Notice kind="warning" title="A part of it cannot be used">
          <List size="sm">
            {problems.map((problem) => (
              <List.Item key={problem}>{problem}</List.Item>
            ))}
          </List>
        </Notice>
      ) : null}
      <Text size="sm" c="dimmed">
        Names of ecosystems are those of OSV: npm, PyPI, Go, Maven, Debian:12 and so on.
      </Text>
      <JsonInput
        label="OSV document"
        value={text}
        onChange={setText}
        autosize
        minRows={14}
        maxRows={26}
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: '0.8rem' } }}
      />
    </FormDialog>
  );
}
