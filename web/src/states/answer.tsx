import type { ReactNode } from 'react';
import { Failure } from './failure.tsx';
import { Waiting } from './waiting.tsx';

/** The parts of a query's state that decide what is shown. */
export interface AnswerState<T> {
  data: T | undefined;
  error: unknown;
  refetch: () => unknown;
}

/** The content of an answer, or why there is none yet. */
export function Answer<T>({
  of,
  children,
  what,
}: {
  of: AnswerState<T>;
  children: (data: T) => ReactNode;
  what?: string;
}) {
  if (of.data !== undefined) return children(of.data);
  if (of.error) return <Failure error={of.error} retry={() => void of.refetch()} />;
  return <Waiting {...(what ? { what } : {})} />;
}
