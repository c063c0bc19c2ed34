import { Anchor } from '@mantine/core';
import { Nothing } from './nothing.tsx';

/** Shown for an address that no page has. */
export function UnknownPage() {
  return (
    <Nothing title="There is no such page">
      <Anchor href="/">Go to the images</Anchor>
    </Nothing>
  );
}
