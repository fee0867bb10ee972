import { describe, expect, it } from 'vitest'
import { type Being, contextOf, type Counted } from '@/caseload/context'
import { parseDay } from '@/facts/days'

const DAY = parseDay('2026-11-20').day
const HER: Being = { client: 'm', role: 'mother', born: DAY - 9000, pregnant: true, exposed: false, status: 'pos' }
const fact = (kind: string, ago: number, value = '', event = kind, ref = ''): Counted => ({ kind, day: DAY - ago, value, event, ref })
const known = (...facts: Counted[]) => contextOf(HER, facts, null, DAY)

describe('what a form is opened with', () => {
  it('tells who she is, and leaves out what does not hold', () => {
    expect(known()).toMatchObject({ role: 'mother', hiv_status: 'pos', pregnant: 'yes', exposed: '', age_days: '', youngest_child: '', gave_birth: '' })
    const baby = contextOf({ ...HER, role: 'infant', born: DAY - 42, exposed: true, pregnant: false }, [fact('feeding', 7, 'mixed')], null, DAY)
    expect(baby).toMatchObject({ role: 'infant', age_days: '42', exposed: 'yes', feeding: 'mixed', pregnant: '' })
  })

  it('tells what was written today, so that it is not asked again', () => {
    const child = { client: 'b', facts: [fact('feeding', 1, 'exclusive'), fact('visit', 0, 'home')] }
    expect(contextOf(HER, [fact('anc.contact', 0), fact('visit', 1), fact('appointment.kept', 0)], child, DAY)).toMatchObject({
      written_today: 'anc.contact', child_written_today: 'visit', youngest_child: 'b', youngest_child_feeding: 'exclusive',
    }) // prettier-ignore
  })

  it('never grows longer than an answer may be', () => {
    const all = ['visit', 'anc.contact', 'pnc.contact', 'art.dispense', 'vl.sample', 'hiv.test', 'feeding', 'appointment', 'eid.sample', 'topic', 'session']
    expect(known(...all.map((kind) => fact(kind, 0))).written_today?.length).toBeLessThan(200)
  })

  it('names the sample that waits for its result', () => {
    expect(known(fact('vl.sample', 30, '', 's1'))).toMatchObject({ vl_sample: 's1' })
    expect(known(fact('vl.sample', 30, '', 's1'), fact('vl.result', 9, '<50', 'r', 's1'))).toMatchObject({ vl_sample: '' })
    expect(known(fact('vl.sample', 30, '', 's1'), fact('vl.rejected', 9, 'rejected', 'r'))).toMatchObject({ vl_sample: '' })
    // The result of an earlier sample leaves the later one waiting.
    expect(known(fact('vl.sample', 90, '', 's0'), fact('vl.sample', 30, '', 's1'), fact('vl.result', 9, '<50', 'r', 's0'))).toMatchObject({ vl_sample: 's1' })
    expect(known(fact('eid.sample', 30, '6w', 's1'), fact('eid.result_given', 2))).toMatchObject({ eid_sample: 's1' })
  })

  it('names the day that was agreed, until she came or did not', () => {
    const made = fact('appointment', 30, '2026-11-18', 'a1')
    expect(known(made)).toMatchObject({ appointment: 'a1', appointment_day: '2026-11-18' })
    expect(known(made, fact('appointment.moved', 5, '2026-11-25', 'x', 'a1'))).toMatchObject({ appointment: 'a1', appointment_day: '2026-11-25' })
    expect(known(made, fact('appointment.missed', 2, 'busy', 'x', 'a1'))).toMatchObject({ appointment: '', appointment_day: '' })
    expect(known(made, fact('appointment.kept', 2, '', 'x'), fact('appointment', 0, '2026-12-02', 'a2'))).toMatchObject({ appointment: 'a2' })
    expect(known(made, fact('appointment.kept', 40, '', 'x'))).toMatchObject({ appointment: 'a1' })
  })

  it('tells the day of the latest check-up', () => {
    expect(known(fact('anc.contact', 40), fact('anc.contact', 3))).toMatchObject({ last_anc: '2026-11-17' })
  })
})
