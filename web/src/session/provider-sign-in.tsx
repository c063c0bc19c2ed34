import { Button, Divider, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { windlassSsoOperations } from '#contract/windlass-sso.ts';
import { readOperation } from '../api/operation-query.ts';
import { Notice } from '../states/notice.tsx';

/** Buttons that lead to the identity providers; nothing where there is none. */
export function ProviderButtons({ next }: { next: string | undefined }) {
  const { data } = useQuery(readOperation(windlassSsoOperations.list_sign_in_options, {}, undefined));
  if (!data || data.providers.length === 0) return null;
  return (
    <Stack gap="sm">
      <Divider label="or" labelPosition="center" />
      {data.providers.map(({ name, login_url }) => (
        <Button key={name} component="a" href={withReturn(login_url, next)} variant="default" fullWidth>
          Sign in with {name}
        </Button>
      ))}
    </Stack>
  );
}

const PROBLEMS: Record<string, { title: string; message: string }> = {
  refused: {
    title: 'The sign-in was refused',
    message: 'Your identity provider knows you, but this server does not let you in. An administrator can see why.',
  },
  expired: {
    title: 'The sign-in took too long',
    message: 'It was begun too long ago or in another window. Try again.',
  },
  unavailable: {
    title: 'The sign-in could not be finished',
    message: 'The identity provider could not be used. Try again.',
  },
};

/** Says why a sign-in through a provider ended here again. */
export function ProviderProblem({ problem }: { problem: string | undefined }) {
  const known = problem === undefined ? undefined : PROBLEMS[problem];
  if (!known) return null;
  return (
    <Notice kind="failure" role="alert" title={known.title}>
      {known.message}
    </Notice>
  );
}

function withReturn(url: string, next: string | undefined): string {
  return next === undefined ? url : `${url}?${new URLSearchParams({ return_to: next })}`;
}
