/** A document with what it is run with. */
interface DocumentParameters {
  query: string;
  operationName?: string | null;
  // biome-ignore lint/suspicious/noExplicitAny: variables are whatever the document declares
  variables?: any;
}

/**
 * Sends a document to the address of the page: the account's reports, or those of all accounts. The browser adds the
 * credentials; further headers, e.g. `x-anchore-account`, come from the editor.
 */
export async function sendDocument(
  parameters: DocumentParameters,
  options: { headers?: Record<string, unknown> } = {},
): Promise<{ data?: unknown; errors?: readonly { message: string }[] }> {
  const headers = Object.entries(options.headers ?? {}).map(([name, value]): [string, string] => [name, String(value)]);
  const response = await fetch(window.location.pathname, {
    method: 'POST',
    headers: { ...Object.fromEntries(headers), 'content-type': 'application/json' },
    credentials: 'same-origin',
    body: JSON.stringify(parameters),
  });
  const text = await response.text();
  if (response.headers.get('content-type')?.includes('json')) return JSON.parse(text);
  return { errors: [{ message: `${response.status} ${text.slice(0, 200)}` }] };
}
