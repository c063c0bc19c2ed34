import { Button, Group, Paper, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconCalendarPlus, IconChevronLeft, IconCode, IconRefresh } from '@tabler/icons-react';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { type FormEvent, useEffect, useMemo, useState } from 'react';
import { documentOf, type PreparedReport } from '#contract/prepared-reports.ts';
import { useAccountScope } from '../api/account-scope.ts';
import { formatCount } from '../format/number.ts';
import { formatTime } from '../format/time.ts';
import { ScheduleDialog } from '../schedules/schedule-dialog.tsx';
import { useSession } from '../session/session.ts';
import { PageTitle } from '../shell/page-title.tsx';
import { UnknownPage } from '../states/unknown-page.tsx';
import { ColumnChoice } from './column-choice.tsx';
import { DownloadMenu } from './download-menu.tsx';
import { FilterFields } from './filter-fields.tsx';
import { graphiqlLink } from './graphiql-link.ts';
import { type FilterValues, findReport, type ReportSearch, reportVariables, shownColumns } from './report-search.ts';
import { ReportTable } from './report-table.tsx';
import classes from './reports.module.css';
import { useReport } from './use-report.ts';

const route = getRouteApi('/app/reports/$report');

/** One prepared report: its filters, its rows, and what can be done with them. */
export function ReportPage() {
  const { report: name } = route.useParams();
  const { scope } = route.useSearch();
  const { is_admin } = useSession();
  const global = is_admin && scope === 'global';
  const report = useMemo(() => findReport(name, global), [name, global]);
  return report ? <Report key={`${name} ${global}`} report={report} global={global} /> : <UnknownPage />;
}

function Report({ report, global }: { report: PreparedReport; global: boolean }) {
  const search = route.useSearch();
  const navigate = useNavigate();
  const { account } = useAccountScope();
  const [scheduling, schedule] = useDisclosure(false);
  const columns = useMemo(() => shownColumns(report, search), [report, search]);
  const question = useMemo(
    () => ({ document: documentOf(report, columns), variables: reportVariables(report, search), global, account }),
    [report, columns, search, global, account],
  );
  const answer = useReport(question, columns);
  const filtered = Object.keys(question.variables).length > 0;
  const go = (next: ReportSearch) =>
    void navigate({ to: '/reports/$report', params: { report: report.name }, search: next });
  return (
    <>
      <Link to="/reports" search={global ? { scope: 'global' } : {}} className={classes.back}>
        <IconChevronLeft size={16} aria-hidden />
        Reports
      </Link>
      <PageTitle title={report.title} about={global ? `${report.description}, over all accounts` : report.description}>
        <Button
          variant="default"
          leftSection={<IconCalendarPlus size={16} aria-hidden />}
          onClick={schedule.open}
          aria-haspopup="dialog"
        >
          Schedule this
        </Button>
        <Button
          component="a"
          href={graphiqlLink(question)}
          target="_blank"
          rel="noreferrer"
          variant="default"
          leftSection={<IconCode size={16} aria-hidden />}
        >
          Open in GraphiQL
        </Button>
      </PageTitle>
      <FilterPanel
        report={report}
        values={question.variables as FilterValues}
        onApply={(values) => go({ ...kept(search), ...values })}
      />
      <Group gap="xs" my="sm">
        <Text size="sm" c="dimmed" role="status" style={{ flex: '1 1 12rem' }}>
          <Summary report={report} answer={answer} />
        </Text>
        <Button
          variant="default"
          leftSection={<IconRefresh size={16} aria-hidden />}
          loading={answer.pages.isRefetching && !answer.pages.isFetchingNextPage}
          onClick={answer.again}
        >
          Run again
        </Button>
        <ColumnChoice
          report={report}
          shown={columns}
          onChange={(paths) => {
            const { columns: _, ...rest } = search;
            go(paths ? { ...rest, columns: paths } : rest);
          }}
        />
        <DownloadMenu report={report} columns={columns} question={question} total={answer.total} />
      </Group>
      <ReportTable report={report} columns={columns} answer={answer} filtered={filtered} linked={!global} />
      {scheduling ? (
        <ScheduleDialog
          start={{ report, columns, values: question.variables as FilterValues, global }}
          onClose={schedule.close}
        />
      ) : null}
    </>
  );
}

/** What of the address is no filter. */
function kept({ columns, scope }: ReportSearch): ReportSearch {
  return { ...(columns ? { columns } : {}), ...(scope ? { scope } : {}) };
}

/** The filters as they are being changed; the address has those that are applied. */
function FilterPanel(props: { report: PreparedReport; values: FilterValues; onApply: (values: FilterValues) => void }) {
  const { report, values, onApply } = props;
  const [draft, setDraft] = useState(values);
  const applied = JSON.stringify(values);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the text stands for the values
  useEffect(() => setDraft(values), [applied]);
  function submit(event: FormEvent): void {
    event.preventDefault();
    onApply(reportVariables(report, draft) as FilterValues);
  }
  return (
    <Paper p="md">
      <form onSubmit={submit} aria-label="Filters">
        <FilterFields report={report} values={draft} onChange={setDraft} />
        <Group gap="xs" mt="sm">
          <Button type="submit">Run</Button>
          <Button
            variant="default"
            disabled={Object.keys(draft).length === 0 && Object.keys(values).length === 0}
            onClick={() => {
              setDraft({});
              onApply({});
            }}
          >
            Clear filters
          </Button>
        </Group>
      </form>
    </Paper>
  );
}

/** How many rows there are, and of when. */
function Summary({ report, answer }: { report: PreparedReport; answer: ReturnType<typeof useReport> }) {
  const { pages, total, lines, read, asOf } = answer;
  if (!pages.data) return null;
  const count = total === undefined ? `More than ${formatCount(read)}` : formatCount(total);
  const [one, many] = report.unit;
  const also = lines && lines.length !== read ? `, ${formatCount(lines.length)} lines shown` : '';
  return (
    <>
      <b>{count}</b> {total === 1 ? one : many}
      {also}
      {asOf ? (
        <>
          {' · as of '}
          <time dateTime={asOf}>{formatTime(asOf)}</time>
        </>
      ) : null}
    </>
  );
}
