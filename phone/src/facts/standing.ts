// Which records stand: amendments, withdrawals and repeats, worked out from the set of them.
// The rules are those of the Python module of this name; both run tests/vectors/standing.json.

export interface Relation {
  record: string
  type: 'amends' | 'withdraws' | 'same_event_as'
  target: string
  /** The record said to repeat the target (same_event_as); empty: the record itself. */
  repeat: string
}

/** Whether a record's facts count, and the event it belongs to (one id for all versions and repeats). */
export interface Standing {
  stands: boolean
  event: string
}

/** The standing of every record that a relation touches; a record not in the answer stands for itself. */
/**
 * A record and all that amend it or are amended by it, the first version first. To say that something never happened,
 * each of them is withdrawn: withdrawing the last alone would restore the one before it.
 */
export function versionsOf(record: string, relations: Relation[]): string[] {
  const amends = relations.filter(({ type }) => type === 'amends').sort((a, b) => (a.target < b.target ? -1 : 1))
  const original = new Map(amends.map(({ record: id, target }) => [id, target]))
  const before = [record]
  for (let at = original.get(record); at !== undefined && !before.includes(at); at = original.get(at)) before.unshift(at)
  const found = before.slice(0, 1)
  for (const version of found) {
    const next = [...original].filter(([id, target]) => target === version && !found.includes(id)).map(([id]) => id)
    found.push(...next.sort())
  }
  return found
}

export function standings(relations: Iterable<Relation>): Map<string, Standing> {
  const said = [...relations].filter((r) => r.record !== r.target).sort(byRecordThenTarget)
  const withdrawn = withdrawnRecords(said)
  const versions = new Versions(said, withdrawn)
  const links = said
    .filter((r) => r.type === 'same_event_as' && !withdrawn.has(r.record))
    .map((r) => [r.target, r.repeat || r.record] as const)
  const touched = new Set([...said.flatMap((r) => [r.record, r.target]), ...links.map(([, repeat]) => repeat)])
  return choose(touched, links, versions)
}

function byRecordThenTarget(a: Relation, b: Relation): number {
  return compare(a.record, b.record) || compare(a.target, b.target)
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** Records with a withdrawal that counts. Settles each withdrawal once all that could undo it are settled. */
function withdrawnRecords(relations: Relation[]): Set<string> {
  const withdrawals = relations.filter((r) => r.type === 'withdraws')
  const undoneBy = new Map<string, Set<string>>()
  for (const { record, target } of withdrawals) undoneBy.set(target, (undoneBy.get(target) ?? new Set()).add(record))
  const undoing = (record: string) => [...(undoneBy.get(record) ?? [])]
  const unsettled = new Set(withdrawals.map((r) => r.record))
  const counting = new Set<string>()
  for (;;) {
    const settled = [...unsettled].filter(
      (r) => !undoing(r).some((u) => unsettled.has(u)) || undoing(r).some((u) => counting.has(u)),
    )
    if (!settled.length) break
    const counted = settled.filter((r) => !undoing(r).some((u) => counting.has(u)))
    for (const record of counted) counting.add(record)
    for (const record of settled) unsettled.delete(record)
  }
  return new Set(withdrawals.filter((r) => counting.has(r.record)).map((r) => r.target))
}

/** The versions of each record: an original and the corrections that hang from it. */
class Versions {
  private readonly original = new Map<string, string>()
  private readonly corrections = new Map<string, string[]>()

  constructor(
    relations: Relation[],
    private readonly withdrawn: Set<string>,
  ) {
    const said = new Map(relations.filter((r) => r.type === 'amends').map((r) => [r.record, r.target]))
    for (const [record, target] of said) {
      if (inCircle(record, said)) continue
      this.original.set(record, target)
      this.corrections.set(target, [...(this.corrections.get(target) ?? []), record])
    }
  }

  /** The first version of a record. */
  root(record: string): string {
    for (let at = record; ; ) {
      const original = this.original.get(at)
      if (original === undefined) return at
      at = original
    }
  }

  /** Not withdrawn, and no correction below it that is not withdrawn. */
  stands(record: string): boolean {
    if (this.withdrawn.has(record)) return false
    const below = [...(this.corrections.get(record) ?? [])]
    for (let next = below.pop(); next !== undefined; next = below.pop()) {
      if (!this.withdrawn.has(next)) return false
      below.push(...(this.corrections.get(next) ?? []))
    }
    return true
  }
}

function inCircle(record: string, original: Map<string, string>): boolean {
  const seen = new Set([record])
  let current = original.get(record) as string
  while (!seen.has(current) && original.has(current)) {
    seen.add(current)
    current = original.get(current) as string
  }
  return current === record
}

/** Group records into events and let one original with its versions count in each. */
function choose(
  touched: Set<string>,
  links: (readonly [string, string])[],
  versions: Versions,
): Map<string, Standing> {
  const roots = new Map([...touched].map((record) => [record, versions.root(record)]))
  const root = (record: string) => roots.get(record) as string
  const standing = new Set([...touched].filter((record) => versions.stands(record)))
  const repeats = new Set(links.filter(([a, b]) => root(a) !== root(b)).map(([, b]) => root(b)))
  const eventOf = join(new Set(roots.values()), links.map(([a, b]) => [root(a), root(b)]))
  const rooted = new Set([...standing].map(root))
  const counting = new Map<string, string>()
  for (const candidate of [...eventOf.keys()].sort((a, b) => Number(repeats.has(a)) - Number(repeats.has(b)) || compare(a, b))) {
    const event = eventOf.get(candidate) as string
    if (rooted.has(candidate) && !counting.has(event)) counting.set(event, candidate)
  }
  return new Map(
    [...roots].map(([record, first]) => {
      const event = eventOf.get(first) as string
      return [record, { stands: standing.has(record) && counting.get(event) === first, event }]
    }),
  )
}

/** Name for each item the smallest id of all items it is joined with. */
function join(items: Set<string>, pairs: [string, string][]): Map<string, string> {
  const name = new Map([...items].map((item) => [item, item]))
  const find = (item: string): string => {
    const named = name.get(item) as string
    return named === item ? item : find(named)
  }
  for (const [a, b] of pairs) {
    const [low, high] = [find(a), find(b)].sort(compare) as [string, string]
    name.set(high, low)
  }
  return new Map([...items].map((item) => [item, find(item)]))
}
