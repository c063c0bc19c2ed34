import { Anchor, Button, Group, SimpleGrid, Switch, Tabs, TextInput } from '@mantine/core';
import { IconArrowLeft, IconDownload } from '@tabler/icons-react';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { type Policy, type PolicyRecord, policiesOperations } from '#contract/policies.ts';
import { saveFile } from '../../api/download.ts';
import { useOperation } from '../../api/operation-query.ts';
import { useMay } from '../../session/session.ts';
import { PageTitle } from '../../shell/page-title.tsx';
import { Answer } from '../../states/answer.tsx';
import { ActiveMark } from '../active-mark.tsx';
import { Allowlists } from './allowlists.tsx';
import { JsonEditor } from './json-editor.tsx';
import { Mappings } from './mappings.tsx';
import { PolicyActions } from './policy-actions.tsx';
import { newPolicy } from './policy-parts.ts';
import { RuleSets } from './rule-sets.tsx';
import { SelectedImages } from './selected-images.tsx';
import { useSavePolicy } from './use-save-policy.ts';
import { ValidationProblems } from './validation-problems.tsx';

const route = getRouteApi('/app/policies/$policy');

/** A policy as a form and as JSON. `new` stands for one that is not stored yet. */
export function PolicyPage() {
  const { policy: id } = route.useParams();
  const record = useOperation(
    policiesOperations.get_policy,
    { params: { policy_id: id }, query: { detail: true } },
    { enabled: id !== 'new' },
  );
  const back = (
    <Anchor size="sm" renderRoot={(props) => <Link to="/policies" {...props} />}>
      <IconArrowLeft size={14} aria-hidden /> Policies
    </Anchor>
  );
  return (
    <>
      {back}
      {id === 'new' ? (
        <Editor key="new" start={newPolicy} />
      ) : (
        <Answer of={record} what="Loading the policy">
          {(known) => <Editor key={known.policy_id} record={known} start={() => known.policy ?? newPolicy()} />}
        </Answer>
      )}
    </>
  );
}

function Editor({ record, start }: { record?: PolicyRecord; start: () => Policy }) {
  const navigate = useNavigate();
  const [policy, setPolicy] = useState(start);
  const [saved, setSaved] = useState(() => JSON.stringify(policy));
  const [json, setJson] = useState(false);
  const may = useMay(record ? 'updatePolicy' : 'createPolicy');
  const save = useSavePolicy(record, (stored) => {
    setSaved(JSON.stringify(policy));
    if (!record) void navigate({ to: '/policies/$policy', params: { policy: stored.policy_id } });
  });
  const changed = !record || JSON.stringify(policy) !== saved;
  const form = (
    <Tabs defaultValue="rules" keepMounted={false}>
      <Tabs.List mb="md">
        <Tabs.Tab value="rules">Rules</Tabs.Tab>
        <Tabs.Tab value="allowlists">Allowlists</Tabs.Tab>
        <Tabs.Tab value="mappings">Mappings</Tabs.Tab>
        <Tabs.Tab value="images">Images</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="rules">
        <RuleSets policy={policy} onChange={setPolicy} />
      </Tabs.Panel>
      <Tabs.Panel value="allowlists">
        <Allowlists policy={policy} onChange={setPolicy} />
      </Tabs.Panel>
      <Tabs.Panel value="mappings">
        <Mappings policy={policy} onChange={setPolicy} />
      </Tabs.Panel>
      <Tabs.Panel value="images">
        <SelectedImages policy={policy} onChange={setPolicy} />
      </Tabs.Panel>
    </Tabs>
  );
  return (
    <>
      <PageTitle title={policy.name || 'Policy'} about={record?.active ? <ActiveMark /> : null}>
        <Switch label="JSON" checked={json} onChange={(event) => setJson(event.currentTarget.checked)} mr="sm" />
        <Button
          variant="default"
          leftSection={<IconDownload size={16} aria-hidden />}
          onClick={() =>
            saveFile(`${policy.id}.json`, new Blob([JSON.stringify(policy, null, 2)], { type: 'application/json' }))
          }
        >
          Download
        </Button>
        {record ? <PolicyActions record={record} changed={changed} /> : null}
        {may ? (
          <Button disabled={!changed} loading={save.isPending} onClick={() => save.run(policy)}>
            Save
          </Button>
        ) : null}
      </PageTitle>
      {save.error ? <ValidationProblems error={save.error} policy={policy} /> : null}
      <Group gap="sm" mb="md" grow align="flex-end">
        <TextInput
          label="Name"
          value={policy.name}
          onChange={(event) => setPolicy({ ...policy, name: event.currentTarget.value })}
        />
        <TextInput
          label="Description"
          value={policy.description ?? ''}
          onChange={(event) => setPolicy({ ...policy, description: event.currentTarget.value })}
        />
      </Group>
      {json ? (
        <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="md">
          <div>{form}</div>
          <JsonEditor policy={policy} onChange={setPolicy} />
        </SimpleGrid>
      ) : (
        form
      )}
    </>
  );
}
