import { notifications } from '@mantine/notifications';
import { errorText } from '../api/error-text.ts';

/** Says in a corner that something was done. */
export function announce(message: string): void {
  notifications.show({ color: 'tide', message });
}

/** Says in a corner that something failed, with the id of the request. */
export function announceError(error: unknown): void {
  const { title, message, requestId } = errorText(error);
  const more = requestId ? ` (request ${requestId})` : '';
  notifications.show({ color: 'red', title, message: `${message}${more}`, autoClose: 12_000 });
}
