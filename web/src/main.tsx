import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import './theme/page.css';
import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createQueries } from './api/query-client.ts';
import { createAppRouter } from './routes/router.ts';
import { AccountScopeProvider } from './session/account-scope-provider.tsx';
import { cssVariables, theme } from './theme/theme.ts';

const queries = createQueries(() => {
  // not while the sign-in page itself asks who is signed in
  if (router.state.location.pathname === '/sign-in') return;
  queries.clear();
  void router.navigate({ to: '/sign-in', search: { next: router.state.location.href } });
});
const router = createAppRouter(queries);

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto">
      <Notifications position="bottom-right" />
      <QueryClientProvider client={queries}>
        <AccountScopeProvider>
          <RouterProvider router={router} />
        </AccountScopeProvider>
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
