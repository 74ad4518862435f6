// hedge
import { Packr } from 'msgpackr';
import type { Batch, Post } from './traffic';
const packr = new Packr({ useRecords: true });
const pack = (value: unknown): Uint8Array => new Uint8Array(packr.pack(value));
export const encodePost = (post: Post): Uint8Array => pack(post);
export const decodePost = (bytes: Uint8Array): Post => packr.unpack(bytes) as Post;
export const encodeBatch = (batch: Batch): Uint8Array => pack(batch);
export const decodeBatch = (bytes: Uint8Array): Batch => packr.unpack(bytes) as Batch;
