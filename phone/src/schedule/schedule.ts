// The care schedule on the phone: facts in SQLite in memory, and over them the statements that the protocol was
// compiled to. The same rows come out as on the server.
//
// Binding texts is what costs most on a phone. So ids go in as numbers in their own order (all that the statements
// ask of an id is whether it is the same, or greater), and the few words there are go in once each, in a dictionary.
// Loading 10,000 facts took 326 ms of processor time with texts and takes 137; running the protocol 310 and 220.

import sqlite3InitModule, { type Database, type Sqlite3Static, type SqlValue } from '@sqlite.org/sqlite-wasm'
import { DAYS_OF_MONTHS, months, span } from '@/schedule/calendar'
import { OBSERVATION, type Row, STANDING } from '@/schedule/tables'

type Columns = Record<string, 'id' | 'word' | 'number'>

const TYPES = { id: 'bigint', word: 'text', number: 'bigint' }
const DAY = Object.keys(OBSERVATION).indexOf('day')
/** Columns of results that hold ids. */
const IDS = ['client', 'mother', 'record', 'event', 'ref']
/** The tables that answers are taken from; the statements make them, and `schedule` is their result. */
const ANSWERS = ['schedule', 'fact', 'person', 'being']

let module: Promise<Sqlite3Static> | null = null

function sqlite(): Promise<Sqlite3Static> {
  // Its notes on storage we do not use would be noise on the console.
  const silent = { print: () => {}, printErr: () => {} }
  module ??= (sqlite3InitModule as (options: object) => Promise<Sqlite3Static>)(silent)
  return module
}

export class Schedule {
  private covered: [number, number] = [0, -1]
  private numbers = new Map<string, number>()
  private ids: string[] = []

  private constructor(
    private readonly sqlite3: Sqlite3Static,
    private readonly database: Database,
  ) {}

  static async open(): Promise<Schedule> {
    const sqlite3 = await sqlite()
    const schedule = new Schedule(sqlite3, new sqlite3.oo1.DB(':memory:'))
    schedule.create()
    return schedule
  }

  private create(): void {
    this.database.exec('PRAGMA temp_store = MEMORY; PRAGMA journal_mode = OFF')
    this.database.exec(`CREATE TABLE observation (${declared(OBSERVATION)})`)
    this.database.exec(`CREATE TABLE standing (${declared(STANDING)})`)
    this.database.exec('CREATE TABLE calendar (day bigint, month bigint, dom bigint, length bigint)')
    this.database.exec('CREATE TABLE month (first bigint, number bigint, length bigint)')
    this.database.exec('CREATE UNIQUE INDEX standing_record ON standing (record)')
    this.database.exec('CREATE UNIQUE INDEX calendar_day ON calendar (day)')
    this.database.exec('CREATE INDEX calendar_month ON calendar (month, dom)')
    this.database.exec('CREATE INDEX observation_client ON observation (client, kind, day)')
  }

  /** Replace all facts and standings. */
  fill(observed: Row[], standing: Row[]): void {
    this.number([...idsIn(observed, OBSERVATION), ...idsIn(standing, STANDING)])
    this.database.transaction(() => {
      this.database.exec('DELETE FROM observation; DELETE FROM standing')
      this.insert('observation', OBSERVATION, observed)
      this.insert('standing', STANDING, standing)
      this.cover(span(observed.map((row) => row[DAY] as number)))
    })
  }

  private number(ids: string[]): void {
    this.ids = [...new Set(ids)].sort()
    this.numbers = new Map(this.ids.map((id, at) => [id, at]))
  }

  /** Lay out the calendar over these days, unless it is there. */
  cover([first, last]: [number, number]): void {
    if (first >= this.covered[0] && last <= this.covered[1]) return
    this.database.exec('DELETE FROM calendar; DELETE FROM month')
    this.bindAll('INSERT INTO month VALUES (?, ?, ?)', [...months(first, last)])
    this.database.exec(`INSERT INTO calendar ${DAYS_OF_MONTHS}`)
    this.covered = [first, last]
  }

  private insert(table: string, columns: Columns, rows: Row[]): void {
    if (!rows.length) return
    const dictionary = new Map<string, number>()
    const kinds = Object.values(columns)
    const encoded = rows.map((row) => row.map((value, at) => this.encode(value, kinds[at] ?? 'number', dictionary)))
    this.database.exec('CREATE TEMP TABLE word (number INTEGER PRIMARY KEY, text text)')
    this.database.exec(`CREATE TEMP TABLE raw (${Object.keys(columns).join(', ')})`)
    this.insertWords(dictionary)
    this.bindAll(`INSERT INTO raw VALUES (${kinds.map(() => '?').join(', ')})`, encoded)
    this.database.exec(`INSERT INTO ${table} ${decoding(columns)}`)
    this.database.exec('DROP TABLE raw; DROP TABLE word')
  }

  private encode(value: string | number | null, kind: string, dictionary: Map<string, number>): number | null {
    if (kind === 'number') return value as number | null
    if (kind === 'id') return value === '' ? null : (this.numbers.get(value as string) as number)
    const known = dictionary.get(value as string) ?? dictionary.size
    dictionary.set(value as string, known)
    return known
  }

