// The care schedule on the phone: the caseload's facts in SQLite in memory, and over them the statements that the
// protocol was compiled to. The same rows come out as on the server.

import sqlite3InitModule, { type Database, type SqlValue } from '@sqlite.org/sqlite-wasm'
import { calendar, span } from '@/schedule/calendar'
import { CALENDAR, OBSERVATION, type Row, STANDING } from '@/schedule/tables'

const DAY = Object.keys(OBSERVATION).indexOf('day')
/** Rows to one INSERT: with more, SQLite spends its time on reading the statement. */
const AT_ONCE = 40

export class Schedule {
  private covered: [number, number] = [0, -1]

  private constructor(private readonly sqlite: Database) {}

  static async open(): Promise<Schedule> {
    // Its notes on storage we do not use would be noise on the console.
    const silent = { print: () => {}, printErr: () => {} }
    const sqlite3 = await (sqlite3InitModule as (options: object) => ReturnType<typeof sqlite3InitModule>)(silent)
    const schedule = new Schedule(new sqlite3.oo1.DB(':memory:'))
    schedule.create()
    return schedule
  }

  private create(): void {
    for (const [name, columns] of Object.entries({ observation: OBSERVATION, standing: STANDING, calendar: CALENDAR })) {
      const typed = Object.entries(columns).map(([column, type]) => `${column} ${type}`)
      this.sqlite.exec(`CREATE TABLE ${name} (${typed.join(', ')})`)
    }
    this.sqlite.exec('CREATE UNIQUE INDEX standing_record ON standing (record)')
    this.sqlite.exec('CREATE UNIQUE INDEX calendar_day ON calendar (day)')
    this.sqlite.exec('CREATE INDEX calendar_month ON calendar (month, dom)')
    this.sqlite.exec('CREATE INDEX observation_client ON observation (client, kind, day)')
  }

  /** Replace all facts and standings. */
  fill(observations: Row[], standing: Row[]): void {
    this.sqlite.transaction(() => {
      this.sqlite.exec('DELETE FROM observation; DELETE FROM standing')
      this.insert('observation', Object.keys(OBSERVATION).length, observations)
      this.insert('standing', Object.keys(STANDING).length, standing)
      this.cover(span(observations.map((row) => row[DAY] as number)))
    })
  }

  private cover([first, last]: [number, number]): void {
    if (first >= this.covered[0] && last <= this.covered[1]) return
    this.sqlite.exec('DELETE FROM calendar')
    this.insert('calendar', Object.keys(CALENDAR).length, [...calendar(first, last)])
    this.covered = [first, last]
  }

  private insert(table: string, columns: number, rows: Row[]): void {
    const whole = rows.length - (rows.length % AT_ONCE)
    this.insertGroups(table, columns, rows.slice(0, whole), AT_ONCE)
    this.insertGroups(table, columns, rows.slice(whole), 1)
  }

  private insertGroups(table: string, columns: number, rows: Row[], size: number): void {
    if (!rows.length) return
    const row = `(${Array(columns).fill('?').join(',')})`
    const statement = this.sqlite.prepare(`INSERT INTO ${table} VALUES ${Array(size).fill(row).join(',')}`)
    for (let at = 0; at < rows.length; at += size) statement.bind(rows.slice(at, at + size).flat()).stepReset()
    statement.finalize()
  }

  /** Run the protocol's statements for a day; the last one's rows stay as the table `schedule`. */
  run(statements: string[], asOf: number): void {
    const made = this.rows("SELECT name FROM sqlite_temp_schema WHERE type = 'table'")
    for (const [name] of made) this.sqlite.exec(`DROP TABLE temp."${String(name)}"`)
    statements.forEach((sql, at) => {
      const step = at === statements.length - 1 ? `CREATE TEMP TABLE schedule AS ${sql}` : sql
      this.sqlite.exec({ sql: step, bind: step.includes(':as_of') ? { ':as_of': asOf } : undefined })
    })
  }

  rows(sql: string, bind: SqlValue[] = []): SqlValue[][] {
    return this.sqlite.exec({ sql, bind: bind.length ? bind : undefined, rowMode: 'array', returnValue: 'resultRows' })
  }

  close(): void {
    this.sqlite.close()
  }
}
