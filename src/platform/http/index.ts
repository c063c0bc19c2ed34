export { answer, type RawAnswer, type RenderedJson, rawAnswer, renderedJson } from './answers.ts';
export { bindOperations } from './bind-operations.ts';
export { createOutbound, type Outbound, type OutboundOptions } from './outbound.ts';
export { type ProxySettings, proxyFromEnvironment } from './outbound-proxy.ts';
export { createHttpServer, type HttpConfig, type HttpServerOptions } from './server.ts';
export type {
  Actor,
  Authenticate,
  AuthenticationRequest,
  AuthorizationScope,
  Authorize,
  BodyStream,
  BoundOperation,
  Handler,
  HandlerInput,
  HandlerResult,
  Handlers,
  HttpLog,
  HttpMetrics,
  MultipartPart,
} from './types.ts';
