// NDJSON as it comes in: one event a line, whatever the pieces it arrives in. A line cut short at the end is dropped;
// the next pull brings it again.

export async function* lines<T>(stream: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<T> {
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader()
  let rest = ''
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return
    const parts = (rest + value).split('\n')
    rest = parts.pop() ?? ''
    for (const part of parts) if (part.trim()) yield JSON.parse(part) as T
  }
}
