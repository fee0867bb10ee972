// The programme's own vocabulary and protocol, and the vectors that Python runs too.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'
import type { Protocol } from '@/caseload/content'
import type { Vocabulary } from '@/facts/vocabulary'

export function vectors<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`../../tests/vectors/${name}.json`, import.meta.url), 'utf8')) as T
}

export function vocabulary(): Vocabulary {
  const text = readFileSync(new URL('../../programme/vocabulary.yaml', import.meta.url), 'utf8')
  return parse(text, { merge: true }) as Vocabulary
}

const COMPILE = `
import json
from mentormothers.engines.phone import for_phones
from mentormothers.protocol.reading import find_protocol
protocol = find_protocol("ACC-1")
print(json.dumps({"id": protocol.id} | for_phones(protocol)))
`

/** The protocol as phones get it, compiled by Python (build.py says which one). */
export function protocol(): Protocol {
  const python = process.env.PYTHON ?? fileURLToPath(new URL('../../.venv/bin/python', import.meta.url))
  return JSON.parse(execFileSync(python, ['-c', COMPILE], { encoding: 'utf8', maxBuffer: 1e7 })) as Protocol
}
