// What is known of a person when a form about her is opened: the answers of its hidden questions.

import { addMonths, isoDay } from '@/facts/days'
import type { Context } from '@/forms/engine'

/** Of whom: what the caseload knows of her beside her facts. */
export interface Being {
  client: string
  role: string
  born: number | null
  pregnant: boolean
  exposed: boolean
  status: '' | 'pos' | 'neg'
}

/** A fact that counts; `event` names the record, in whatever version, that states it. */
export interface Counted {
  kind: string
  day: number
  value: string
  event: string
  ref: string
}

/** What a form may ask whether it stands of today already, so that nothing is asked twice in one sitting. */
const ASKED_ONCE = ['visit', 'anc.contact', 'pnc.contact', 'art.dispense', 'vl.sample', 'hiv.test', 'feeding', 'appointment', 'eid.sample']
const RESULTS: Record<string, string[]> = { 'vl.sample': ['vl.result', 'vl.rejected'], 'eid.sample': ['eid.result'] }
const SAID_OF_APPOINTMENTS = ['appointment.kept', 'appointment.missed', 'appointment.moved']

/** Facts in the order of their days. */
export function contextOf(she: Being, facts: Counted[], child: { client: string; facts: Counted[] } | null, day: number): Context {
  const delivery = latest(facts, 'delivery')
  const agreed = agreedDay(facts)
  return {
    role: she.role,
    hiv_status: she.status,
    pregnant: yes(she.pregnant),
    exposed: yes(she.exposed),
    age_days: she.role === 'infant' && she.born !== null ? String(day - she.born) : '',
    feeding: latest(facts, 'feeding')?.value ?? '',
    gave_birth: yes(delivery !== undefined && delivery.day >= addMonths(day, -12)),
    youngest_child: child?.client ?? '',
    youngest_child_feeding: latest(child?.facts ?? [], 'feeding')?.value ?? '',
    written_today: writtenOn(day, facts),
    child_written_today: writtenOn(day, child?.facts ?? []),
    last_anc: dayOf(latest(facts, 'anc.contact')),
    vl_sample: waitingSample(facts, 'vl.sample'),
    eid_sample: waitingSample(facts, 'eid.sample'),
    appointment: agreed?.event ?? '',
    appointment_day: agreed?.day ?? '',
  }
}

function latest(facts: Counted[], kind: string): Counted | undefined {
  return facts.findLast((fact) => fact.kind === kind)
}

function dayOf(fact: Counted | undefined): string {
  return fact ? isoDay(fact.day) : ''
}

function yes(holds: boolean): string {
  return holds ? 'yes' : ''
}

function writtenOn(day: number, facts: Counted[]): string {
  return ASKED_ONCE.filter((kind) => facts.some((fact) => fact.kind === kind && fact.day === day)).join(' ')
}

/** The latest sample, unless its result is here. */
function waitingSample(facts: Counted[], kind: string): string {
  const sample = latest(facts, kind)
  const results = RESULTS[kind] as string[]
  return sample && !facts.some((fact) => results.includes(fact.kind) && belongsTo(sample, fact)) ? sample.event : ''
}

/** The day agreed last, or as it was changed since; null once she came, or did not. */
function agreedDay(facts: Counted[]): { event: string; day: string } | null {
  const made = latest(facts, 'appointment')
  if (!made) return null
  const said = facts.findLast((fact) => SAID_OF_APPOINTMENTS.includes(fact.kind) && belongsTo(made, fact))
  if (said && said.kind !== 'appointment.moved') return null
  return { event: made.event, day: (said ?? made).value }
}

/** Without a reference a fact belongs to the latest matching one on or before its day. */
function belongsTo(target: Counted, fact: Counted): boolean {
  return fact.ref ? fact.ref === target.event : fact.day >= target.day
}
