import { Button, Menu } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useState } from 'react';
import { type ReportResult, windlassReportSchedulesOperations } from '#contract/windlass-report-schedules.ts';
import { useAccountScope } from '../api/account-scope.ts';
import { client } from '../api/client.ts';
import { saveFile } from '../api/download.ts';
import { announceError } from '../states/announce.ts';

const FORMATS = [
  { format: 'csv', name: 'CSV' },
  { format: 'json', name: 'JSON with what it was made of' },
  { format: 'ndjson', name: 'JSON, one row a line' },
] as const;

/** Downloads of all rows of a run, in the forms of the server. */
export function ResultDownloads({ result, name, size }: { result: ReportResult; name: string; size?: string }) {
  const { account } = useAccountScope();
  const [busy, setBusy] = useState(false);
  async function save(format: (typeof FORMATS)[number]['format']): Promise<void> {
    setBusy(true);
    try {
      const response = await client.call(
        windlassReportSchedulesOperations.download_report_result,
        { params: { result_uuid: result.uuid }, query: { format } },
        account === undefined ? {} : { account },
      );
      saveFile(`${name.replaceAll(/[^\w.-]+/g, '-').slice(0, 80)}.${format}`, await response.blob());
    } catch (error) {
      announceError(error);
    } finally {
      setBusy(false);
    }
  }
  if (result.manifest === null) return null;
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button
          variant="default"
          size={size ?? 'sm'}
          loading={busy}
          leftSection={<IconDownload size={16} aria-hidden />}
          aria-label={`Download the result of ${result.created_at}`}
        >
          Download
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {FORMATS.map(({ format, name: title }) => (
          <Menu.Item key={format} onClick={() => void save(format)}>
            {title}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
