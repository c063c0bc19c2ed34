import { Button, Group, Modal, Stack } from '@mantine/core';
import type { FormEvent, ReactNode } from 'react';
import { Failure } from '../states/failure.tsx';

/** A form in a dialog: its fields, what went wrong, and the two buttons below. */
export function FormDialog(props: {
  opened: boolean;
  onClose: () => void;
  title: string;
  submit: string;
  busy: boolean;
  error: unknown;
  disabled?: boolean;
  size?: string;
  /** Buttons before Cancel, such as a test. */
  extra?: ReactNode;
  onSubmit: () => void;
  children: ReactNode;
}) {
  function submit(event: FormEvent): void {
    event.preventDefault();
    props.onSubmit();
  }
  return (
    <Modal
      opened={props.opened}
      onClose={props.onClose}
      title={props.title}
      size={props.size ?? 'lg'}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <form onSubmit={submit}>
        <Stack gap="sm">
          {props.children}
          {props.error ? <Failure error={props.error} /> : null}
          <Group justify="flex-end" gap="xs" mt="xs">
            {props.extra ? <div style={{ marginRight: 'auto' }}>{props.extra}</div> : null}
            <Button variant="default" onClick={props.onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={props.busy} disabled={props.disabled === true}>
              {props.submit}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
