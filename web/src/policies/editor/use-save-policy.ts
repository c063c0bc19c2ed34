import { type Policy, type PolicyRecord, policiesOperations } from '#contract/policies.ts';
import { windlassOperations } from '#contract/windlass.ts';
import { useAction } from '../../api/operation-action.ts';
import { announce } from '../../states/announce.ts';
import { recordWith } from './policy-parts.ts';

const REFRESHES = [
  policiesOperations.list_policies,
  policiesOperations.get_policy,
  windlassOperations.list_image_overview,
];

/** Stores a policy: a new one, or another document of a known one. */
export function useSavePolicy(record: PolicyRecord | undefined, onDone: (record: PolicyRecord) => void) {
  const done = (stored: PolicyRecord) => {
    announce('Saved');
    onDone(stored);
  };
  const add = useAction(policiesOperations.add_policy, { refreshes: REFRESHES, onDone: done });
  const update = useAction(policiesOperations.update_policy, { refreshes: REFRESHES, onDone: done });
  return {
    isPending: add.isPending || update.isPending,
    error: add.error ?? update.error,
    run(policy: Policy): void {
      if (!record) add.mutate({ body: policy });
      else
        update.mutate({
          params: { policy_id: record.policy_id },
          query: { active: record.active },
          body: recordWith(record, policy, record.active),
        });
    },
  };
}
