import type { GraphQLResolveInfo } from 'graphql';
import type { ReportContext } from '../execution/context.ts';

/** What fills a field. The parent is what the resolver above returned. */
// biome-ignore lint/suspicious/noExplicitAny: each resolver names its own parent and arguments
export type Resolver = (parent: any, args: any, context: ReportContext, info: GraphQLResolveInfo) => unknown;

/** Resolvers by type and field; fields without one are members of their parent. */
export type Resolvers = Readonly<Record<string, Readonly<Record<string, Resolver>>>>;
