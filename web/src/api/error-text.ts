import { ApiError } from '#client/index.ts';
import { adviceOn, ReportFailure } from './run-report.ts';

/** An error as people read it. */
export interface ErrorText {
  title: string;
  message: string;
  /** Id under which the server logged the request. */
  requestId: string | undefined;
}

const TITLES: Record<number, string> = {
  0: 'The server does not answer',
  400: 'The server refused the request',
  401: 'You are signed out',
  403: 'You may not do this',
  404: 'Not found',
  409: 'This conflicts with what is there',
  413: 'Too large',
  429: 'Too many requests',
  502: 'A system behind the server failed',
  503: 'The server is not ready',
};

/** Title, message and request id of anything that was thrown. */
export function errorText(error: unknown): ErrorText {
  if (error instanceof ApiError) {
    const title = TITLES[error.status] ?? (error.status >= 500 ? 'The server failed' : `Error ${error.status}`);
    return { title, message: error.message, requestId: error.requestId };
  }
  if (error instanceof ReportFailure) {
    const advice = adviceOn(error);
    const message = advice ? `${error.message.replace(/\.?$/, '.')} ${advice}` : error.message;
    return { title: 'The report cannot be given', message, requestId: undefined };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { title: 'Something went wrong in this page', message, requestId: undefined };
}
