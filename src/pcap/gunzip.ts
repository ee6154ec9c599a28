// Captures that are compressed by gzip (RFC 1952).
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { constants, createGunzip } from "node:zlib";

/**
 * Gives what `chunks` hold to `take`, piece by piece: no more than a piece is in memory, whatever it grows to. Rejects with the error
 * of zlib (`code`: Z_DATA_ERROR ...) after what is good, and with what `take` throws. A file that ends too early is no error: what it
 * holds ends too early, too, and whoever reads that tells.
 * @param chunks  each a buffer of its own
 */
export async function gunzip(chunks: Iterable<Buffer>, take: (piece: Buffer) => void): Promise<void> {
  const stream = createGunzip({ finishFlush: constants.Z_SYNC_FLUSH });
  // An iterator would lose what is good and has not been taken when the error comes.
  stream.on("data", (piece: Buffer) => {
    try {
      take(piece);
    } catch (error) {
      stream.destroy(error as Error);
    }
  });
  await pipeline(Readable.from(chunks), stream);
}
