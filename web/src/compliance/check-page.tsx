import { Anchor, Button, Menu, Stack } from '@mantine/core';
import { IconArrowLeft, IconDownload } from '@tabler/icons-react';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { type RuntimeComplianceCheck, windlassComplianceOperations } from '#contract/windlass-compliance.ts';
import { useAccountScope } from '../api/account-scope.ts';
import { client } from '../api/client.ts';
import { saveFile } from '../api/download.ts';
import { useAction } from '../api/operation-action.ts';
import { useOperation } from '../api/operation-query.ts';
import { shortDigest } from '../format/words.ts';
import { useMay } from '../session/session.ts';
import { PageTitle } from '../shell/page-title.tsx';
import { announce, announceError } from '../states/announce.ts';
import { Answer } from '../states/answer.tsx';
import { ConfirmButton } from '../states/confirm-button.tsx';
import { Notice } from '../states/notice.tsx';
import { CheckFacts } from './check-facts.tsx';
import { Comparison } from './comparison.tsx';
import { RulesTable } from './rules-table.tsx';

const route = getRouteApi('/app/compliance/$check');

/** One run: what it says, its rules, and how it differs from another. */
export function CheckPage() {
  const { check: uuid } = route.useParams();
  const answer = useOperation(
    windlassComplianceOperations.get_runtime_compliance_check,
    { params: { check_uuid: uuid } },
    { every: (data) => (data?.state === 'pending' ? 1_500 : false) },
  );
  return (
    <Answer of={answer} what="Loading the compliance check">
      {(check) => <Check check={check} />}
    </Answer>
  );
}

function Check({ check }: { check: RuntimeComplianceCheck }) {
  const { before } = route.useSearch();
  const profile = check.summary?.profile.title ?? check.summary?.profile.id;
  return (
    <>
      <Anchor size="sm" renderRoot={(props) => <Link to="/compliance" {...props} />}>
        <IconArrowLeft size={14} aria-hidden /> Compliance
      </Anchor>
      <PageTitle title={check.image_tag ?? shortDigest(check.image_digest)} about={profile}>
        <Downloads check={check} />
        <DeleteCheck check={check} />
      </PageTitle>
      <Stack gap="md">
        {check.state === 'failed' ? (
          <Notice kind="failure" title="The result file cannot be read">
            {check.error}
          </Notice>
        ) : null}
        {check.summary?.mismatch ? (
          <Notice kind="warning" title="The uploader says otherwise">
            The uploader calls this run “{check.result}”; its rules say “{check.summary.verdict}”.
          </Notice>
        ) : null}
        <CheckFacts check={check} />
        {check.state === 'parsed' ? <Comparison check={check} before={before} /> : null}
        {check.state === 'parsed' && before === undefined ? <RulesTable check={check} /> : null}
      </Stack>
    </>
  );
}

function DeleteCheck({ check }: { check: RuntimeComplianceCheck }) {
  const navigate = useNavigate();
  const may = useMay('deleteRuntimeComplianceCheck');
  const remove = useAction(windlassComplianceOperations.delete_runtime_compliance_check, {
    refreshes: [windlassComplianceOperations.list_runtime_compliance_checks],
    onDone: () => {
      announce('The check was deleted');
      void navigate({ to: '/compliance' });
    },
  });
  if (!may) return null;
  return (
    <ConfirmButton
      label="Delete"
      title="Delete this check?"
      confirm="Delete"
      action={remove}
      onConfirm={() => remove.mutate({ params: { check_uuid: check.uuid } })}
    >
      Its files are deleted with it. Policies that ask for evidence may judge the image anew.
    </ConfirmButton>
  );
}

function Downloads({ check }: { check: RuntimeComplianceCheck }) {
  const { account } = useAccountScope();
  const options = account === undefined ? {} : { account };
  async function save(name: string, load: () => Promise<Response>): Promise<void> {
    try {
      saveFile(name, await (await load()).blob());
    } catch (error) {
      announceError(error);
    }
  }
  if (check.files.length === 0) return null;
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default" leftSection={<IconDownload size={16} aria-hidden />}>
          Download
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {check.files.map(({ id, name, media_type }) => (
          <Menu.Item
            key={id}
            onClick={() =>
              void save(`${name}-${check.uuid}.${media_type.startsWith('text/html') ? 'html' : 'xml'}`, () =>
                client.call(
                  windlassComplianceOperations.get_runtime_compliance_file,
                  { params: { file_id: id } },
                  options,
                ),
              )
            }
          >
            {name === 'result_file' ? 'Result file' : 'Report'}
          </Menu.Item>
        ))}
        {check.state === 'parsed' ? (
          <Menu.Item
            onClick={() =>
              void save(`${check.uuid}.hdf.json`, () =>
                client.call(
                  windlassComplianceOperations.get_runtime_compliance_hdf,
                  { params: { check_uuid: check.uuid } },
                  options,
                ),
              )
            }
          >
            HDF for STIG tools
          </Menu.Item>
        ) : null}
      </Menu.Dropdown>
    </Menu>
  );
}
