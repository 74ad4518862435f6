// A payload converter of the user's: every value travels with a mark, and one without it is refused.
const bytesOf = (text) => new TextEncoder().encode(text);
const textOf = (bytes) => new TextDecoder().decode(bytes);

exports.payloadConverter = {
  toPayload: (value) => ({
    metadata: { encoding: bytesOf('json/plain') },
    data: bytesOf(JSON.stringify({ marked: value })),
  }),
  fromPayload({ data }) {
    const value = JSON.parse(textOf(data));
    if (typeof value !== 'object' || value === null || !('marked' in value))
      throw new Error('a value without its mark');
    return value.marked;
  },
};
