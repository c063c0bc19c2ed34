import { Button, Group, Menu, Modal, Progress, Stack, Text } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import type { PreparedReport } from '#contract/prepared-reports.ts';
import { saveFile } from '../api/download.ts';
import type { ReportQuestion } from '../api/run-report.ts';
import { formatCount } from '../format/number.ts';
import { plural } from '../format/words.ts';
import { announce } from '../states/announce.ts';
import { Failure } from '../states/failure.tsx';
import { type DownloadFormat, readAll } from './read-all.ts';

/** Hands out all rows of a report as a file; it says how far it is, and can be stopped. */
export function DownloadMenu(props: {
  report: PreparedReport;
  columns: PreparedReport['columns'];
  question: ReportQuestion;
  total: number | undefined;
}) {
  const { report, columns, question, total } = props;
  const [read, setRead] = useState<number>();
  const [error, setError] = useState<unknown>();
  const running = useRef<AbortController>(null);
  useEffect(() => () => running.current?.abort(), []);

  async function download(format: DownloadFormat): Promise<void> {
    const controller = new AbortController();
    running.current = controller;
    setError(undefined);
    setRead(0);
    try {
      const options = { report, columns, format, signal: controller.signal, onCount: setRead };
      const { content, count } = await readAll(question, options);
      saveFile(`windlass-${report.name}.${format}`, content);
      announce(`${plural(count, ...report.unit)} written to a file`);
      setRead(undefined);
    } catch (thrown) {
      if (controller.signal.aborted) setRead(undefined);
      else setError(thrown);
    }
  }

  const close = () => {
    running.current?.abort();
    setRead(undefined);
    setError(undefined);
  };
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button variant="default" leftSection={<IconDownload size={16} aria-hidden />}>
            Download
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => void download('csv')}>All rows as CSV</Menu.Item>
          <Menu.Item onClick={() => void download('json')}>All rows as JSON</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Modal
        opened={read !== undefined}
        onClose={close}
        title="Reading the report"
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        <Stack gap="sm">
          {error ? (
            <Failure error={error} />
          ) : (
            <>
              <Progress
                value={total ? Math.min(100, (100 * (read ?? 0)) / total) : 100}
                animated
                aria-label="Rows that were read"
              />
              <Text size="sm" role="status">
                {formatCount(read ?? 0)} {total === undefined ? '' : `of ${formatCount(total)} `}
                {report.unit[1]}
              </Text>
            </>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              {error ? 'Close' : 'Stop'}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}