  private insertWords(dictionary: Map<string, number>): void {
    const statement = this.database.prepare('INSERT INTO word VALUES (?, ?)')
    for (const [text, number] of dictionary) statement.bind([number, text]).stepReset()
    statement.finalize()
  }

  /** Straight to SQLite's own functions: the comfortable ones look at every value's type first. */
  private bindAll(sql: string, rows: (number | null)[][]): void {
    const { sqlite3_step: step, sqlite3_reset: reset } = this.sqlite3.capi
    const statement = this.database.prepare(sql)
    const pointer = statement.pointer as Parameters<typeof step>[0]
    for (const row of rows) {
      for (let at = 0; at < row.length; at++) this.bindOne(pointer, at + 1, row[at] ?? null)
      step(pointer)
      reset(pointer)
    }
    statement.finalize()
  }

  private bindOne(pointer: Parameters<Sqlite3Static['capi']['sqlite3_step']>[0], at: number, value: number | null): void {
    const { capi } = this.sqlite3
    if (value === null) capi.sqlite3_bind_null(pointer, at)
    else if (value === (value | 0)) capi.sqlite3_bind_int(pointer, at, value)
    else capi.sqlite3_bind_int64(pointer, at, BigInt(value))
  }

  /** Run the protocol's statements for a day; the last one's rows stay as the table `schedule`. */
  run(statements: string[], asOf: number): void {
    const made = this.rows("SELECT name FROM sqlite_temp_schema WHERE type = 'table'")
    for (const [name] of made) this.database.exec(`DROP TABLE temp."${String(name)}"`)
    statements.forEach((sql, at) => {
      const step = at === statements.length - 1 ? `CREATE TEMP TABLE schedule AS ${sql}` : sql
      this.database.exec({ sql: step, bind: step.includes(':as_of') ? { ':as_of': asOf } : undefined })
    })
  }

  /** Rows of a query; ids that it asks for stand as `?`, and come back as ids in columns named after them. */
  rows(sql: string, ids: string[] = []): SqlValue[][] {
    const columnNames: string[] = []
    const bind = ids.length ? ids.map((id) => this.numbers.get(id) ?? -1) : undefined
    const rows = this.database.exec({ sql, bind, columnNames, rowMode: 'array', returnValue: 'resultRows' })
    const places = columnNames.flatMap((name, at) => (IDS.includes(name) ? [at] : []))
    for (const row of rows) for (const at of places) row[at] = this.id(row[at] as SqlValue)
    return rows
  }

  private id(value: SqlValue): string | null {
    return typeof value === 'number' ? (this.ids[value] ?? null) : null
  }

  /** Put what another schedule, run over these clients alone, says of them in the place of what stands here. */
  takeFrom(other: Schedule, clients: string[]): void {
    for (const id of other.ids) this.addId(id)
    this.database.transaction(() => {
      for (const table of ANSWERS) {
        const marks = clients.map(() => '?').join(', ')
        this.database.exec({ sql: `DELETE FROM temp.${table} WHERE client IN (${marks})`, bind: clients.map((id) => this.numbers.get(id) ?? -1) })
        this.copy(table, other)
      }
    })
  }

  private addId(id: string): void {
    if (this.numbers.has(id)) return
    this.numbers.set(id, this.ids.length)
    this.ids.push(id)
  }

  private copy(table: string, other: Schedule): void {
    const columnNames: string[] = []
    const rows = other.database.exec({ sql: `SELECT * FROM temp.${table}`, columnNames, rowMode: 'array', returnValue: 'resultRows' })
    if (!rows.length) return
    const isId = columnNames.map((name) => IDS.includes(name))
    const statement = this.database.prepare(`INSERT INTO temp.${table} VALUES (${columnNames.map(() => '?').join(', ')})`)
    for (const row of rows) {
      const moved = row.map((value, at) => (isId[at] && typeof value === 'number' ? (this.numbers.get(other.ids[value] ?? '') ?? value) : value))
      statement.bind(moved as SqlValue[]).stepReset()
    }
    statement.finalize()
  }

  close(): void {
    this.database.close()
  }
}

function declared(columns: Columns): string {
  return Object.entries(columns)
    .map(([name, kind]) => `${name} ${TYPES[kind]}`)
    .join(', ')
}

function idsIn(rows: Row[], columns: Columns): string[] {
  const places = Object.values(columns).flatMap((kind, at) => (kind === 'id' ? [at] : []))
  return rows.flatMap((row) => places.map((at) => row[at] as string)).filter(Boolean)
}

/** From `raw` to the columns: words by their number in the dictionary; an id that is missing is '', never NULL. */
function decoding(columns: Columns): string {
  const entries = Object.entries(columns)
  const chosen = entries.map(([name, kind]) => {
    if (kind === 'word') return `${name}_word.text`
    return kind === 'id' ? `COALESCE(r.${name}, '')` : `r.${name}`
  })
  const joins = entries.flatMap(([name, kind]) => (kind === 'word' ? [`JOIN word ${name}_word ON ${name}_word.number = r.${name}`] : []))
  return `SELECT ${chosen.join(', ')} FROM raw r ${joins.join(' ')}`
}
