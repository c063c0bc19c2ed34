export { ApiError, type ProblemDetails } from './api-error.ts';
export { type Client, type ClientOptions, createClient } from './client.ts';
export type { CallInput, CallOptions, CallResult, Credentials, Fetch, RawBodyInput } from './types.ts';
