import { Container } from '@mantine/core';
import { useRouter } from '@tanstack/react-router';
import { Failure } from './failure.tsx';

/** Shown in place of a page that failed. */
export function RouteFailure({ error, reset }: { error: unknown; reset: () => void }) {
  const router = useRouter();
  return (
    <Container size="sm" py="xl">
      <Failure
        error={error}
        retry={() => {
          reset();
          void router.invalidate();
        }}
      />
    </Container>
  );
}
