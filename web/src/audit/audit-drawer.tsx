import { Stack } from '@mantine/core';
import type { AuditEntry } from '#contract/windlass-audit.ts';
import { formatTime } from '../format/time.ts';
import { sentenceCase } from '../format/words.ts';
import { DetailDrawer } from '../states/detail-drawer.tsx';
import { Fact, Facts } from '../states/facts.tsx';
import { JsonView } from '../states/json-view.tsx';

/** All that an entry of the audit log tells. */
export function AuditDrawer({ entry, onClose }: { entry: AuditEntry | undefined; onClose: () => void }) {
  return (
    <DetailDrawer opened={entry !== undefined} onClose={onClose} title={sentenceCase(entry?.operation ?? '')}>
      {entry ? (
        <Stack gap="lg">
          <Facts>
            <Fact name="When">{formatTime(entry.at)}</Fact>
            <Fact name="Status">{entry.status}</Fact>
            <Fact name="Why refused">{entry.reason}</Fact>
            <Fact name="User">{entry.username ?? 'nobody known'}</Fact>
            <Fact name="Account of the user">{entry.user_account_name}</Fact>
            <Fact name="Account that was changed">{entry.account_name}</Fact>
            <Fact name="Credential">{entry.credential ? sentenceCase(entry.credential) : null}</Fact>
            <Fact name="From">{entry.address}</Fact>
            <Fact name="Request">
              <span className="mono">{entry.request_id}</span>
            </Fact>
            <Fact name="Sealed">{entry.sealed ? 'Yes' : 'Not yet'}</Fact>
          </Facts>
          {Object.keys(entry.params).length > 0 ? <JsonView value={entry.params} label="Parameters" /> : null}
        </Stack>
      ) : null}
    </DetailDrawer>
  );
}
