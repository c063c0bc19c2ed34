-- Lists of one account stay as quick when other accounts have many rows.

-- Pages of the inventory, in the order in which they are given.
create index inventory_node_account on inventory_node (account, cluster_id, uid);
create index inventory_pod_account on inventory_pod (account, context_id, uid);
create index inventory_container_account on inventory_container (account, context_id, owner, container_id);
create index inventory_ecs_task_account on inventory_ecs_task (account, context_id, arn);
create index inventory_ecs_service_account on inventory_ecs_service (account, context_id, arn);

-- Rules of an account are listed with those for all accounts.
create index archive_rule_global on archive_rule (created_at, rule_id) where system_global;

create index notification_selector_account on notification_selector (account, created_at, uuid);

-- Files of the checks on a page.
create index compliance_file_account on compliance_file (account, check_uuid);

-- Results of a rule in all checks of an account.
create index compliance_rule_result_account on compliance_rule_result (account, rule);
