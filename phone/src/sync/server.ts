// Speaking to the server. Every failure is one of two: no connection (try again later), or a refusal with its code.

const BASE = '/api/v1'
const TIMEOUT_MS = 60_000

export class NoConnection extends Error {}

export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    /** Seconds after which the server wants to be asked again. */
    readonly retryAfter: number | null,
  ) {
    super(`the server refused with ${status} ${code}`)
  }
}

export interface Question {
  token?: string
  body?: unknown
  gzip?: boolean
  /** Streams may take as long as they flow. */
  streams?: boolean
}

export async function ask(path: string, question: Question = {}): Promise<Response> {
  const { token, body, streams } = question
  const headers: Record<string, string> = token ? { Authorization: `Bearer ${token}` } : {}
  const sent = body === undefined ? undefined : await packed(JSON.stringify(body), question.gzip ?? false, headers)
  let response: Response
  try {
    response = await fetch(`${BASE}${path}`, {
      method: sent === undefined ? 'GET' : 'POST',
      headers,
      body: sent,
      cache: 'no-store',
      signal: streams ? undefined : AbortSignal.timeout(TIMEOUT_MS),
    })
  } catch {
    throw new NoConnection()
  }
  if (!response.ok) throw await refusal(response)
  return response
}

export async function askJson<T>(path: string, question: Question = {}): Promise<T> {
  const response = await ask(path, question)
  try {
    return (await response.json()) as T
  } catch {
    throw new NoConnection()
  }
}

async function packed(text: string, gzip: boolean, headers: Record<string, string>): Promise<BodyInit> {
  headers['Content-Type'] = 'application/json'
  if (!gzip || typeof CompressionStream === 'undefined') return text
  headers['Content-Encoding'] = 'gzip'
  return new Response(new Blob([text]).stream().pipeThrough(new CompressionStream('gzip'))).blob()
}

async function refusal(response: Response): Promise<Refusal> {
  const body = (await response.json().catch(() => ({}))) as { code?: string }
  const after = Number(response.headers.get('Retry-After'))
  return new Refusal(response.status, body.code ?? '', after > 0 ? after : null)
}
