import { Readable, Transform } from 'node:stream';
import type { S3Client } from '@aws-sdk/client-s3';
import { checkKey, checkPrefix } from './keys.ts';
import type { ObjectStore } from './types.ts';

export interface S3Settings {
  bucket: string;
  endpoint?: string | undefined;
  region: string;
  accessKeyId?: string | undefined;
  secretAccessKey?: string | undefined;
  /** Put before every key. */
  prefix: string;
  pathStyle: boolean;
}

/** Bytes of one part of a streamed upload; 10,000 parts at most make 80 GB. */
const PART_SIZE = 8 * 1024 * 1024;

/** Keeps objects in a bucket of S3 or a server that speaks its protocol. Fails when the bucket cannot be used. */
export async function openS3Store(settings: S3Settings): Promise<ObjectStore> {
  // Loaded only here: most installations keep their objects in files.
  const sdk = await import('@aws-sdk/client-s3');
  const { Upload } = await import('@aws-sdk/lib-storage');
  const client = createClient(sdk.S3Client, settings);
  const Bucket = settings.bucket;
  const keyOf = (key: string): string => settings.prefix + checkKey(key);
  try {
    await client.send(new sdk.HeadBucketCommand({ Bucket }));
  } catch (error) {
    client.destroy();
    throw new Error(`the S3 bucket ${Bucket} cannot be used: ${explain(error)}`, { cause: error });
  }
  const open: ObjectStore['open'] = async (key, range) => {
    const Range = range && `bytes=${range.start}-${range.end ?? ''}`;
    try {
      const { Body } = await client.send(
        new sdk.GetObjectCommand({ Bucket, Key: keyOf(key), ...(Range ? { Range } : {}) }),
      );
      return Body as Readable;
    } catch (error) {
      if (status(error) === 416) return Readable.from([]);
      return absent(error);
    }
  };
  return {
    open,
    put: async (key, body) => {
      if (!(body instanceof Readable)) {
        await client.send(
          new sdk.PutObjectCommand({ Bucket, Key: keyOf(key), Body: body, ContentLength: body.byteLength }),
        );
        return body.byteLength;
      }
      const counter = new Counter();
      body.on('error', (error) => counter.destroy(error));
      const params = { Bucket, Key: keyOf(key), Body: body.pipe(counter) };
      await new Upload({ client, params, partSize: PART_SIZE, queueSize: 2 }).done();
      return counter.bytes;
    },
    get: async (key) => {
      const stream = await open(key);
      return stream && Buffer.concat(await stream.toArray());
    },
    head: async (key) => {
      try {
        const { ContentLength } = await client.send(new sdk.HeadObjectCommand({ Bucket, Key: keyOf(key) }));
        return { size: ContentLength ?? 0 };
      } catch (error) {
        return absent(error);
      }
    },
    delete: async (key) => {
      await client.send(new sdk.DeleteObjectCommand({ Bucket, Key: keyOf(key) }));
    },
    list: async function* (prefix) {
      const Prefix = settings.prefix + checkPrefix(prefix);
      for await (const page of sdk.paginateListObjectsV2({ client }, { Bucket, Prefix })) {
        for (const { Key, Size } of page.Contents ?? [])
          yield { key: (Key ?? '').slice(settings.prefix.length), size: Size ?? 0 };
      }
    },
    close: async () => client.destroy(),
  };
}

function createClient(Client: typeof S3Client, settings: S3Settings): S3Client {
  const { accessKeyId, secretAccessKey } = settings;
  return new Client({
    region: settings.region,
    forcePathStyle: settings.pathStyle,
    // Other servers often lack the newer checksums, and need none.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    ...(settings.endpoint ? { endpoint: settings.endpoint } : {}),
    ...(accessKeyId && secretAccessKey ? { credentials: { accessKeyId, secretAccessKey } } : {}),
  });
}

class Counter extends Transform {
  bytes = 0;
  override _transform(chunk: Buffer, _encoding: string, done: (error: null, chunk: Buffer) => void): void {
    this.bytes += chunk.length;
    done(null, chunk);
  }
}

function status(error: unknown): number | undefined {
  return (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
}

function absent(error: unknown): undefined {
  if (status(error) === 404) return undefined;
  throw error;
}

function explain(error: unknown): string {
  const { name, message } = error as Error;
  const code = status(error);
  if (code === 404) return 'it does not exist';
  if (code === 403) return 'access denied; check the keys and the policy of the bucket';
  return [name, message].filter(Boolean).join(': ');
}
