import { Button, Modal, Stack } from '@mantine/core';
import { useState } from 'react';
import { windlassAuditOperations } from '#contract/windlass-audit.ts';
import { useOperation } from '../api/operation-query.ts';
import { formatCount } from '../format/number.ts';
import { formatTime } from '../format/time.ts';
import { Answer } from '../states/answer.tsx';
import { Copyable } from '../states/copyable.tsx';
import { Fact, Facts } from '../states/facts.tsx';
import { Notice } from '../states/notice.tsx';

/** Checks on demand that no entry was changed or removed. */
export function Verification() {
  const [open, setOpen] = useState(false);
  const check = useOperation(windlassAuditOperations.verify_audit_log, {}, { enabled: open, staleMs: 0 });
  return (
    <>
      <Button variant="default" onClick={() => setOpen(true)}>
        Check the seals
      </Button>
      <Modal
        opened={open}
        onClose={() => setOpen(false)}
        title="Seals of the audit log"
        size="lg"
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        <Answer of={check} what="Checking every seal">
          {(found) => (
            <Stack gap="md">
              {found.intact ? (
                <Notice kind="good" title="Nothing was changed or removed" role="status" />
              ) : (
                <Notice kind="failure" title="The log was changed" role="alert">
                  {found.broken_at ? `Entry ${found.broken_at.id}: ${found.broken_at.reason}` : null}
                </Notice>
              )}
              <Facts>
                <Fact name="Entries">{formatCount(found.entries)}</Fact>
                <Fact name="Not sealed yet">{found.unsealed ? formatCount(found.unsealed) : null}</Fact>
                <Fact name="First">{found.first_at ? formatTime(found.first_at) : null}</Fact>
                <Fact name="Last">{found.last_at ? formatTime(found.last_at) : null}</Fact>
              </Facts>
              {found.last_seal ? <Copyable value={found.last_seal} label="last seal" /> : null}
            </Stack>
          )}
        </Answer>
      </Modal>
    </>
  );
}
