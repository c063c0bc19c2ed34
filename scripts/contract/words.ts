/** Own one-line descriptions of operations whose id does not say enough. */
const OPERATIONS: Record<string, string> = {
  ping: 'Name the API version of the server',
  health_check: 'Answer when the process is alive',
  version_check: 'Report service, API and database versions',
  get_status: 'Report the state of the answering service',
  get_service_detail: 'List every service with its state',
  get_services_by_name: 'List the services of one name',
  get_services_by_name_and_host: 'Find a service by name and host',
  delete_service: 'Forget a service that is down',
  describe_error_codes: 'List the error codes that answers may carry',
  describe_policy: 'List gates, triggers and their parameters',
  set_new_log_level: 'Change the log level until the next restart',
  get_system_statistics: 'Count what the installation holds',
  get_resource_limits: 'Report limits and what is used of them',
  get_deployment_history: 'List the versions that ran here',
  get_configuration_schema: 'List the settings with their types and bounds',
  list_configurations: 'List settings with value and source',
  patch_configuration: 'Change several settings, all or none',
  put_configuration: 'Change one setting',
  delete_configuration: 'Put a setting back to its default',
  get_system_feeds: 'List feeds with their groups and last sync',
  post_system_feeds: 'Synchronise the feeds now',
  toggle_feed_enabled: 'Switch a feed on or off',
  get_system_feed: 'Download a feed by version',
  upload_system_feed: 'Upload a feed for use without a network',
  delete_feed: 'Delete the data of a feed',
  get_user: 'Read the calling user',
  get_users_account: 'Read the account that scopes the request',
  get_credentials: 'List own credentials, masked',
  add_credential: 'Replace the own password',
  list_my_user_groups: 'List the groups of the calling user',
  get_oauth_token: 'Issue a token for a password or refresh token',
  revoke_oauth_token: 'Revoke a refresh token',
  list_all_system_users: 'List the users of every account',
  update_account_state: 'Enable or disable an account',
  delete_account: 'Delete a disabled account and, later, all it owns',
  list_users_with_roles: 'List everybody who holds a role in the account',
  my_roles: 'List the roles of the calling user',
  list_images: 'List images, filtered by tag, id or state',
  add_image: 'Add an image for analysis',
  delete_images_async: 'Delete several images in the background',
  get_image: 'Read an image by manifest digest',
  delete_image: 'Delete an image in the background',
  get_image_ancestors: 'List analysed images that this image is built on',
  summary_image_tags: 'List tags with the state of their images',
  summary_image_counts: 'Count images by state',
  get_image_policy_check_by_digest: 'Evaluate an image against a policy',
  get_image_vulnerability_types: 'List the vulnerability types of an image',
  get_image_vulnerabilities_by_digest: 'List the vulnerabilities of an image',
  list_image_content: 'List the content types of an image',
  add_repository: 'Watch a repository and add its tags',
  query_images_by_package: 'Find images that hold a package',
  query_vulnerabilities: 'Find vulnerability records and the packages they affect',
  list_event_types: 'List the kinds of events',
  delete_events: 'Delete events in a span of time',
};

/** Own descriptions of schemas that more than their use explains. */
const SCHEMAS: Record<string, string> = {
  ApiErrorResponse: 'Body of an application error. The server adds `httpcode` for older clients.',
  AnchoreImage: 'An image of an account: digests, states, tags and what its configuration says.',
  ImageDetail: 'One tag of an image.',
  ImageAnalysisRequest: 'What to analyse: a source with exactly one of tag, digest, archive or import.',
  Policy: 'A policy document: rule sets, allowlists and the mappings that choose them. Unknown fields are refused.',
  PolicyRecord: 'A stored policy with its document and whether it is the active one.',
  PolicyEvaluation: 'The evaluations of one image and tag, newest first.',
  PolicyEvaluationResult: 'One evaluation: verdict, reason and, on request, every finding.',
  Service: 'One service of the installation on one host.',
  SystemConfiguration: 'A setting with its value, where the value comes from and whether the API may change it.',
  RbacManagerRoleMember: 'A user who holds a role in an account, named by either of the two domain fields.',
  UserApiKey: 'An API key. `value` is only in the answer that creates it.',
};

/** A summary in sentence case without a full stop. */
export function operationWords(id: string): string {
  return OPERATIONS[id] ?? humanised(id);
}

/** The doc comment of a schema: own words, else where it is used. */
export function schemaWords(name: string, uses: { requests: string[]; responses: string[]; parts: string[] }): string {
  const own = SCHEMAS[name];
  if (own) return own;
  const list = (names: string[]): string => {
    const shown = names
      .slice(0, 3)
      .map((one) => `\`${one}\``)
      .join(', ');
    return names.length > 3 ? `${shown} and others` : shown;
  };
  if (uses.requests.length) return `Body of ${list(uses.requests)}.`;
  if (uses.responses.length) return `Answer of ${list(uses.responses)}.`;
  return `Part of ${list(uses.parts)}.`;
}

function humanised(id: string): string {
  const text = id
    .replaceAll('_', ' ')
    .replace(/^get /, 'Read ')
    .replace(/\bapi\b/g, 'API')
    .replace(/\bsbom\b/g, 'SBOM')
    .replace(/\bcyclonedx\b/g, 'CycloneDX')
    .replace(/\bspdx\b/g, 'SPDX')
    .replace(/\bjson\b/g, 'JSON')
    .replace(/\bxml\b/g, 'XML');
  return text.charAt(0).toUpperCase() + text.slice(1);
}
