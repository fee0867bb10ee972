// What happened, as the facts that stand tell it. Results are told by the nurse: until then only that there is one.

import { type Bounds, toldUntil } from '@/caseload/told'

export interface Happened {
  client: string
  kind: string
  day: number
  value: string
  number: number | null
  record: string
}

export interface Entry extends Happened {
  /** The value must not be shown. */
  hidden: boolean
  /** What was talked about, for a talk. */
  topics: string[]
}

const NEVER_SHOWN = ['vl.result', 'cd4.result', 'hiv.test', 'antibody.test']
/** Of no use to a reader of the story: they say how things are kept, or what another line says already. */
const LEFT_OUT = ['birth.date', 'sex', 'exposed', 'topic', 'same_person_as', 'phq2', 'phq9', 'ipv.screen']

/** Newest first; what happened on one day in the order in which it was asked. */
export function timeline(happened: Happened[], told: Bounds): Entry[] {
  const topics = happened.filter(({ kind }) => kind === 'topic')
  return happened
    .filter(({ kind }) => !LEFT_OUT.includes(kind) && !kind.startsWith('consent.'))
    .map((one) => ({
      ...one,
      hidden: isHidden(one, told),
      topics: one.kind === 'session' ? topics.filter(({ record }) => record === one.record).map(({ value }) => value) : [],
    }))
    .sort((a, b) => b.day - a.day)
}

export function isHidden({ client, kind, day }: Pick<Happened, 'client' | 'kind' | 'day'>, told: Bounds): boolean {
  return NEVER_SHOWN.includes(kind) || (kind === 'eid.result' && toldUntil(told, client, kind) < day)
}
