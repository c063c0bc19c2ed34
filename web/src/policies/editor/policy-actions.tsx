import { useNavigate } from '@tanstack/react-router';
import { type PolicyRecord, policiesOperations } from '#contract/policies.ts';
import { windlassOperations } from '#contract/windlass.ts';
import { useAction } from '../../api/operation-action.ts';
import { useMay } from '../../session/session.ts';
import { announce } from '../../states/announce.ts';
import { ConfirmButton } from '../../states/confirm-button.tsx';

/** Activates or deletes a stored policy. */
export function PolicyActions({ record, changed }: { record: PolicyRecord; changed: boolean }) {
  const navigate = useNavigate();
  const mayUpdate = useMay('updatePolicy');
  const mayDelete = useMay('deletePolicy');
  const activate = useAction(policiesOperations.update_policy, {
    refreshes: [
      policiesOperations.list_policies,
      policiesOperations.get_policy,
      windlassOperations.list_image_overview,
    ],
    onDone: () => announce('The policy is active'),
  });
  const remove = useAction(policiesOperations.delete_policy, {
    refreshes: [policiesOperations.list_policies],
    onDone: () => {
      announce('The policy was deleted');
      void navigate({ to: '/policies' });
    },
  });
  if (record.active) return null;
  const params = { policy_id: record.policy_id };
  return (
    <>
      {mayUpdate ? (
        <ConfirmButton
          label="Activate"
          title={`Activate ${record.name}?`}
          confirm="Activate"
          danger={false}
          action={activate}
          onConfirm={(close) =>
            activate.mutate(
              { params, query: { active: true }, body: { ...record, active: true } },
              { onSuccess: close },
            )
          }
        >
          It then gives the verdict of every image in this account.
          {changed ? ' What was changed here and not saved is not part of it.' : ''}
        </ConfirmButton>
      ) : null}
      {mayDelete ? (
        <ConfirmButton
          label="Delete"
          title={`Delete ${record.name}?`}
          confirm="Delete"
          action={remove}
          onConfirm={() => remove.mutate({ params })}
        >
          Verdicts that it gave stay in the history.
        </ConfirmButton>
      ) : null}
    </>
  );
}
