import type { Client } from '../../api/client.ts';
import type { Things } from '../things.ts';

/** A request that an operation is meant for. What it leaves out is found by the names of the parameters. */
export interface Example {
  params?: Readonly<Record<string, string>>;
  query?: Readonly<Record<string, string>>;
  /** JSON. */
  body?: unknown;
  raw?: { contentType: string; bytes: Buffer };
}

/** What examples are made from. */
export interface Scene {
  /** Sends what has to be there before. */
  client: Client;
  /** Reads a path until the answer is as wanted. */
  until(path: string, wanted: (body: Record<string, unknown>) => boolean): Promise<Record<string, unknown>>;
  things: Things;
  /** The account of the caller, and its user. */
  account: string;
  username: string;
  /** An analysed image with packages, findings and a tag; a base of it; one that may be thrown away. */
  image: SceneImage;
  base: SceneImage;
  /** A new image as an archive of the OCI layout. */
  archive(): Buffer;
  /** Uploads a small new image, and waits until it is analysed. */
  newImage(): Promise<SceneImage>;
  /** Host of a registry that has `team/app:1`. */
  registry: string;
  /** Address of a receiver of webhooks. */
  receiver: string;
  /** A text that was never used. */
  fresh(): string;
}

export interface SceneImage {
  digest: string;
  tag: string;
}

/** Makes an example; may send requests of its own first. */
export type MakeExample = (scene: Scene) => Example | Promise<Example>;

/** Examples by the id of the operation, in an order in which they can be sent. */
export type Examples = Readonly<Record<string, MakeExample>>;
