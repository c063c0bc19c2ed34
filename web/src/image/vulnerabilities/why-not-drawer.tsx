import { Button, Drawer, Stack, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { Why } from './why.tsx';

interface Question {
  vulnerability: string;
  packageName: string;
}

/** Asks about a vulnerability or package that people expected in the list. */
export function WhyNotDrawer({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const [draft, setDraft] = useState<Question>({ vulnerability: '', packageName: '' });
  const [asked, setAsked] = useState<Question>();
  const empty = draft.vulnerability.trim() === '' && draft.packageName.trim() === '';
  function ask(event: FormEvent): void {
    event.preventDefault();
    if (!empty) setAsked({ vulnerability: draft.vulnerability.trim(), packageName: draft.packageName.trim() });
  }
  return (
    <Drawer
      opened={opened}
      onClose={onClose}
      position="right"
      size="lg"
      title="Why is it reported, or why not?"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <Stack gap="lg">
        <form onSubmit={ask}>
          <Stack gap="sm">
            <TextInput
              label="Vulnerability"
              description="Id or alias, in any database"
              placeholder="CVE-2024-3094"
              value={draft.vulnerability}
              onChange={(event) => setDraft({ ...draft, vulnerability: event.currentTarget.value })}
              data-autofocus
            />
            <TextInput
              label="Package"
              description="By its name or that of its source; optional with a vulnerability"
              placeholder="openssl"
              value={draft.packageName}
              onChange={(event) => setDraft({ ...draft, packageName: event.currentTarget.value })}
            />
            <Button type="submit" disabled={empty} style={{ alignSelf: 'flex-start' }}>
              Explain
            </Button>
          </Stack>
        </form>
        {asked ? (
          <Why
            {...(asked.vulnerability ? { vulnerability: asked.vulnerability } : {})}
            {...(asked.packageName ? { packageName: asked.packageName } : {})}
          />
        ) : null}
      </Stack>
    </Drawer>
  );
}
