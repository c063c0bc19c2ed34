import { Notice } from '../states/notice.tsx';

/** What came back of a test message. */
export function TestResult({ result }: { result: { status?: string | undefined; response?: string | undefined } }) {
  const good = /^(success|ok|healthy|delivered|passed)/i.test(result.status ?? '');
  return (
    <Notice
      kind={good ? 'good' : 'failure'}
      title={good ? 'The test message was taken' : 'The test message failed'}
      role="status"
    >
      {[result.status, result.response].filter(Boolean).join(': ')}
    </Notice>
  );
}
