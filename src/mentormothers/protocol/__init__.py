"""The language of care schedules: what is due, for whom, from when, until when, and what ends it.

A protocol is a YAML file that a ministry can read and sign. It is read and checked into frozen nodes; an
engine turns the nodes into rows. Nothing here knows a database.
"""
