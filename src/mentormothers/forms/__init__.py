"""Forms: a country writes an XLSForm; phone and server read from it what a record means.

Marks in the columns `bind::mm:...` say which fact a question states and which answers are identity. The same
rules exist in TypeScript for the phone; both run the vectors in tests/vectors.
"""
