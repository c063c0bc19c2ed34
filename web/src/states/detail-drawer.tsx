import { Drawer, Text } from '@mantine/core';
import type { ReactNode } from 'react';

/** All that is known of one thing, beside its list. */
export function DetailDrawer(props: {
  opened: boolean;
  onClose: () => void;
  title: ReactNode;
  size?: string;
  children: ReactNode;
}) {
  return (
    <Drawer
      opened={props.opened}
      onClose={props.onClose}
      position="right"
      size={props.size ?? 'lg'}
      title={
        <Text fw={650} size="lg" span style={{ overflowWrap: 'anywhere' }}>
          {props.title}
        </Text>
      }
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {props.children}
    </Drawer>
  );
}
