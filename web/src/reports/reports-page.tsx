import { Button, Paper, SegmentedControl, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { IconCode } from '@tabler/icons-react';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { PREPARED_REPORTS } from '#contract/prepared-reports.ts';
import { useAccountScope } from '../api/account-scope.ts';
import { useSession } from '../session/session.ts';
import { PageTitle } from '../shell/page-title.tsx';
import { graphiqlLink } from './graphiql-link.ts';
import { ReportLinks } from './report-links.tsx';
import classes from './reports.module.css';

const route = getRouteApi('/app/reports');
const GROUPS = [...new Set(PREPARED_REPORTS.map(({ group }) => group))];

/** The prepared reports, to choose one. */
export function ReportsPage() {
  const { scope } = route.useSearch();
  const { is_admin } = useSession();
  const { account } = useAccountScope();
  const global = is_admin && scope === 'global';
  return (
    <>
      <PageTitle title="Reports" about="Questions over all images, answered from the state of this moment.">
        <Button
          component="a"
          href={graphiqlLink({ global, account })}
          target="_blank"
          rel="noreferrer"
          variant="default"
          leftSection={<IconCode size={16} aria-hidden />}
        >
          Write a query
        </Button>
      </PageTitle>
      <ReportLinks />
      <ScopeSwitch global={global} />
      <Stack gap="lg">
        {GROUPS.map((group) => (
          <section key={group} aria-label={group}>
            <Title order={2} size="h4" mb="xs">
              {group}
            </Title>
            <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }} spacing="sm">
              {PREPARED_REPORTS.filter((report) => report.group === group).map(({ name, title, description }) => (
                <Paper key={name} className={classes.card} p="md">
                  <Link
                    to="/reports/$report"
                    params={{ report: name }}
                    search={global ? { scope: 'global' } : {}}
                    className={classes.cardLink}
                  >
                    {title}
                  </Link>
                  <Text size="sm" c="dimmed" mt={4}>
                    {description}
                  </Text>
                </Paper>
              ))}
            </SimpleGrid>
          </section>
        ))}
      </Stack>
    </>
  );
}

/** For administrators: reports over the account of the page, or over all. */
function ScopeSwitch({ global }: { global: boolean }) {
  const { is_admin, scope_account } = useSession();
  const navigate = useNavigate();
  if (!is_admin) return null;
  return (
    <SegmentedControl
      aria-label="Accounts"
      mb="md"
      value={global ? 'global' : 'account'}
      onChange={(value) =>
        void navigate({ to: '/reports', search: value === 'global' ? { scope: 'global' } : {}, replace: true })
      }
      data={[
        { value: 'account', label: `Account ${scope_account}` },
        { value: 'global', label: 'All accounts' },
      ]}
    />
  );
}
