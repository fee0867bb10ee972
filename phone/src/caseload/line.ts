// The line to the caseload's worker: each call is a promise of its answer.

import type { Overview } from '@/caseload/overview'
import type { Asked, Calls, Told } from '@/caseload/worker'

export class Line {
  private readonly worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' })
  private readonly open = new Map<number, { resolve: (answer: unknown) => void; reject: (error: Error) => void }>()
  private count = 0

  /** `news`: what the worker tells unasked. */
  constructor(news: { fetched: (pieces: number) => void; overview: (overview: Overview) => void }) {
    this.worker.addEventListener('message', ({ data }: MessageEvent<Told>) => {
      if ('fetched' in data) return news.fetched(data.fetched)
      if ('overview' in data) return news.overview(data.overview)
      const waiting = this.open.get(data.id)
      this.open.delete(data.id)
      if ('failed' in data) waiting?.reject(new Error(data.failed))
      else waiting?.resolve(data.answer)
    })
  }

  ask<C extends keyof Calls>(call: C, ...args: Parameters<Calls[C]>): ReturnType<Calls[C]> {
    const id = ++this.count
    this.worker.postMessage({ id, call, with: args } satisfies Asked)
    return new Promise<unknown>((resolve, reject) => this.open.set(id, { resolve, reject })) as ReturnType<Calls[C]>
  }

  /** Ends the worker and with it everything it knows. Calls that are open never answer. */
  end(): void {
    this.worker.terminate()
    this.open.clear()
  }
}
