import { Button, Center, Paper, PasswordInput, Stack, Text, TextInput, Title } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useRouter } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import type { ApiError } from '#client/index.ts';
import { type SessionRequest, sessionOperations } from '#contract/session.ts';
import { useAccountScope } from '../api/account-scope.ts';
import { client } from '../api/client.ts';
import { errorText } from '../api/error-text.ts';
import { operationKey } from '../api/operation-query.ts';
import { Notice } from '../states/notice.tsx';
import { ColorSchemeButton } from '../theme/color-scheme-button.tsx';
import { ProviderButtons, ProviderProblem } from './provider-sign-in.tsx';
import classes from './sign-in.module.css';

const route = getRouteApi('/sign-in');

/** Asks for name and password and starts a session. */
export function SignInPage() {
  useDocumentTitle('Sign in · Windlass');
  const { next, problem } = route.useSearch();
  const { setAccount } = useAccountScope();
  const router = useRouter();
  const queries = useQueryClient();
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState('');
  const signIn = useMutation<unknown, ApiError, SessionRequest>({
    mutationFn: (body) => client.call(sessionOperations.create_session, { body }),
    onSuccess: async (session) => {
      setAccount(undefined);
      queries.clear();
      queries.setQueryData(operationKey(sessionOperations.get_session, '', {}), session);
      await router.navigate({ href: next ?? '/images', replace: true });
    },
  });

  function submit(event: FormEvent): void {
    event.preventDefault();
    signIn.mutate({ username, password });
  }

  return (
    <Center component="main" className={classes.page}>
      <div className={classes.scheme}>
        <ColorSchemeButton />
      </div>
      <Paper className={classes.card} p="xl" shadow="md" radius="lg">
        <form onSubmit={submit}>
          <Stack gap="md">
            <Stack gap={6} align="center" mb="xs">
              <img src="/mark.svg" alt="" width={48} height={48} />
              <Title order={1}>Windlass</Title>
              <Text size="sm" c="dimmed">
                Know what your images carry
              </Text>
            </Stack>
            {signIn.error ? <SignInFailure error={signIn.error} /> : <ProviderProblem problem={problem} />}
            <TextInput
              label="User name"
              name="username"
              autoComplete="username"
              autoFocus
              required
              withAsterisk={false}
              value={username}
              onChange={(event) => setUsername(event.currentTarget.value)}
            />
            <PasswordInput
              label="Password"
              name="password"
              autoComplete="current-password"
              required
              withAsterisk={false}
              value={password}
              onChange={(event) => setPassword(event.currentTarget.value)}
            />
            <Button type="submit" loading={signIn.isPending} fullWidth mt="xs">
              Sign in
            </Button>
            <ProviderButtons next={next} />
          </Stack>
        </form>
      </Paper>
    </Center>
  );
}

function SignInFailure({ error }: { error: ApiError }) {
  const { title, message } = errorText(error);
  const wrong = error.status === 401;
  return (
    <Notice kind="failure" role="alert" title={wrong ? 'Wrong user name or password' : title}>
      {wrong ? 'Please try again.' : message}
    </Notice>
  );
}
