import { Anchor, Button, Group, Stack, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Link } from '@tanstack/react-router';
import { windlassNotificationsOperations } from '#contract/windlass-notifications.ts';
import { useAction } from '../api/operation-action.ts';
import { useOperation } from '../api/operation-query.ts';
import { useMay } from '../session/session.ts';
import { Ago } from '../states/ago.tsx';
import { announce } from '../states/announce.ts';
import { Answer } from '../states/answer.tsx';
import { ConfirmButton } from '../states/confirm-button.tsx';
import { DetailDrawer } from '../states/detail-drawer.tsx';
import { Fact, Facts } from '../states/facts.tsx';
import { Failure } from '../states/failure.tsx';
import { Notice } from '../states/notice.tsx';
import { OptionsForm } from './options-form.tsx';
import { type Receiver, ReceiverHealth } from './receiver-columns.tsx';
import { ReceiverDialog } from './receiver-dialog.tsx';
import { Selectors } from './selectors.tsx';
import { TestResult } from './test-result.tsx';

const DETAIL = windlassNotificationsOperations.get_notification_configuration_detail;

/** One receiver: how it fares, what it is told, and how. */
export function ReceiverDrawer({ receiver, onClose }: { receiver: Receiver | undefined; onClose: () => void }) {
  return (
    <DetailDrawer
      opened={receiver !== undefined}
      onClose={onClose}
      size="xl"
      title={receiver ? receiver.configuration.description || receiver.kind.title : ''}
    >
      {receiver ? <Details key={receiver.configuration.uuid} receiver={receiver} onClose={onClose} /> : null}
    </DetailDrawer>
  );
}

function Details({ receiver, onClose }: { receiver: Receiver; onClose: () => void }) {
  const { kind, configuration, enabled } = receiver;
  const uuid = configuration.uuid ?? '';
  const detail = useOperation(DETAIL, { params: { configuration_uuid: uuid } });
  return (
    <Stack gap="lg">
      <Answer of={detail}>
        {(known) => (
          <>
            {known.last_error ? (
              <Notice kind="failure" title="The last delivery failed">
                {known.last_error}
              </Notice>
            ) : null}
            <Facts>
              <Fact name="State">
                <ReceiverHealth uuid={uuid} enabled={enabled} />
              </Fact>
              <Fact name="Kind">{kind.title}</Fact>
              <Fact name="Sends to">
                <span className="mono">{kind.target(configuration)}</span>
              </Fact>
              <Fact name="Last attempt">{known.last_attempt_at ? <Ago time={known.last_attempt_at} /> : null}</Fact>
              <Fact name="Last success">{known.last_success_at ? <Ago time={known.last_success_at} /> : 'never'}</Fact>
              <Fact name="Paused until">
                {known.paused_until && Date.parse(known.paused_until) > Date.now() ? (
                  <Ago time={known.paused_until} />
                ) : null}
              </Fact>
            </Facts>
          </>
        )}
      </Answer>
      <Actions receiver={receiver} onClose={onClose} />
      <section>
        <Title order={3} mb="xs">
          What it is told
        </Title>
        <Selectors kind={kind} uuid={uuid} />
      </section>
      <section>
        <Title order={3} mb="xs">
          How it is told
        </Title>
        <Answer of={detail}>
          {(known) => <OptionsForm key={uuid} detail={known} webhook={kind.name === 'webhook'} />}
        </Answer>
      </section>
    </Stack>
  );
}

function Actions({ receiver, onClose }: { receiver: Receiver; onClose: () => void }) {
  const { kind, configuration } = receiver;
  const { operations } = kind;
  const uuid = configuration.uuid ?? '';
  const mayTest = useMay('createNotificationEndpointConfiguration');
  const mayChange = useMay('updateNotificationEndpointConfiguration');
  const mayDelete = useMay('deleteNotificationEndpointConfiguration');
  const [editing, dialog] = useDisclosure(false);
  const test = useAction(operations.testStored, { refreshes: [DETAIL] });
  const remove = useAction(operations.remove, {
    refreshes: [operations.list],
    onDone: () => {
      announce('The receiver was deleted');
      onClose();
    },
  });
  return (
    <Stack gap="xs">
      <Group gap="xs">
        {mayTest ? (
          <Button loading={test.isPending} onClick={() => test.mutate({ params: { uuid } })}>
            Send a test
          </Button>
        ) : null}
        {mayChange ? (
          <Button variant="default" onClick={dialog.open}>
            Change
          </Button>
        ) : null}
        {mayDelete ? (
          <ConfirmButton
            label="Delete"
            title="Delete this receiver?"
            confirm="Delete"
            action={remove}
            onConfirm={() => remove.mutate({ params: { uuid } })}
          >
            Its selectors and its deliveries go with it.
          </ConfirmButton>
        ) : null}
        <Anchor
          size="sm"
          renderRoot={(props) => <Link to="/notifications/deliveries" search={{ receiver: uuid }} {...props} />}
        >
          Deliveries
        </Anchor>
      </Group>
      {test.data ? <TestResult result={test.data} /> : null}
      {test.error ? <Failure error={test.error} /> : null}
      {editing ? <ReceiverDialog kind={kind} configuration={configuration} onClose={dialog.close} /> : null}
    </Stack>
  );
}
