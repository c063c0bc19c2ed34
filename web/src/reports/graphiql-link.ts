/** Address of the page to write queries, with a query filled in. The account goes along, since a new tab does not know it. */
export function graphiqlLink(question: {
  global: boolean;
  account: string | undefined;
  document?: string;
  variables?: object;
}): string {
  const { global, account, document, variables } = question;
  const search = new URLSearchParams();
  if (document !== undefined) search.set('query', document);
  if (variables !== undefined) search.set('variables', JSON.stringify(variables, null, 2));
  if (account !== undefined && !global) search.set('account', account);
  const text = search.toString();
  return `${global ? '/v2/reports/global/graphql' : '/v2/reports/graphql'}${text ? `?${text}` : ''}`;
}
