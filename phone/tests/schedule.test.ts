import { describe, expect, it } from 'vitest'
import { Schedule } from '@/schedule/schedule'
import { observations, type Said, standingRows } from '@/schedule/tables'

function said(record: string, received: string | null, counter: number, ...kinds: string[]): Said {
  const facts = kinds.map((kind) => ({ client: 'a', role: 'mother', mother: '', kind, day: 20000, precision: 0, value: '', number: null, ref: '' }))
  return { record, received, counter, source: 'register', site: '3', facts }
}

describe('observations', () => {
  it('are in the order the server had them; what is unsent comes last, by counter', () => {
    const rows = observations([
      said('r6', null, 12, 'visit'),
      said('r5', null, 9, 'visit'),
      said('r4', '2026-11-20T10:00:01+00:00', 1, 'visit'),
      said('r2', '2026-11-20T10:00:00.000001+00:00', 2, 'visit'),
      said('r1', '2026-11-20T12:00:00+02:00', 3, 'visit', 'topic'),
      said('r3', '2026-11-20T10:00:00.5+00:00', 4, 'visit'),
    ])
    expect(rows.map((row) => [row[7], row[3], row[11]])).toEqual([
      ['r1', 'topic', 0], ['r1', 'visit', 1], ['r2', 'visit', 2], ['r3', 'visit', 3], ['r4', 'visit', 4],
      ['r5', 'visit', 5], ['r6', 'visit', 6],
    ]) // prettier-ignore
  })

  it('of a record that was replaced are marked so', () => {
    expect(standingRows([{ record: 'b', type: 'amends', target: 'a', repeat: '' }])).toEqual([['b', 1, 'a'], ['a', 0, 'a']])
  })
})

describe('the schedule', () => {
  it('runs the statements of a protocol over the facts, again and again', async () => {
    const schedule = await Schedule.open()
    const statements = [
      'CREATE TEMP TABLE fact AS SELECT client, MAX(day) AS day FROM observation WHERE day <= :as_of GROUP BY client',
      'CREATE INDEX temp.fact_client ON fact (client)',
      'SELECT f.client, c.dom, :as_of - f.day AS late FROM fact f JOIN calendar c ON c.day = f.day',
    ]
    const many = Array.from({ length: 95 }, (_, at) => said(`r${at}`, null, at, 'visit'))
    schedule.fill(observations(many), [])
    schedule.run(statements, 20_010)
    expect(schedule.rows('SELECT * FROM schedule')).toEqual([['a', 4, 10]])
    schedule.fill(observations(many.slice(0, 1)), [])
    schedule.run(statements, 20_011)
    expect(schedule.rows('SELECT * FROM schedule WHERE client = ?', ['a'])).toEqual([['a', 4, 11]])
    expect(schedule.rows('SELECT COUNT(*) FROM observation')).toEqual([[1]])
    schedule.close()
  })
})
