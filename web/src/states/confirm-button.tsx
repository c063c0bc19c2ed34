import { Button, type ButtonProps, Group, Modal, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { Failure } from './failure.tsx';

/** The parts of a mutation that a confirmation shows. */
interface Asked {
  isPending: boolean;
  error: unknown;
  reset: () => void;
}

/** A button that asks before it does something that cannot be undone. `onConfirm` closes the question with `close`. */
export function ConfirmButton(
  props: Omit<ButtonProps, 'children'> & {
    label: string;
    /** Says what the button is about to screen readers, where its label alone is ambiguous. */
    name?: string;
    title: string;
    confirm: string;
    danger?: boolean;
    children?: ReactNode;
    action: Asked;
    disabledConfirm?: boolean;
    onConfirm: (close: () => void) => void;
  },
) {
  const { label, name, title, confirm, danger = true, children, action, onConfirm, disabledConfirm, ...button } = props;
  const [asking, ask] = useDisclosure(false);
  return (
    <>
      <Button
        variant="default"
        {...button}
        {...(name ? { 'aria-label': name } : {})}
        onClick={() => {
          action.reset();
          ask.open();
        }}
      >
        {label}
      </Button>
      <Modal opened={asking} onClose={ask.close} title={title} closeButtonProps={{ 'aria-label': 'Close' }}>
        <Text size="sm" component="div">
          {children}
        </Text>
        {action.error ? <Failure error={action.error} /> : null}
        <Group justify="flex-end" gap="xs" mt="lg">
          <Button variant="default" onClick={ask.close}>
            Cancel
          </Button>
          <Button
            {...(danger ? { color: 'red.9' } : {})}
            loading={action.isPending}
            disabled={disabledConfirm === true}
            onClick={() => onConfirm(ask.close)}
          >
            {confirm}
          </Button>
        </Group>
      </Modal>
    </>
  );
}
